import { noGrad, type Tensor } from "@anneal/tensor";
import { checkNumber } from "../check-options.ts";
import { gradientsOf } from "./gradients.ts";

/**
 * Cut each number of the gradients to ±clipValue, in place.
 *
 * @param parameters - one or several; those without a gradient are passed over
 * @param clipValue - from 0 on
 * @throws {OptionError} if `clipValue` is below 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html | torch.nn.utils.clip_grad_value_}
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * w.mul(tensor([3, -0.5])).sum().backward();
 * clipGradValue_(w, 1);
 * w.grad?.arraySync(); // => [1, -0.5]
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  checkNumber("clipGradValue_", "clipValue", clipValue, { from: 0 });
  noGrad(() => {
    for (const gradient of gradientsOf("clipGradValue_", parameters)) {
      gradient.clamp_({ min: -clipValue, max: clipValue }).realize();
    }
  });
}
