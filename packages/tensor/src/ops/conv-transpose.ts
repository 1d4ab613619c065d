import { OptionError, ShapeError } from "../core/errors.ts";
import { counted, formatShape } from "../core/shape.ts";
import { convInputGradient } from "../primitives/conv.ts";
import type { Tensor } from "../tensor.ts";
import {
  addBias,
  type ConvBaseOptions,
  type ConvSettings,
  channelsOf,
  convSettings,
  withBatch,
} from "./conv-settings.ts";
import { perDimension } from "./spatial.ts";

export interface ConvTransposeOptions extends ConvBaseOptions {
  /** Elements that the result lacks on both sides. @defaultValue 0 */
  readonly padding?: number | readonly number[];
  /** Elements added at the end, where several input sizes give one output size. @defaultValue 0 */
  readonly outputPadding?: number | readonly number[];
}

interface Settings extends ConvSettings {
  readonly padding: number[];
  readonly extra: number[];
}

function settings(where: string, x: Tensor, weight: Tensor, options: ConvTransposeOptions, spatial: number): Settings {
  const common = convSettings(where, x, weight, options, spatial);
  const padding = perDimension(where, "padding", options.padding ?? 0, spatial, 0);
  const extra = perDimension(where, "outputPadding", options.outputPadding ?? 0, spatial, 0);
  const { stride, dilation, groups } = common;
  extra.forEach((each, i) => {
    if (each >= Math.max(stride[i] as number, dilation[i] as number)) {
      throw new OptionError(where, `outputPadding is ${each}`, "It must be smaller than stride or dilation.");
    }
  });
  const channels = channelsOf(x, spatial);
  if (channels !== weight.shape[0] || channels % groups !== 0) {
    const kernel = ["", "k", "kh, kw", "kd, kh, kw"][spatial];
    throw new ShapeError(
      where,
      `x ${formatShape(x.shape)} has ${channels} channels, the weight ${formatShape(weight.shape)} takes ${weight.shape[0]} in ${counted(groups, "group")}`,
      `The weight is [C, O / groups, ${kernel}].`,
    );
  }
  const all = { ...common, padding, extra };
  const sizes = x.shape.slice(-spatial).map((size, i) => outSize(all, i, size, weight.shape[2 + i] as number));
  if (sizes.some((each) => each < 1)) {
    throw new ShapeError(
      where,
      `x ${formatShape(x.shape)} and padding ${formatShape(padding)} would give the size ${formatShape(sizes)}`,
      "Use less padding.",
    );
  }
  return all;
}

const outSize = ({ stride, dilation, padding, extra }: Settings, i: number, size: number, kernel: number): number =>
  (size - 1) * (stride[i] as number) -
  2 * (padding[i] as number) +
  (dilation[i] as number) * (kernel - 1) +
  (extra[i] as number) +
  1;

/** Over planes. */
function spread(x: Tensor, weight: Tensor, all: Settings): Tensor {
  const { stride, dilation, padding, groups } = all;
  const [n, , height, width] = x.shape as [number, number, number, number];
  const [, perGroup, kernelHeight, kernelWidth] = weight.shape as [number, number, number, number];
  return convInputGradient(x, weight, {
    stride: stride as [number, number],
    padding: padding as [number, number],
    dilation: dilation as [number, number],
    groups,
    input: [n, perGroup * groups, outSize(all, 0, height, kernelHeight), outSize(all, 1, width, kernelWidth)],
    weight: weight.shape,
    output: x.shape,
  });
}

/**
 * Transposed one-dimensional convolution: the gradient of {@link conv1d} with respect to its input. See {@link convTranspose2d}.
 *
 * @param x - [N, C, L] or [C, L]
 * @param weight - [C, O / groups, k]
 * @returns [N, O, OL]
 * @throws {ShapeError} if channels and groups do not fit, or nothing is left by the padding
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html | torch.nn.functional.conv_transpose1d}
 */
export function convTranspose1d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const where = "convTranspose1d";
  const { stride, dilation, padding, extra, groups } = settings(where, x, weight, options, 1);
  return withBatch(x, 1, (batch) => {
    const flat = spread(batch.unsqueeze(2), weight.unsqueeze(2), {
      stride: [1, ...stride],
      dilation: [1, ...dilation],
      padding: [0, ...padding],
      extra: [0, ...extra],
      groups,
    });
    return addBias(where, flat.squeeze(2), options.bias);
  });
}

/**
 * Transposed two-dimensional convolution: the gradient of {@link conv2d} with respect to its input, used forwards to make images larger.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param weight - [C, O / groups, kh, kw]
 * @returns [N, O, OH, OW] with `OH = (H - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1`
 * @throws {ShapeError} if channels and groups do not fit, or nothing is left by the padding
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html | torch.nn.functional.conv_transpose2d}
 * @example
 * ones([1, 1, 1, 2]).convTranspose2d(ones([1, 1, 1, 2])).arraySync(); // => [[[[1, 2, 1]]]]
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const where = "convTranspose2d";
  const all = settings(where, x, weight, options, 2);
  return withBatch(x, 2, (batch) => addBias(where, spread(batch, weight, all), options.bias));
}

/**
 * Transposed three-dimensional convolution: the gradient of {@link conv3d} with respect to its input. See {@link convTranspose2d}.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @param weight - [C, O / groups, kd, kh, kw]
 * @returns [N, O, OD, OH, OW]
 * @throws {ShapeError} if channels and groups do not fit, or nothing is left by the padding
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html | torch.nn.functional.conv_transpose3d}
 */
export function convTranspose3d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  const where = "convTranspose3d";
  const all = settings(where, x, weight, options, 3);
  return withBatch(x, 3, (batch) => {
    const { groups } = all;
    const [n, channels, depth, height, width] = batch.shape as [number, number, number, number, number];
    const [, perGroup, taps, kernelHeight, kernelWidth] = weight.shape as [number, number, number, number, number];
    // Each tap of the kernel's depth spreads planes, into channels of its own.
    const planes = spread(
      batch.transpose(1, 2).reshape([n * depth, channels, height, width]),
      weight.transpose(1, 2).reshape([channels, taps * perGroup, kernelHeight, kernelWidth]),
      {
        stride: all.stride.slice(1),
        dilation: all.dilation.slice(1),
        padding: all.padding.slice(1),
        extra: all.extra.slice(1),
        groups,
      },
    );
    const out = [n, groups * perGroup, ...planes.shape.slice(2)];
    const byTap = planes
      .reshape([n, depth, groups, taps, perGroup, ...planes.shape.slice(2)])
      .permute([3, 0, 2, 4, 5, 6, 1])
      .reshape([taps, ...out, depth, 1]);
    const [stride, dilation, padding, extra] = [all.stride, all.dilation, all.padding, all.extra].map(
      ([first]) => first as number,
    ) as [number, number, number, number];
    // A tap's planes lie `stride` apart, the next tap's `dilation` further.
    const length = (depth - 1) * stride + dilation * (taps - 1) + 1;
    const parts = Array.from({ length: taps }, (_, tap) => {
      const apart = byTap
        .select(0, tap)
        .pad([0, stride - 1])
        .reshape([...out, depth * stride]);
      return apart.pad([tap * dilation, length - tap * dilation - depth * stride]);
    });
    const sum = parts.reduce((total, part) => total.add(part)).pad([-padding, extra - padding]);
    return addBias(where, sum.permute([0, 1, 4, 2, 3]), options.bias);
  });
}
