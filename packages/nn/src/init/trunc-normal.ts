import {
  type GeneratorOption,
  OptionError,
  type RandomOptions,
  rand,
  randn,
  type Shape,
  scope,
  type Tensor,
  tensor,
  where,
} from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { inPlace } from "./in-place.ts";

export interface TruncNormalOptions extends GeneratorOption {
  /** Of the distribution before it is cut. @defaultValue 0 */
  readonly mean?: number;
  /** Standard deviation before it is cut, in the units of the numbers. @defaultValue 1 */
  readonly std?: number;
  /** The smallest number, not counted in standard deviations. @defaultValue -2 */
  readonly a?: number;
  /** The largest number. @defaultValue 2 */
  readonly b?: number;
}

/**
 * In place: numbers of the normal distribution, those outside of [a, b] drawn again until they are inside.
 *
 * Computed on the host where the device cannot be read at once.
 *
 * @throws {OptionError} if `std` is not above 0, or `b` is below `a`
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_ | torch.nn.init.trunc_normal_}
 * @see {@link https://arxiv.org/abs/0907.4010 | Simulation of truncated normal variables, Robert 1995}
 * @example
 * init.truncNormal_(empty([3, 5]), { std: 0.02, a: -0.04, b: 0.04 });
 */
export function truncNormal_<T extends Tensor>(x: T, options: TruncNormalOptions = {}): T {
  const { mean = 0, std = 1, a = -2, b = 2, ...generator } = options;
  if (!(std > 0)) throw new OptionError("truncNormal_", `std is ${std}`, "Give a number above 0.");
  if (!(a <= b)) throw new OptionError("truncNormal_", `nothing lies from ${a} to ${b}`, "Give a below b.");
  return inPlace(x, () => {
    const device = x.device.readSync ? x.device : reference();
    const dtype = x.dtype === "float64" && device.info.dtypes.has("float64") ? "float64" : "float32";
    const proposal = proposalFor((a - mean) / std, (b - mean) / std);
    const z = drawFrom(proposal, x.shape, { dtype, device, ...generator });
    // Rounding may step over a bound.
    return x.copy_(z.mul(std).add(mean).clamp({ min: a, max: b }));
  });
}

/** A way to draw standard normal numbers from an interval: draw others, and some of them again. */
interface Proposal {
  readonly propose: (shape: Shape, options: RandomOptions) => Tensor;
  /** Where to draw again; `uniform` are numbers from [0, 1). */
  readonly misses: (z: Tensor, uniform: () => Tensor) => Tensor;
}

function proposalFor(low: number, high: number): Proposal {
  if (probabilityBetween(low, high) > 0.3) return fromNormal(low, high);
  return low > 0 || high < 0 ? fromExponential(low, high) : fromUniform(low, high);
}

function drawFrom({ propose, misses }: Proposal, shape: Shape, options: RandomOptions): Tensor {
  const uniform = (): Tensor => rand(shape, options);
  let drawn = propose(shape, options).realize();
  let wrong = misses(drawn, uniform).realize();
  while (wrong.any().itemSync()) {
    const before = [drawn, wrong];
    [drawn, wrong] = scope(() => {
      const again = propose(shape, options);
      return [where(wrong, again, drawn).realize(), wrong.logicalAnd(misses(again, uniform)).realize()];
    });
    for (const each of before) each.dispose();
  }
  return drawn;
}

/** Where most numbers are inside already. */
const fromNormal = (low: number, high: number): Proposal => ({
  propose: randn,
  misses: (z) => z.lt(low).logicalOr(z.gt(high)),
});

/** A narrow interval around the mean: evenly, kept with a probability that falls as the density does. */
const fromUniform = (low: number, high: number): Proposal => ({
  propose: (shape, options) =>
    rand(shape, options)
      .mul(high - low)
      .add(low),
  misses: (z, uniform) => uniform().log().gt(z.square().mul(-0.5)),
});

/** A tail, where the density falls nearly as an exponential does: at the best rate for that at least 3 of 4 are kept. */
function fromExponential(low: number, high: number): Proposal {
  const side = low > 0 ? 1 : -1;
  const [near, far] = low > 0 ? [low, high] : [-high, -low];
  const rate = (near + Math.sqrt(near ** 2 + 4)) / 2;
  const inside = -Math.expm1(-rate * (far - near));
  // What is kept most surely is nearest to the rate.
  const gap = Math.max(0, rate - far) ** 2;
  return {
    propose: (shape, options) => rand(shape, options).mul(-inside).log1p().div(-rate).add(near).mul(side),
    misses: (z, uniform) => uniform().log().gt(z.mul(side).sub(rate).square().sub(gap).mul(-0.5)),
  };
}

/** Of the standard normal distribution. */
function probabilityBetween(low: number, high: number): number {
  const [below = 0, above = 0] = tensor([low, high], { dtype: "float64", device: reference() })
    .div(Math.SQRT2)
    .erf()
    .dataSync();
  return (Number(above) - Number(below)) / 2;
}
