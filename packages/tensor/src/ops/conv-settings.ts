import { isFloating } from "../core/dtypes.ts";
import { DTypeError, OptionError, ShapeError } from "../core/errors.ts";
import { counted, formatShape } from "../core/shape.ts";
import { sameDevice } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { checkSpatial, perDimension } from "./spatial.ts";

/** What convolutions and transposed ones take alike. */
export interface ConvBaseOptions {
  /** [O] */
  readonly bias?: Tensor | null;
  /** One number for all spatial dimensions, or one each. @defaultValue 1 */
  readonly stride?: number | readonly number[];
  /** Distance between the taps. @defaultValue 1 */
  readonly dilation?: number | readonly number[];
  /** Channels are split into so many groups that do not see each other. @defaultValue 1 */
  readonly groups?: number;
}

export interface ConvSettings {
  readonly stride: number[];
  readonly dilation: number[];
  readonly groups: number;
}

/** The options of a convolution over `spatial` dimensions, one number for each. */
export function convSettings(
  where: string,
  x: Tensor,
  weight: Tensor,
  { stride = 1, dilation = 1, groups = 1, bias }: ConvBaseOptions,
  spatial: number,
): ConvSettings {
  const strides = perDimension(where, "stride", stride, spatial, 1);
  const dilations = perDimension(where, "dilation", dilation, spatial, 1);
  if (!Number.isInteger(groups) || groups < 1)
    throw new OptionError(where, `groups is ${groups}`, "Give an integer from 1 on.");
  checkSpatial(where, x, spatial);
  sameDevice(where, [x, weight, ...(bias ? [bias] : [])]);
  if (!isFloating(x.dtype) || x.dtype !== weight.dtype) {
    throw new DTypeError(where, `x is ${x.dtype} and the weight ${weight.dtype}`, "Both must be the same float dtype.");
  }
  if (weight.ndim !== spatial + 2) {
    throw new ShapeError(
      where,
      `the weight has the shape ${formatShape(weight.shape)}`,
      `It needs ${spatial + 2} dimensions: two of channels, then those of the kernel.`,
    );
  }
  return { stride: strides, dilation: dilations, groups };
}

/** How many channels a batch, or one of it, has. */
export const channelsOf = (x: Tensor, spatial: number): number => x.shape.at(-spatial - 1) as number;

/** A batch of one in front where the batch dimension is missing. */
export function withBatch(x: Tensor, spatial: number, op: (batch: Tensor) => Tensor): Tensor {
  return x.ndim === spatial + 1 ? op(x.unsqueeze(0)).squeeze(0) : op(x);
}

export function addBias(where: string, y: Tensor, bias: Tensor | null | undefined): Tensor {
  if (!bias) return y;
  const channels = y.shape[1] as number;
  if (bias.ndim !== 1 || bias.shape[0] !== channels) {
    throw new ShapeError(
      where,
      `the bias ${formatShape(bias.shape)} does not fit ${counted(channels, "output channel")}`,
      `Give one number for each: [${channels}].`,
    );
  }
  return y.add(bias.reshape([channels, ...new Array<number>(y.ndim - 2).fill(1)]));
}
