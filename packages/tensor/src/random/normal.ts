import { type Expr, expr, normalAt } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { inPlace } from "../primitives/assign.ts";
import type { Tensor } from "../tensor.ts";
import { checkFloating, type Distribution, draw, type RandomOptions } from "./draw.ts";
import type { Generator } from "./generator.ts";

const standard: Distribution = { name: "randn", build: (index, source, _, type) => normalAt(index, source, type) };

const shifted: Distribution = {
  name: "normal",
  build: (index, source, [mean, std], type) =>
    expr.add(mean as Expr, expr.mul(normalAt(index, source, type), std as Expr)),
};

/**
 * Numbers of the normal distribution with mean 0 and variance 1.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.randn.html | torch.randn}
 * @example
 * manualSeed(0);
 * randn([2, 3]).shape; // => [2, 3]
 */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  const { dtype = "float32", device = defaultDevice(), requiresGrad = false, generator } = options;
  checkShape("randn", shape);
  checkFloating("randn", dtype);
  const result = draw(standard, shape, dtype, device, generator);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/** {@link randn} of the shape, dtype and device of `x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.randn_like.html | torch.randn_like} */
export const randnLike = (x: Tensor, options: RandomOptions = {}): Tensor =>
  randn(x.shape, { dtype: x.dtype, device: x.device, ...options });

/**
 * In place: numbers of the normal distribution.
 *
 * @param std - standard deviation, at least 0
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.normal_.html | torch.Tensor.normal_}
 * @example
 * zeros([3]).normal_(5, 0.1);
 */
export const normal_: (x: Tensor, mean?: number, std?: number, options?: { readonly generator?: Generator }) => Tensor =
  inPlace("normal_", (x, mean = 0, std = 1, { generator } = {}) => {
    checkFloating("normal_", x.dtype);
    if (!(std >= 0)) throw new OptionError("normal_", `std is ${std}`, "Give a number from 0 on.");
    return draw(shifted, x.shape, x.dtype, x.device, generator, [mean, std]);
  });
