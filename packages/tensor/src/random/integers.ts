import { type Expr, philoxWords, randintAt } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { fromNumbers } from "../creation/tensor.ts";
import { defaultDevice } from "../devices/default-device.ts";
import type { Tensor } from "../tensor.ts";
import { type Distribution, draw, type RandomOptions } from "./draw.ts";
import { defaultGenerator } from "./generator.ts";

const integers: Distribution = {
  name: "randint",
  parameterType: "i32",
  build: (index, source, [low, high]) => randintAt(index, source, low as Expr, high as Expr),
};

/**
 * Integers drawn evenly from `low` up to `high`, without `high`.
 *
 * @param options - `dtype`: @defaultValue "int32"
 * @throws {OptionError} if the range is empty, or not of int32
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.randint.html | torch.randint}
 * @example
 * const dice = randint(1, 7, [100]);
 */
export function randint(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  const { dtype = "int32", device = defaultDevice(), requiresGrad = false, generator } = options;
  checkShape("randint", shape);
  if (![low, high].every((bound) => bound === (bound | 0)) || low >= high) {
    throw new OptionError(
      "randint",
      `there is no int32 from ${low} up to, not including, ${high}`,
      "Give two integers, the smaller first.",
    );
  }
  const result = draw(integers, shape, dtype, device, generator, [low, high]);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}

/**
 * The integers from 0 to n - 1 in random order.
 *
 * @param options - `dtype`: @defaultValue "int32"
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.randperm.html | torch.randperm}
 * @example
 * manualSeed(0);
 * randperm(4).sort().values.arraySync(); // => [0, 1, 2, 3]
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const { dtype = "int32", device = defaultDevice(), requiresGrad = false, generator = defaultGenerator() } = options;
  checkShape("randperm", [n]);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const [s0, s1, t0, t1] = generator.nextStream();
  // Fisher and Yates's shuffle; exchanging one by one is nothing for a kernel.
  for (let last = n - 1; last > 0; last--) {
    const [high, low] = philoxWords([last, 0, t0, t1], [s0, s1]);
    const chosen = Math.floor(((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53 * (last + 1));
    const moved = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = moved;
  }
  const result = fromNumbers(order, [n], dtype, device);
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
