import { bernoulliAt, type Expr } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { defaultDevice } from "../devices/default-device.ts";
import { checkFits, inPlace } from "../primitives/assign.ts";
import { castValue, sourceOf } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import { checkFloating, type Distribution, draw, type RandomOptions } from "./draw.ts";

const coins: Distribution = {
  name: "bernoulli",
  build: (index, source, [p]) => bernoulliAt(index, source, p as Expr),
};

export type GeneratorOption = Pick<RandomOptions, "generator">;

function checkProbability(where: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new OptionError(where, `p is ${p}`, "Give a probability from 0 to 1.");
}

/**
 * 1 with probability `p`, else 0: a probability for each element, in its dtype; or one for all, and a shape.
 *
 * @param p - floats from 0 to 1 (what is outside counts as the nearer of them, NaN as 0)
 * @throws {OptionError} if a number `p` is outside
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bernoulli.html | torch.bernoulli}
 * @example
 * bernoulli(tensor([0, 1])).arraySync(); // => [0, 1]
 * const mask = bernoulli(0.9, [32, 10], { dtype: "bool" });
 */
export function bernoulli(p: Tensor, options?: GeneratorOption): Tensor;
export function bernoulli(p: number, shape: Shape, options?: RandomOptions): Tensor;
export function bernoulli(p: Tensor | number, ...rest: (Shape | RandomOptions | undefined)[]): Tensor {
  if (p instanceof Tensor) {
    const [options = {}] = rest as [GeneratorOption?];
    checkFloating("bernoulli", p.dtype);
    return draw(coins, p.shape, p.dtype, p.device, options.generator, [], [sourceOf(p)]);
  }
  const [shape, options = {}] = rest as [Shape, RandomOptions?];
  const { dtype = "float32", device = defaultDevice(), requiresGrad = false, generator } = options;
  checkShape("bernoulli", shape);
  checkProbability("bernoulli", p);
  const result = draw(coins, shape, dtype, device, generator, [p]);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/**
 * In place: 1 with probability `p`, else 0, in any dtype.
 *
 * @param p - a number from 0 to 1, or a tensor of them that broadcasts to this shape
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.bernoulli_.html | torch.Tensor.bernoulli_}
 */
export const bernoulli_: (x: Tensor, p?: Tensor | number, options?: GeneratorOption) => Tensor = inPlace(
  "bernoulli_",
  (x, p: Tensor | number = 0.5, { generator }: GeneratorOption = {}) => {
    if (typeof p === "number") {
      checkProbability("bernoulli_", p);
      return draw(coins, x.shape, x.dtype, x.device, generator, [p]);
    }
    checkFits("bernoulli_", p.shape, x.shape);
    const probabilities = castValue(p, x.dtype === "float64" ? "float64" : "float32").expand(x.shape);
    return draw(coins, x.shape, x.dtype, x.device, generator, [], [sourceOf(probabilities)]);
  },
);
