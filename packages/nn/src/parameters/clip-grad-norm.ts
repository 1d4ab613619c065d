import { GradientError, noGrad, OptionError, scope, stack, type Tensor, tensor } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";
import { gradientsOf, listOf } from "./gradients.ts";

export interface TotalNormOptions {
  /** Order of the norm: `(Σ |x|^p)^(1/p)`; Infinity for the largest |x|. @defaultValue 2 */
  readonly normType?: number;
  /** Throw if the norm is NaN or infinite, which takes a device that can be read at once. @defaultValue false */
  readonly errorIfNonfinite?: boolean;
}

/**
 * The norm of all numbers of some tensors, as if they were one vector; nothing is read from the device.
 *
 * @param tensors - one or several; gradients, most often
 * @returns a scalar, on the device of the first; 0 if there is none
 * @throws {GradientError} if the norm is not finite and `errorIfNonfinite` asks for that
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.get_total_norm.html | torch.nn.utils.get_total_norm}
 * @example
 * await getTotalNorm([tensor([3]), tensor([[0, 4]])]).item(); // => 5
 */
export function getTotalNorm(tensors: Tensor | Iterable<Tensor>, options: TotalNormOptions = {}): Tensor {
  return totalNorm("getTotalNorm", listOf(tensors), options);
}

function totalNorm(where: string, tensors: readonly Tensor[], options: TotalNormOptions): Tensor {
  const { normType: p = 2, errorIfNonfinite = false } = options;
  if (Number.isNaN(p)) throw new OptionError(where, "normType is NaN", "Give a number; Infinity is one.");
  const [first] = tensors;
  if (!first) return tensor(0);
  const total = scope(() =>
    noGrad(() =>
      stack(tensors.map((each) => each.norm({ p }).to(first.device)))
        .norm({ p })
        .realize(),
    ),
  );
  if (errorIfNonfinite && !Number.isFinite(total.itemSync())) {
    throw new GradientError(
      where,
      `the total norm of order ${p} is ${total.itemSync()}, so nothing can be scaled by it`,
      "Look for what made it so, or leave out errorIfNonfinite to go on with such gradients.",
    );
  }
  return total;
}

/**
 * Make gradients shorter in place, all by one factor, so that their total norm is at most `maxNorm`:
 * `grad * min(1, maxNorm / (norm + 1e-6))`. Nothing is read from the device. A norm that is NaN makes all of them NaN.
 *
 * Between `backward()` and the optimizer's step.
 *
 * @param parameters - one or several; those without a gradient are passed over
 * @param maxNorm - from 0 on
 * @returns the norm before, a scalar
 * @throws {OptionError} if `maxNorm` is below 0
 * @throws {GradientError} if the norm is not finite and `errorIfNonfinite` asks for that; gradients are as they were then
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html | torch.nn.utils.clip_grad_norm_}
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * w.mul(tensor([30, 40])).sum().backward();
 * const norm = clipGradNorm_(w, 1); // 50
 * w.grad?.arraySync(); // => [0.6, 0.8]
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: TotalNormOptions = {},
): Tensor {
  checkNumber("clipGradNorm_", "maxNorm", maxNorm, { from: 0 });
  const gradients = gradientsOf("clipGradNorm_", parameters);
  const norm = totalNorm("clipGradNorm_", gradients, options);
  scaleTo(gradients, maxNorm, norm);
  return norm;
}

/**
 * {@link clipGradNorm_} with a total norm that is known already, such as one of gradients on several machines.
 *
 * @param parameters - one or several; those without a gradient are passed over
 * @param maxNorm - from 0 on
 * @param totalNorm - a scalar
 * @throws {OptionError} if `maxNorm` is below 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grads_with_norm_.html | torch.nn.utils.clip_grads_with_norm_}
 * @example
 * const w = tensor([1], { requiresGrad: true });
 * w.mul(8).backward();
 * clipGradsWithNorm_(w, 1, tensor(16));
 * w.grad?.arraySync(); // => [0.5]
 */
export function clipGradsWithNorm_(parameters: Tensor | Iterable<Tensor>, maxNorm: number, totalNorm: Tensor): void {
  checkNumber("clipGradsWithNorm_", "maxNorm", maxNorm, { from: 0 });
  scaleTo(gradientsOf("clipGradsWithNorm_", parameters), maxNorm, totalNorm);
}

function scaleTo(gradients: readonly Tensor[], maxNorm: number, norm: Tensor): void {
  scope(() =>
    noGrad(() => {
      const factor = norm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 }).realize();
      // Multiplied in even if it is 1: whether it is, nobody knows without reading.
      for (const gradient of gradients) gradient.mul_(factor.to(gradient.device)).realize();
    }),
  );
}
