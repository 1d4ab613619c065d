import { type GeneratorOption, OptionError, type Tensor } from "@anneal/tensor";
import { fansOf } from "./fans.ts";
import { normal_, uniform_ } from "./fill.ts";
import { calculateGain, type Nonlinearity } from "./gain.ts";

export interface KaimingOptions extends GeneratorOption {
  /** Negative slope of the "leakyRelu" after this layer; 0 for "relu". @defaultValue 0 */
  readonly a?: number;
  /** Keep the variance forwards, "fanIn", or backwards, "fanOut". @defaultValue "fanIn" */
  readonly mode?: "fanIn" | "fanOut";
  /** What comes after this layer. @defaultValue "leakyRelu" */
  readonly nonlinearity?: Nonlinearity;
}

function kaimingStd(where: string, x: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  if (mode !== "fanIn" && mode !== "fanOut") {
    throw new OptionError(where, `mode is "${String(mode satisfies never)}"`, 'Give "fanIn" or "fanOut".');
  }
  const fan = fansOf(where, x)[mode];
  const gain = calculateGain(nonlinearity, a);
  if (x.numel > 0) return gain / Math.sqrt(fan);
  console.warn(`${where}: x [${x.shape.join(", ")}] has no elements, so there is nothing to initialise.`);
  return 0;
}

/**
 * In place: numbers drawn evenly from ±gain · √(3 / fan). Also called He initialization.
 *
 * @param x - [out, in, ...]
 * @throws {ShapeError} if it has fewer than two dimensions
 * @throws {OptionError} if an option is not known
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_ | torch.nn.init.kaiming_uniform_}
 * @see {@link https://arxiv.org/abs/1502.01852 | Delving Deep into Rectifiers, He et al. 2015}
 * @example
 * init.kaimingUniform_(empty([3, 5]), { nonlinearity: "relu" });
 */
export function kaimingUniform_<T extends Tensor>(x: T, options: KaimingOptions = {}): T {
  const bound = Math.sqrt(3) * kaimingStd("kaimingUniform_", x, options);
  return uniform_(x, { ...generatorOf(options), a: -bound, b: bound });
}

/**
 * In place: normal numbers with the standard deviation gain / √fan. Also called He initialization.
 *
 * @param x - [out, in, ...]
 * @throws {ShapeError} if it has fewer than two dimensions
 * @throws {OptionError} if an option is not known
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_ | torch.nn.init.kaiming_normal_}
 * @see {@link https://arxiv.org/abs/1502.01852 | Delving Deep into Rectifiers, He et al. 2015}
 * @example
 * const conv = new Conv2d(3, 16, 3);
 * init.kaimingNormal_(conv.weight, { mode: "fanOut", nonlinearity: "relu" });
 */
export const kaimingNormal_ = <T extends Tensor>(x: T, options: KaimingOptions = {}): T =>
  normal_(x, { ...generatorOf(options), std: kaimingStd("kaimingNormal_", x, options) });

const generatorOf = ({ generator }: GeneratorOption): GeneratorOption => (generator ? { generator } : {});
