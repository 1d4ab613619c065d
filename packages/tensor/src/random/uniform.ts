import { type Expr, expr, uniformAt } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { inPlace } from "../primitives/assign.ts";
import type { Tensor } from "../tensor.ts";
import { checkFloating, type Distribution, draw, type RandomOptions } from "./draw.ts";
import type { Generator } from "./generator.ts";

const unit: Distribution = { name: "rand", build: (index, source, _, type) => uniformAt(index, source, type) };

const between: Distribution = {
  name: "uniform",
  build: (index, source, [low, size], type) =>
    expr.add(low as Expr, expr.mul(uniformAt(index, source, type), size as Expr)),
};

/**
 * Numbers drawn evenly from [0, 1).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.rand.html | torch.rand}
 * @example
 * manualSeed(0);
 * rand([2, 3]).shape; // => [2, 3]
 */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  const { dtype = "float32", device = defaultDevice(), requiresGrad = false, generator } = options;
  checkShape("rand", shape);
  checkFloating("rand", dtype);
  const result = draw(unit, shape, dtype, device, generator);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/** {@link rand} of the shape, dtype and device of `x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.rand_like.html | torch.rand_like} */
export const randLike = (x: Tensor, options: RandomOptions = {}): Tensor =>
  rand(x.shape, { dtype: x.dtype, device: x.device, ...options });

/**
 * In place: numbers drawn evenly from [from, to).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html | torch.Tensor.uniform_}
 * @example
 * zeros([3]).uniform_(-1, 1);
 */
export const uniform_: (x: Tensor, from?: number, to?: number, options?: { readonly generator?: Generator }) => Tensor =
  inPlace("uniform_", (x, from = 0, to = 1, { generator } = {}) => {
    checkFloating("uniform_", x.dtype);
    if (!(from <= to))
      throw new OptionError("uniform_", `nothing lies from ${from} to ${to}`, "Give the smaller number first.");
    return draw(between, x.shape, x.dtype, x.device, generator, [from, to - from]);
  });
