import type { GeneratorOption, Tensor } from "@anneal/tensor";
import { inPlace } from "./in-place.ts";

export interface UniformOptions extends GeneratorOption {
  /** The smallest number. @defaultValue 0 */
  readonly a?: number;
  /** What all numbers stay below. @defaultValue 1 */
  readonly b?: number;
}

/**
 * In place: numbers drawn evenly from [a, b).
 *
 * @throws {OptionError} if `b` is below `a`
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_ | torch.nn.init.uniform_}
 * @example
 * init.uniform_(empty([3, 5]), { a: -0.1, b: 0.1 });
 */
export const uniform_ = <T extends Tensor>(x: T, { a = 0, b = 1, ...generator }: UniformOptions = {}): T =>
  inPlace(x, () => x.uniform_(a, b, generator));

export interface NormalOptions extends GeneratorOption {
  /** @defaultValue 0 */
  readonly mean?: number;
  /** Standard deviation. @defaultValue 1 */
  readonly std?: number;
}

/**
 * In place: numbers of the normal distribution.
 *
 * @throws {OptionError} if `std` is below 0
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_ | torch.nn.init.normal_}
 * @example
 * init.normal_(empty([3, 5]), { std: 0.02 });
 */
export const normal_ = <T extends Tensor>(x: T, { mean = 0, std = 1, ...generator }: NormalOptions = {}): T =>
  inPlace(x, () => x.normal_(mean, std, generator));

/** In place: `value` everywhere. @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_ | torch.nn.init.constant_} */
export const constant_ = <T extends Tensor>(x: T, value: number): T => inPlace(x, () => x.fill_(value));

/** In place: 1 everywhere. @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.ones_ | torch.nn.init.ones_} */
export const ones_ = <T extends Tensor>(x: T): T => constant_(x, 1);

/** In place: 0 everywhere. @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_ | torch.nn.init.zeros_} */
export const zeros_ = <T extends Tensor>(x: T): T => constant_(x, 0);
