import { type Expr, expr } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { where } from "./where.ts";

/** `scale * x` above 0, `scale * alpha * (e^(rate x) - 1)` below. */
const exponentialLinear = unary({
  name: "elu",
  takes: "floats",
  parameters: 3,
  build: (x, parameters) => {
    const [alpha, scale, rate] = parameters as [Expr, Expr, Expr];
    const zero = expr.constant(x.type, 0);
    // Above 0 the exponential may overflow, so it is not asked for there.
    const below = expr.mul(expr.mul(alpha, scale), expr.unary("expm1", expr.mul(expr.min(x, zero), rate)));
    return expr.select(expr.gt(x, zero), expr.mul(x, scale), below);
  },
  cost: 20,
  backward: (grad, x, parameters) => {
    const [alpha, scale, rate] = parameters as [number, number, number];
    const below = x
      .clamp({ max: 0 })
      .mul(rate)
      .exp()
      .mul(alpha * scale * rate);
    return grad.mul(where(x.gt(0), scale, below));
  },
});

export interface AlphaOption {
  /** @defaultValue 1 */
  readonly alpha?: number;
}

/**
 * `x` above 0, `alpha (e^x - 1)` below.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.elu.html | torch.nn.functional.elu}
 * @see {@link https://arxiv.org/abs/1511.07289 | ELU, Clevert et al. 2015}
 */
export const elu = (x: Tensor, { alpha = 1 }: AlphaOption = {}): Tensor => exponentialLinear(x, alpha, 1, 1);

/**
 * `x` above 0, `alpha (e^(x / alpha) - 1)` below: smooth at 0 for every alpha.
 *
 * @throws {OptionError} if `alpha` is 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.celu.html | torch.nn.functional.celu}
 * @see {@link https://arxiv.org/abs/1704.07483 | CELU, Barron 2017}
 */
export function celu(x: Tensor, { alpha = 1 }: AlphaOption = {}): Tensor {
  if (alpha === 0) throw new OptionError("celu", "alpha is 0", "It divides: give another number, or use relu.");
  return exponentialLinear(x, alpha, 1, 1 / alpha);
}

/**
 * {@link elu} with the alpha and scale that keep mean 0 and variance 1 from layer to layer.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.selu.html | torch.nn.functional.selu}
 * @see {@link https://arxiv.org/abs/1706.02515 | SELU, Klambauer et al. 2017}
 */
export const selu = (x: Tensor): Tensor => exponentialLinear(x, 1.6732632423543772, 1.0507009873554805, 1);

/** In place: {@link elu}. */
export const elu_: (x: Tensor, options?: AlphaOption) => Tensor = inPlace("elu_", elu);
