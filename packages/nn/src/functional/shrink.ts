import { OptionError, type Tensor, where } from "@anneal/tensor";

export interface ShrinkOptions {
  /** Half the width of the range around 0 that becomes 0. @defaultValue 0.5 */
  readonly lambd?: number;
}

/** A soft threshold below 0 would not shrink. */
export function checkSoftshrink(where: string, { lambd = 0.5 }: ShrinkOptions): void {
  if (!(lambd >= 0)) throw new OptionError(where, `lambd is ${lambd}`, "Give a number from 0 on.");
}

/**
 * `x` where it is farther from 0 than `lambd`, 0 elsewhere.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html | torch.nn.functional.hardshrink}
 * @example
 * hardshrink(tensor([-2, 0.3, 0.5, 1])).arraySync(); // => [-2, 0, 0, 1]
 */
export const hardshrink = (x: Tensor, { lambd = 0.5 }: ShrinkOptions = {}): Tensor =>
  where(x.ge(-lambd).logicalAnd(x.le(lambd)), 0, x);

/**
 * `x` moved by `lambd` towards 0, and 0 where that is nearer.
 *
 * @throws {OptionError} if `lambd` is below 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softshrink.html | torch.nn.functional.softshrink}
 * @example
 * softshrink(tensor([-2, 0.3, 0.5, 1])).arraySync(); // => [-1.5, 0, 0, 0.5]
 */
export function softshrink(x: Tensor, { lambd = 0.5 }: ShrinkOptions = {}): Tensor {
  checkSoftshrink("softshrink", { lambd });
  return x.sub(x.clamp({ min: -lambd, max: lambd }));
}

/**
 * `x - tanh(x)`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.tanhshrink.html | torch.nn.functional.tanhshrink}
 * @example
 * tanhshrink(tensor([-1000, 0, 1000])).arraySync(); // => [-999, 0, 999]
 */
export const tanhshrink = (x: Tensor): Tensor => x.sub(x.tanh());
