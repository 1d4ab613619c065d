import type { GeneratorOption, Tensor } from "@anneal/tensor";
import { fansOf } from "./fans.ts";
import { normal_, uniform_ } from "./fill.ts";

export interface XavierOptions extends GeneratorOption {
  /** A factor, as {@link calculateGain} gives it. @defaultValue 1 */
  readonly gain?: number;
}

/** Standard deviation that keeps the variance forwards and backwards, as far as both can be had. */
function xavierStd(where: string, x: Tensor, gain: number): number {
  const { fanIn, fanOut } = fansOf(where, x);
  // Without elements there may be nothing to divide by, and nothing to draw.
  return x.numel === 0 ? 0 : gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * In place: numbers drawn evenly from ±gain · √(6 / (fanIn + fanOut)). Also called Glorot initialization.
 *
 * @param x - [out, in, ...]
 * @throws {ShapeError} if it has fewer than two dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_ | torch.nn.init.xavier_uniform_}
 * @see {@link https://proceedings.mlr.press/v9/glorot10a.html | Glorot & Bengio 2010}
 * @example
 * init.xavierUniform_(empty([3, 5]), { gain: init.calculateGain("relu") });
 */
export function xavierUniform_<T extends Tensor>(x: T, { gain = 1, ...generator }: XavierOptions = {}): T {
  const bound = Math.sqrt(3) * xavierStd("xavierUniform_", x, gain);
  return uniform_(x, { a: -bound, b: bound, ...generator });
}

/**
 * In place: normal numbers with the standard deviation gain · √(2 / (fanIn + fanOut)). Also called Glorot initialization.
 *
 * @param x - [out, in, ...]
 * @throws {ShapeError} if it has fewer than two dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_ | torch.nn.init.xavier_normal_}
 * @see {@link https://proceedings.mlr.press/v9/glorot10a.html | Glorot & Bengio 2010}
 * @example
 * init.xavierNormal_(empty([3, 5]));
 */
export const xavierNormal_ = <T extends Tensor>(x: T, { gain = 1, ...generator }: XavierOptions = {}): T =>
  normal_(x, { std: xavierStd("xavierNormal_", x, gain), ...generator });
