import {
  avgPool1d,
  avgPool2d,
  avgPool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  OptionError,
  type Tensor,
  where,
} from "@anneal/tensor";
import { type Sizes, sizesOf } from "../check-sizes.ts";

export interface LpPoolOptions<Size extends Sizes = Sizes> {
  /** Distance between windows. @defaultValue the kernel size */
  readonly stride?: Size;
  /** Let the last window reach over the end. @defaultValue false */
  readonly ceilMode?: boolean;
}

type Pool = (x: Tensor, kernelSize: Sizes, options: LpPoolOptions) => Tensor;

/** The p of a p-norm: any number but 0. */
export function checkNormType(where: string, normType: number): void {
  if (normType === 0 || Number.isNaN(normType)) {
    throw new OptionError(where, `normType is ${normType}`, "Give a number other than 0; Infinity is one.");
  }
}

function lpPool(
  name: string,
  rank: number,
  { mean, max }: { readonly mean: Pool; readonly max: Pool },
  x: Tensor,
  normType: number,
  kernelSize: Sizes,
  options: LpPoolOptions,
): Tensor {
  checkNormType(name, normType);
  if (normType === Infinity) return max(x.abs(), kernelSize, options);
  if (normType === -Infinity) return max(x.abs().neg(), kernelSize, options).neg();
  const places = sizesOf(kernelSize, rank).reduce((product, size) => product * size, 1);
  // A window that reaches over the end counts as if it were full of its mean, as in PyTorch.
  const sum = mean(x.pow(normType), kernelSize, options).mul(places);
  // At 0 a root has no slope; PyTorch takes 0.
  const none = sum.eq(0);
  return where(none, 0 ** (1 / normType), where(none, 1, sum).pow(1 / normType));
}

/**
 * The p-norm of each window of a sequence. See {@link lpPool2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @returns [N, C, OL]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool1d.html | torch.nn.functional.lp_pool1d}
 */
export const lpPool1d = (x: Tensor, normType: number, kernelSize: Sizes, options: LpPoolOptions = {}): Tensor =>
  lpPool("lpPool1d", 1, { mean: avgPool1d, max: maxPool1d }, x, normType, kernelSize, options);

/**
 * The p-norm of each window, `(Σ xᵖ)^(1/p)`: of the numbers as they are, so that an odd p takes negative ones from the sum. In ceil mode a
 * window that reaches over the end counts as if it were full of its mean.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param normType - p: any number but 0, or Infinity
 * @param kernelSize - of a window, one number or [height, width]
 * @returns [N, C, OH, OW]; where the sum is 0 the gradient is 0
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html | torch.nn.functional.lp_pool2d}
 * @example
 * functional.lpPool2d(tensor([[[3, 0], [0, 4]]]), 2, 2).arraySync(); // => [[[5]]]
 */
export const lpPool2d = (x: Tensor, normType: number, kernelSize: Sizes, options: LpPoolOptions = {}): Tensor =>
  lpPool("lpPool2d", 2, { mean: avgPool2d, max: maxPool2d }, x, normType, kernelSize, options);

/**
 * The p-norm of each window of a volume. See {@link lpPool2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @returns [N, C, OD, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html | torch.nn.LPPool3d}
 */
export const lpPool3d = (x: Tensor, normType: number, kernelSize: Sizes, options: LpPoolOptions = {}): Tensor =>
  lpPool("lpPool3d", 3, { mean: avgPool3d, max: maxPool3d }, x, normType, kernelSize, options);
