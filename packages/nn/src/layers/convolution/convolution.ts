import { type ConvOptions as ConvFunctionOptions, OptionError, type Tensor } from "@anneal/tensor";
import { checkChoice, shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { checkSizes, type Sizes, sizesOf } from "../../check-sizes.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { type ConvBaseOptions, type ConvSizes, checkConv, shownSizes, startingParameters } from "./conv-options.ts";

export interface ConvOptions<Size extends Sizes> extends ConvBaseOptions<Size> {
  /** Width of the border on both sides; `"same"` keeps the size (stride 1 only), `"valid"` is 0. @defaultValue 0 */
  readonly padding?: Size | "same" | "valid";
  /** What the border holds. @defaultValue "zeros" */
  readonly paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
}

type AllOptions = Required<ConvOptions<Sizes>>;

const paddingModes = ["zeros", "reflect", "replicate", "circular"];

const defaults: AllOptions = { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true, paddingMode: "zeros" };

type Convolve = (x: Tensor, weight: Tensor, options: ConvFunctionOptions) => Tensor;

/** A convolution over so many dimensions, and the function that computes it. */
export abstract class Convolution extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly #convolve: Convolve;
  readonly #sizes: ConvSizes;
  readonly #options: AllOptions;

  constructor(rank: 1 | 2 | 3, convolve: Convolve, sizes: ConvSizes, given: ConvOptions<Sizes>) {
    super();
    const options = withDefaults(defaults, given);
    checkConv(this.constructor.name, rank, sizes, options);
    checkPadding(this.constructor.name, rank, options);
    this.#convolve = convolve;
    this.#sizes = sizes;
    this.#options = options;
    const { inChannels, outChannels, kernelSize } = sizes;
    const shape = [outChannels, inChannels / options.groups, ...sizesOf(kernelSize, rank)];
    const { weight, bias } = startingParameters(shape, options.bias ? outChannels : null);
    this.weight = weight;
    this.bias = bias;
  }

  /** @param x - [N, in, ...] or [in, ...] @returns [N, out, ...] or [out, ...] */
  forward(x: Tensor): Tensor {
    const { paddingMode, padding, stride, dilation, groups } = this.#options;
    // Read once: it may be computed each time.
    const { weight, bias } = this;
    const options = { stride, dilation, groups, bias };
    // What has a wrong number of dimensions is for the function to refuse, as the user gave it.
    const known = x.ndim === weight.ndim || x.ndim === weight.ndim - 1;
    if (paddingMode === "zeros" || padding === "valid" || !known) {
      return this.#convolve(x, weight, { ...options, padding });
    }
    return this.#convolve(x.pad(this.#border(weight.shape.slice(2), padding), { mode: paddingMode }), weight, options);
  }

  /** Before and after each dimension, the last first. */
  #border(kernel: readonly number[], padding: Sizes | "same"): number[] {
    const dilation = sizesOf(this.#options.dilation, kernel.length);
    const sides = kernel.map((size, i) => {
      if (padding !== "same") {
        const side = sizesOf(padding, kernel.length)[i] as number;
        return [side, side];
      }
      const total = (dilation[i] as number) * (size - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return sides.toReversed().flat();
  }

  protected override extraRepr(): string {
    return shownArguments(shownSizes(this.#sizes), shownOptions(this.#options, defaults));
  }
}

function checkPadding(where: string, rank: number, { padding, paddingMode, stride }: AllOptions): void {
  if (typeof padding !== "string") checkSizes(where, "padding", padding, rank, 0);
  else if (padding !== "same" && padding !== "valid") {
    throw new OptionError(where, `padding is "${String(padding)}"`, 'Give numbers, "same" or "valid".');
  } else if (padding === "same" && sizesOf(stride, rank).some((each) => each !== 1)) {
    throw new OptionError(
      where,
      `padding is "same" and stride ${shown(stride)}`,
      "Give the padding in numbers, or stride 1.",
    );
  }
  checkChoice(where, "paddingMode", paddingMode, paddingModes);
}
