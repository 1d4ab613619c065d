import { rand, record, type Tensor } from "@anneal/tensor";
import { checkProbability } from "../check-options.ts";

export interface DropoutOptions {
  /** Probability of an element to be dropped, 0 to 1. @defaultValue 0.5 */
  readonly p?: number;
  /** @defaultValue true */
  readonly training?: boolean;
}

/**
 * In training, each element is 0 with probability `p`, the others grow by 1 / (1 - p), so that the mean stays. Otherwise `x` itself. No
 * mask is stored: the backward pass draws the same numbers again.
 *
 * @param x - a float, of any shape
 * @returns the same shape
 * @throws {OptionError} if `p` is not from 0 to 1
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html | torch.nn.functional.dropout}
 * @example
 * dropout(ones([4]), { p: 0.5 }); // for example [2, 0, 0, 2]
 */
export function dropout(x: Tensor, { p = 0.5, training = true }: DropoutOptions = {}): Tensor {
  checkProbability("dropout", "p", p);
  if (!training || p === 0) return x;
  if (p === 1) return x.mul(0);
  const factor = rand(x.shape, { device: x.device })
    .ge(p)
    .to(x.dtype)
    .mul(1 / (1 - p));
  return record("dropout", [x], x.detach().mul(factor), [factor], (grad, [saved]) => [grad.mul(saved as Tensor)]);
}
