import { type Tensor, where } from "@anneal/tensor";
import { checkNumber } from "../../check-options.ts";
import { checkSameShape } from "./check-shapes.ts";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

export interface PoissonNLLLossOptions extends LossOptions {
  /** Is the input the logarithm of the expected number? @defaultValue true */
  readonly logInput?: boolean;
  /** Add Stirling's approximation of `log target!`, which does not depend on the input. @defaultValue false */
  readonly full?: boolean;
  /** Added to an input that is no logarithm, so that there is one of 0. @defaultValue 1e-8 */
  readonly eps?: number;
}

/** @throws {OptionError} if one is out of its range */
export function poissonNllLossOptions(
  where: string,
  { logInput = true, full = false, eps = 1e-8, reduction = "mean" }: PoissonNLLLossOptions,
): Required<PoissonNLLLossOptions> {
  checkReduction(where, reduction);
  checkNumber(where, "eps", eps, { from: 0 });
  return { logInput, full, eps, reduction };
}

/**
 * Negative log likelihood of a count under a Poisson distribution: `exp(input) - target input`, or `input - target log(input + eps)`
 * without `logInput`; without the constant `log target!` unless `full`. Shapes that differ are an error here, where PyTorch broadcasts.
 *
 * @param input - the logarithm of the expected number (or that number), of any shape
 * @param target - counts, of the same shape
 * @returns a scalar, or the losses, shaped like `input`, if reduction is "none"
 * @throws {ShapeError} if the shapes differ
 * @throws {OptionError} if an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html | torch.nn.functional.poisson_nll_loss}
 * @example
 * await poissonNllLoss(tensor([0]), tensor([3])).item(); // => 1
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNLLLossOptions = {}): Tensor {
  const { logInput, full, eps, reduction } = poissonNllLossOptions("poissonNllLoss", options);
  checkSameShape("poissonNllLoss", input, target);
  const losses = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
  return reduced(full ? losses.add(stirling(target)) : losses, reduction);
}

/** `n log n - n + log(2πn) / 2`; 0 up to n = 1, where `log n!` is 0 and the approximation poor. */
function stirling(n: Tensor): Tensor {
  const large = n.gt(1);
  // 2 stands for what does not count: the logarithm of 0 would make its gradient NaN.
  const safe = where(large, n, 2);
  const logFactorial = safe
    .mul(safe.log())
    .sub(safe)
    .add(
      safe
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return where(large, logFactorial, 0);
}
