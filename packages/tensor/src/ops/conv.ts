import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import { convForward } from "../primitives/conv.ts";
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

export interface ConvOptions extends ConvBaseOptions {
  /** Zeros on both sides; `"same"` keeps the size (stride 1), `"valid"` is 0. @defaultValue 0 */
  readonly padding?: number | readonly number[] | "same" | "valid";
}

interface Settings extends ConvSettings {
  /** Before and after, for each dimension. */
  readonly padding: [number, number][];
}

function settings(where: string, x: Tensor, weight: Tensor, options: ConvOptions, spatial: number): Settings {
  const { padding = 0 } = options;
  const common = convSettings(where, x, weight, options, spatial);
  checkChannels(where, x, channelsOf(x, spatial), weight, common.groups);
  if (typeof padding === "string" && padding !== "same" && padding !== "valid")
    throw new OptionError(where, `padding is "${String(padding)}"`, 'Give numbers, "same" or "valid".');
  if (padding !== "same") {
    const sides = perDimension(where, "padding", padding === "valid" ? 0 : padding, spatial, 0);
    return { ...common, padding: sides.map((each) => [each, each]) };
  }
  if (common.stride.some((each) => each !== 1))
    throw new OptionError(where, 'padding "same" with a stride other than 1', "Give the padding in numbers.");
  const sides = common.dilation.map((each, i): [number, number] => {
    const total = each * ((weight.shape[2 + i] as number) - 1);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  return { ...common, padding: sides };
}

function checkChannels(where: string, x: Tensor, channels: number, weight: Tensor, groups: number): void {
  const [out, perGroup] = weight.shape as [number, number];
  if (channels !== perGroup * groups || out % groups !== 0) {
    throw new ShapeError(
      where,
      `x ${formatShape(x.shape)} has ${channels} channels, the weight ${formatShape(weight.shape)} with groups ${groups} takes ${perGroup * groups} and gives ${out}`,
      "x's channels must be the weight's second size times groups, and its first size a multiple of groups.",
    );
  }
}

function outSize(
  where: string,
  size: number,
  kernel: number,
  [before, after]: [number, number],
  stride: number,
  dilation: number,
): number {
  const reach = dilation * (kernel - 1) + 1;
  if (size + before + after < reach) {
    throw new ShapeError(
      where,
      `the kernel reaches over ${reach} elements, the padded input has ${size + before + after}`,
      "Use a smaller kernel or dilation, or more padding.",
    );
  }
  return Math.floor((size + before + after - reach) / stride) + 1;
}

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in deep learning).
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param weight - [O, C / groups, kh, kw]
 * @returns [N, O, OH, OW] with `OH = floor((H + 2 padding - dilation (kh - 1) - 1) / stride) + 1`
 * @throws {ShapeError} if channels, groups and kernel do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html | torch.nn.functional.conv2d}
 * @example
 * ones([1, 1, 3, 3]).conv2d(ones([1, 1, 2, 2])).arraySync(); // => [[[[4, 4], [4, 4]]]]
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const all = settings("conv2d", x, weight, options, 2);
  return withBatch(x, 2, (batch) => addBias("conv2d", convolve("conv2d", batch, weight, all), options.bias));
}

function convolve(where: string, x: Tensor, weight: Tensor, { stride, padding, dilation, groups }: Settings): Tensor {
  const [vertical, horizontal] = padding as [[number, number], [number, number]];
  if (vertical[0] !== vertical[1] || horizontal[0] !== horizontal[1]) {
    const padded = x.pad([...horizontal, ...vertical]);
    return convolve(where, padded, weight, {
      stride,
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilation,
      groups,
    });
  }
  const [n, , height, width] = x.shape as [number, number, number, number];
  const [out, , kernelHeight, kernelWidth] = weight.shape as [number, number, number, number];
  const [strideY, strideX] = stride as [number, number];
  const [dilationY, dilationX] = dilation as [number, number];
  const outHeight = outSize(where, height, kernelHeight, vertical, strideY, dilationY);
  const outWidth = outSize(where, width, kernelWidth, horizontal, strideX, dilationX);
  return convForward(x, weight, {
    stride: [strideY, strideX],
    padding: [vertical[0], horizontal[0]],
    dilation: [dilationY, dilationX],
    groups,
    input: x.shape,
    weight: weight.shape,
    output: [n, out, outHeight, outWidth],
  });
}

/**
 * One-dimensional convolution.
 *
 * @param x - [N, C, L] or [C, L]
 * @param weight - [O, C / groups, k]
 * @returns [N, O, OL]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html | torch.nn.functional.conv1d}
 */
export function conv1d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const { stride, padding, dilation, groups } = settings("conv1d", x, weight, options, 1);
  return withBatch(x, 1, (batch) => {
    const flat = convolve("conv1d", batch.unsqueeze(2), weight.unsqueeze(2), {
      stride: [1, ...stride],
      padding: [[0, 0], ...padding],
      dilation: [1, ...dilation],
      groups,
    });
    return addBias("conv1d", flat.squeeze(2), options.bias);
  });
}

/**
 * Three-dimensional convolution: the sum of a two-dimensional one for each depth of the kernel.
 *
 * @param x - [N, C, D, H, W] or [C, D, H, W]
 * @param weight - [O, C / groups, kd, kh, kw]
 * @returns [N, O, OD, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html | torch.nn.functional.conv3d}
 */
export function conv3d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const { stride, padding, dilation, groups } = settings("conv3d", x, weight, options, 3);
  return withBatch(x, 3, (batch) => {
    const [depthPadding, ...planePadding] = padding as [[number, number], ...[number, number][]];
    const [depthStride, ...planeStride] = stride as [number, ...number[]];
    const [depthDilation, ...planeDilation] = dilation as [number, ...number[]];
    const [n, channels, depth, height, width] = batch.shape as [number, number, number, number, number];
    const kernelDepth = weight.shape[2] as number;
    const outDepth = outSize("conv3d", depth, kernelDepth, depthPadding, depthStride, depthDilation);
    const deep = batch.pad([0, 0, 0, 0, ...depthPadding]);
    const plane = { stride: planeStride, padding: planePadding, dilation: planeDilation, groups };
    let total: Tensor | null = null;
    for (let tap = 0; tap < kernelDepth; tap++) {
      const start = tap * depthDilation;
      const layers = deep.slice([null, null, [start, start + (outDepth - 1) * depthStride + 1, depthStride]]);
      const planes = layers.transpose(1, 2).reshape([n * outDepth, channels, height, width]);
      const part = convolve("conv3d", planes, weight.select(2, tap), plane);
      total = total ? total.add(part) : part;
    }
    const sum = total as Tensor;
    const [out, outHeight, outWidth] = sum.shape.slice(1) as [number, number, number];
    return addBias("conv3d", sum.reshape([n, outDepth, out, outHeight, outWidth]).transpose(1, 2), options.bias);
  });
}
