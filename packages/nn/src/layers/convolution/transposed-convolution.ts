import { type ConvTransposeOptions as ConvTransposeFunctionOptions, OptionError, type Tensor } from "@anneal/tensor";
import { shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { checkSizes, type Sizes, sizesOf } from "../../check-sizes.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { type ConvBaseOptions, type ConvSizes, checkConv, shownSizes, startingParameters } from "./conv-options.ts";

export interface ConvTransposeOptions<Size extends Sizes> extends ConvBaseOptions<Size> {
  /** What the result lacks on both sides, for the border that the convolution had. @defaultValue 0 */
  readonly padding?: Size;
  /** Elements added at the end, where several input sizes give one output size: less than stride or dilation. @defaultValue 0 */
  readonly outputPadding?: Size;
  /** There is no other. @defaultValue "zeros" */
  readonly paddingMode?: "zeros";
}

/** What `forward` of a transposed convolution takes. */
export interface OutputSizeOption {
  /** Sizes of the result, in place of `outputPadding`: those of its spatial dimensions, or its whole shape. */
  readonly outputSize?: readonly number[] | undefined;
}

type AllOptions = Required<ConvTransposeOptions<Sizes>>;

const defaults: AllOptions = {
  stride: 1,
  padding: 0,
  outputPadding: 0,
  dilation: 1,
  groups: 1,
  bias: true,
  paddingMode: "zeros",
};

type Convolve = (x: Tensor, weight: Tensor, options: ConvTransposeFunctionOptions) => Tensor;

/** A transposed convolution over so many dimensions, and the function that computes it. */
export abstract class TransposedConvolution extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly #convolve: Convolve;
  readonly #sizes: ConvSizes;
  readonly #options: AllOptions;

  constructor(rank: 1 | 2 | 3, convolve: Convolve, sizes: ConvSizes, given: ConvTransposeOptions<Sizes>) {
    super();
    const options = withDefaults(defaults, given);
    checkConv(this.constructor.name, rank, sizes, options);
    checkPadding(this.constructor.name, rank, options);
    this.#convolve = convolve;
    this.#sizes = sizes;
    this.#options = options;
    const { inChannels, outChannels, kernelSize } = sizes;
    const shape = [inChannels, outChannels / options.groups, ...sizesOf(kernelSize, rank)];
    const { weight, bias } = startingParameters(shape, options.bias ? outChannels : null);
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * @param x - [N, in, ...] or [in, ...]
   * @param options - `outputSize`: the sizes of the result, where several are possible
   * @returns [N, out, ...] or [out, ...]
   * @throws {OptionError} if the result cannot have the sizes asked for
   */
  forward(x: Tensor, { outputSize }: OutputSizeOption = {}): Tensor {
    const { stride, padding, dilation, groups } = this.#options;
    // Read once: it may be computed each time.
    const { weight, bias } = this;
    // What has too few dimensions is for the function to refuse.
    const sized = outputSize && x.ndim >= weight.ndim - 1;
    const outputPadding = sized ? this.#extra(x, weight.shape.slice(2), outputSize) : this.#options.outputPadding;
    return this.#convolve(x, weight, { stride, padding, outputPadding, dilation, groups, bias });
  }

  /** How many elements at the end make these sizes. */
  #extra(x: Tensor, kernel: readonly number[], outputSize: readonly number[]): number[] {
    const rank = kernel.length;
    const stride = sizesOf(this.#options.stride, rank);
    const padding = sizesOf(this.#options.padding, rank);
    const dilation = sizesOf(this.#options.dilation, rank);
    const least = kernel.map((size, i) => {
      const reach = (dilation[i] as number) * (size - 1) + 1;
      return ((x.shape.at(i - rank) as number) - 1) * (stride[i] as number) - 2 * (padding[i] as number) + reach;
    });
    const most = least.map((size, i) => size + (stride[i] as number) - 1);
    const asked = outputSize.length === x.ndim ? outputSize.slice(-rank) : outputSize;
    const fits = asked.every(
      (size, i) => Number.isInteger(size) && size >= (least[i] as number) && size <= (most[i] as number),
    );
    if (asked.length !== rank || !fits) {
      throw new OptionError(
        this.constructor.name,
        `outputSize is ${shown(outputSize)}`,
        `From x ${shown(x.shape)} it can make sizes from ${shown(least)} to ${shown(most)}.`,
      );
    }
    return asked.map((size, i) => size - (least[i] as number));
  }

  /** Each number of the input meets each tap of its channel. */
  override macs([x]: readonly [Tensor]): number {
    return (x.numel * this.weight.numel) / this.#sizes.inChannels;
  }

  protected override extraRepr(): string {
    return shownArguments(shownSizes(this.#sizes), shownOptions(this.#options, defaults));
  }
}

function checkPadding(where: string, rank: number, options: AllOptions): void {
  const { padding, outputPadding, stride, dilation, paddingMode } = options;
  checkSizes(where, "padding", padding, rank, 0);
  checkSizes(where, "outputPadding", outputPadding, rank, 0);
  const [strides, dilations] = [sizesOf(stride, rank), sizesOf(dilation, rank)];
  if (sizesOf(outputPadding, rank).some((each, i) => each >= Math.max(strides[i] as number, dilations[i] as number))) {
    throw new OptionError(
      where,
      `outputPadding is ${shown(outputPadding)}, stride ${shown(stride)} and dilation ${shown(dilation)}`,
      "It must be less than one of them.",
    );
  }
  if (paddingMode !== "zeros") {
    throw new OptionError(where, `paddingMode is ${shown(paddingMode)}`, 'Give "zeros"; there is no other here.');
  }
}
