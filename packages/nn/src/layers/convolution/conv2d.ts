import { conv2d, empty, OptionError, type Tensor } from "@anneal/tensor";
import { checkPair, checkSize, type Pair, pairOf, shown } from "../../check-options.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface Conv2dOptions {
  /** @defaultValue 1 */
  readonly stride?: Pair;
  /** Width of the border on both sides; `"same"` keeps the size (stride 1 only), `"valid"` is 0. @defaultValue 0 */
  readonly padding?: Pair | "same" | "valid";
  /** Distance between the taps. @defaultValue 1 */
  readonly dilation?: Pair;
  /** Channels are split into so many groups that do not see each other. @defaultValue 1 */
  readonly groups?: number;
  /** Add a learned number to each output channel. @defaultValue true */
  readonly bias?: boolean;
  /** What the border holds. @defaultValue "zeros" */
  readonly paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
}

const paddingModes = ["zeros", "reflect", "replicate", "circular"];

/**
 * Two-dimensional convolution. Weight, [out, in / groups, kh, kw], and bias, [out], start uniform in ±1/√(in / groups · kh · kw).
 *
 * @param inChannels - C of its input
 * @param outChannels - C of its output
 * @param kernelSize - one number, or [height, width]
 * @throws {OptionError} if an option is out of its range, or groups does not divide the channels
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html | torch.nn.Conv2d}
 * @example
 * new Conv2d(3, 16, 3, { padding: 1 }).forward(ones([8, 3, 32, 32])).shape; // => [8, 16, 32, 32]
 */
export class Conv2d extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly #options: Required<Omit<Conv2dOptions, "bias">>;
  readonly #sizes: string;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = "zeros" } = options;
    checkSize("Conv2d", "inChannels", inChannels, 1);
    checkSize("Conv2d", "outChannels", outChannels, 1);
    checkPair("Conv2d", "kernelSize", kernelSize, 1);
    checkPair("Conv2d", "stride", stride, 1);
    checkPair("Conv2d", "dilation", dilation, 1);
    checkSize("Conv2d", "groups", groups, 1);
    checkPadding(padding, stride);
    if (!paddingModes.includes(paddingMode)) {
      throw new OptionError(
        "Conv2d",
        `paddingMode is "${paddingMode}"`,
        'Give "zeros", "reflect", "replicate" or "circular".',
      );
    }
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new OptionError(
        "Conv2d",
        `groups ${groups} does not divide ${inChannels} channels in and ${outChannels} out`,
        "It must divide both.",
      );
    }
    this.#options = { stride, padding, dilation, groups, paddingMode };
    this.#sizes = `${inChannels}, ${outChannels}, ${shown(kernelSize)}`;
    const perGroup = inChannels / groups;
    const [height, width] = pairOf(kernelSize);
    const bound = 1 / Math.sqrt(perGroup * height * width);
    this.weight = new Parameter(empty([outChannels, perGroup, height, width]).uniform_(-bound, bound));
    this.bias = bias ? new Parameter(empty([outChannels]).uniform_(-bound, bound)) : null;
  }

  /** @param x - [N, in, H, W] or [in, H, W] @returns [N, out, OH, OW] or [out, OH, OW] */
  forward(x: Tensor): Tensor {
    const { paddingMode, padding, ...options } = this.#options;
    if (paddingMode === "zeros" || padding === "valid")
      return conv2d(x, this.weight, { ...options, padding, bias: this.bias });
    return conv2d(x.pad(this.#border(padding), { mode: paddingMode }), this.weight, { ...options, bias: this.bias });
  }

  #border(padding: Pair | "same"): number[] {
    if (padding !== "same") {
      const [vertical, horizontal] = pairOf(padding);
      return [horizontal, horizontal, vertical, vertical];
    }
    const dilation = pairOf(this.#options.dilation);
    const sides = [0, 1].map((i) => {
      const total = (dilation[i] as number) * ((this.weight.shape[2 + i] as number) - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return [...(sides[1] as number[]), ...(sides[0] as number[])];
  }

  protected override extraRepr(): string {
    const { stride, padding, dilation, groups, paddingMode } = this.#options;
    const given = [
      ...(stride === 1 ? [] : [`stride: ${shown(stride)}`]),
      ...(padding === 0 ? [] : [`padding: ${shown(padding)}`]),
      ...(dilation === 1 ? [] : [`dilation: ${shown(dilation)}`]),
      ...(groups === 1 ? [] : [`groups: ${groups}`]),
      ...(this.bias ? [] : ["bias: false"]),
      ...(paddingMode === "zeros" ? [] : [`paddingMode: "${paddingMode}"`]),
    ];
    return given.length === 0 ? this.#sizes : `${this.#sizes}, { ${given.join(", ")} }`;
  }
}

function checkPadding(padding: Pair | "same" | "valid", stride: Pair): void {
  if (typeof padding !== "string") checkPair("Conv2d", "padding", padding, 0);
  else if (padding !== "same" && padding !== "valid") {
    throw new OptionError("Conv2d", `padding is "${String(padding)}"`, 'Give numbers, "same" or "valid".');
  } else if (padding === "same" && pairOf(stride).some((each) => each !== 1)) {
    throw new OptionError(
      "Conv2d",
      `padding is "same" and stride ${shown(stride)}`,
      "Give the padding in numbers, or stride 1.",
    );
  }
}
