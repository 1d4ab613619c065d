import { ShapeError, type Tensor } from "@anneal/tensor";

/** @throws {ShapeError} if these are not images, channels first */
export function checkImages(where: string, images: Tensor): void {
  if (images.ndim === 3 || images.ndim === 4) return;
  throw new ShapeError(
    where,
    `images has the shape [${images.shape.join(", ")}]`,
    "It takes [N, C, H, W], or one image, [C, H, W].",
  );
}
