import { conv2d, OptionError, type Tensor, uniform } from "@anneal/tensor";
import { checkSize } from "../check-options.ts";
import { Module } from "../module/module.ts";
import { Parameter } from "../module/parameter.ts";

/** One number for both dimensions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

export interface Conv2dOptions {
  /** @defaultValue 1 */
  readonly stride?: Pair;
  /** Border on both sides; `"same"` keeps the size. @defaultValue 0 */
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

const pair = (value: Pair): readonly [number, number] => (typeof value === "number" ? [value, value] : value);

/**
 * Two-dimensional convolution. Weight, [out, in / groups, kh, kw], and bias, [out], start uniform in ±1/√(in / groups · kh · kw).
 *
 * @param kernelSize - one number, or [height, width]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html | torch.nn.Conv2d}
 * @example
 * new Conv2d(3, 16, 3, { padding: 1 }).forward(ones([8, 3, 32, 32])).shape; // => [8, 16, 32, 32]
 */
export class Conv2d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly #options: Required<Omit<Conv2dOptions, "bias">>;
  readonly #sizes: string;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = "zeros" } = options;
    checkSize("Conv2d", "inChannels", inChannels, 1);
    checkSize("Conv2d", "outChannels", outChannels, 1);
    checkSize("Conv2d", "groups", groups, 1);
    const [height, width] = pair(kernelSize);
    checkSize("Conv2d", "kernelSize", height, 1);
    checkSize("Conv2d", "kernelSize", width, 1);
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new OptionError(
        "Conv2d",
        `groups ${groups} does not divide ${inChannels} channels in and ${outChannels} out`,
        "It must divide both.",
      );
    }
    this.#options = { stride, padding, dilation, groups, paddingMode };
    this.#sizes = `${inChannels}, ${outChannels}, [${height}, ${width}]`;
    const perGroup = inChannels / groups;
    const bound = 1 / Math.sqrt(perGroup * height * width);
    this.weight = new Parameter(uniform([outChannels, perGroup, height, width], { low: -bound, high: bound }));
    this.bias = bias ? new Parameter(uniform([outChannels], { low: -bound, high: bound })) : null;
  }

  /** @param x - [N, in, H, W] or [in, H, W] @returns [N, out, OH, OW] */
  forward(x: Tensor): Tensor {
    const { paddingMode, padding, ...options } = this.#options;
    if (paddingMode === "zeros" || padding === "valid")
      return conv2d(x, this.weight, { ...options, padding, bias: this.bias });
    return conv2d(x.pad(this.#border(padding), { mode: paddingMode }), this.weight, { ...options, bias: this.bias });
  }

  #border(padding: Pair | "same"): number[] {
    if (padding !== "same") {
      const [vertical, horizontal] = pair(padding);
      return [horizontal, horizontal, vertical, vertical];
    }
    const dilation = pair(this.#options.dilation);
    const sides = [0, 1].map((i) => {
      const total = (dilation[i] as number) * ((this.weight.shape[2 + i] as number) - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return [...(sides[1] as number[]), ...(sides[0] as number[])];
  }

  protected override extraRepr(): string {
    const { stride, padding, dilation, groups, paddingMode } = this.#options;
    const shown = [
      ...(stride === 1 ? [] : [`stride: ${show(stride)}`]),
      ...(padding === 0 ? [] : [`padding: ${show(padding)}`]),
      ...(dilation === 1 ? [] : [`dilation: ${show(dilation)}`]),
      ...(groups === 1 ? [] : [`groups: ${groups}`]),
      ...(this.bias ? [] : ["bias: false"]),
      ...(paddingMode === "zeros" ? [] : [`paddingMode: "${paddingMode}"`]),
    ];
    return shown.length === 0 ? this.#sizes : `${this.#sizes}, { ${shown.join(", ")} }`;
  }
}

const show = (value: Pair | string): string =>
  typeof value === "object" ? `[${value.join(", ")}]` : typeof value === "string" ? `"${value}"` : String(value);
