import { empty, OptionError } from "@anneal/tensor";
import { checkSize, shown } from "../../check-options.ts";
import { checkSizes, type Sizes } from "../../check-sizes.ts";
import { Parameter } from "../../module/parameter.ts";

/** What convolutions and transposed ones of all dimensions take alike. */
export interface ConvBaseOptions<Size extends Sizes> {
  /** @defaultValue 1 */
  readonly stride?: Size;
  /** Distance between the taps. @defaultValue 1 */
  readonly dilation?: Size;
  /** Channels are split into so many groups that do not see each other. @defaultValue 1 */
  readonly groups?: number;
  /** Add a learned number to each output channel. @defaultValue true */
  readonly bias?: boolean;
}

/** The sizes that define a convolution. */
export interface ConvSizes {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Sizes;
}

/** Everything but the padding. */
export function checkConv(
  where: string,
  rank: number,
  { inChannels, outChannels, kernelSize }: ConvSizes,
  { stride, dilation, groups }: Required<ConvBaseOptions<Sizes>>,
): void {
  checkSize(where, "inChannels", inChannels, 1);
  checkSize(where, "outChannels", outChannels, 1);
  checkSizes(where, "kernelSize", kernelSize, rank, 1);
  checkSizes(where, "stride", stride, rank, 1);
  checkSizes(where, "dilation", dilation, rank, 1);
  checkSize(where, "groups", groups, 1);
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw new OptionError(
      where,
      `groups ${groups} does not divide ${inChannels} channels in and ${outChannels} out`,
      "It must divide both.",
    );
  }
}

/**
 * Parameters as PyTorch starts them: its kaiming_uniform_(a = √5) comes to ±1/√fanIn, for the bias too.
 *
 * @param shape - of the weight; all but its first size make up the fan-in
 * @param channels - numbers in the bias, null for none
 */
export function startingParameters(
  shape: readonly number[],
  channels: number | null,
): { weight: Parameter; bias: Parameter | null } {
  const bound = 1 / Math.sqrt(shape.slice(1).reduce((product, size) => product * size, 1));
  const uniform = (sizes: readonly number[]): Parameter => new Parameter(empty(sizes).uniform_(-bound, bound));
  return { weight: uniform(shape), bias: channels === null ? null : uniform([channels]) };
}

/** The arguments that {@link ConvSizes} come from. */
export const shownSizes = ({ inChannels, outChannels, kernelSize }: ConvSizes): string =>
  `${inChannels}, ${outChannels}, ${shown(kernelSize)}`;
