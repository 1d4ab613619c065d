import { ShapeError, type Tensor } from "@anneal/tensor";

/** As users write it: `[2, 3]`. */
export const shapeText = ({ shape }: { readonly shape: readonly number[] }): string => `[${shape.join(", ")}]`;

/** @throws {ShapeError} if a target is not shaped like its input: [N] beside [N, 1] would broadcast to [N, N], and nobody would notice */
export function checkSameShape(
  where: string,
  input: Tensor,
  target: Tensor,
  [inputName, targetName]: readonly [string, string] = ["input", "target"],
): void {
  if (shapeText(input) === shapeText(target)) return;
  throw new ShapeError(
    where,
    `${inputName} ${shapeText(input)} and ${targetName} ${shapeText(target)} have different shapes`,
    input.numel === target.numel
      ? `Give one the shape of the other: ${targetName}.reshape(${shapeText(input)}).`
      : `They are not broadcast; if that is what you want, ${targetName}.expand(${shapeText(input)}) says so.`,
  );
}

/** @throws {ShapeError} if a weight cannot be spread over the losses */
export function checkSpreads(where: string, name: string, weight: Tensor | null, input: Tensor): void {
  if (!weight) return;
  const offset = input.ndim - weight.ndim;
  if (offset >= 0 && weight.shape.every((size, d) => size === 1 || size === input.shape[offset + d])) return;
  throw new ShapeError(
    where,
    `${name} ${shapeText(weight)} does not broadcast to the input ${shapeText(input)}`,
    "Each of its sizes must be 1 or the input's, counted from the last.",
  );
}
