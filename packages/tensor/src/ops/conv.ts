import { isFloating, promoteTypes } from "../core/dtypes.ts";
import { DTypeError, OptionError, ShapeError } from "../core/errors.ts";
import { counted, formatShape } from "../core/shape.ts";
import { convForward, convInputGradient } from "../primitives/conv.ts";
import { sameDevice } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

export interface ConvOptions {
  /** [O] */
  readonly bias?: Tensor | null;
  /** One number for all spatial dimensions, or one each. @defaultValue 1 */
  readonly stride?: number | readonly number[];
  /** Zeros on both sides; `"same"` keeps the size (stride 1), `"valid"` is 0. @defaultValue 0 */
  readonly padding?: number | readonly number[] | "same" | "valid";
  /** Distance between the taps. @defaultValue 1 */
  readonly dilation?: number | readonly number[];
  /** Channels are split into so many groups that do not see each other. @defaultValue 1 */
  readonly groups?: number;
}

interface Settings {
  readonly stride: number[];
  /** Before and after, for each dimension. */
  readonly padding: [number, number][];
  readonly dilation: number[];
  readonly groups: number;
}

/** One number for all, or one each; integers from `least` on. */
export function perDimension(
  where: string,
  name: string,
  value: number | readonly number[],
  count: number,
  least: number,
): number[] {
  const list = typeof value === "number" ? new Array<number>(count).fill(value) : [...value];
  if (list.length !== count || list.some((each) => !Number.isInteger(each) || each < least)) {
    throw new OptionError(
      where,
      `${name} is ${typeof value === "number" ? value : formatShape(value)}`,
      `Give an integer from ${least} on, or ${count} of them.`,
    );
  }
  return list;
}

function settings(where: string, x: Tensor, weight: Tensor, options: ConvOptions, spatial: number): Settings {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const strides = perDimension(where, "stride", stride, spatial, 1);
  const dilations = perDimension(where, "dilation", dilation, spatial, 1);
  if (!Number.isInteger(groups) || groups < 1)
    throw new OptionError(where, `groups is ${groups}`, "Give an integer from 1 on.");
  let paddings: [number, number][];
  if (padding === "same") {
    if (strides.some((each) => each !== 1))
      throw new OptionError(where, 'padding "same" with a stride other than 1', "Give the padding in numbers.");
    paddings = dilations.map((each, i) => {
      const total = each * ((weight.shape[2 + i] as number) - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
  } else
    paddings = perDimension(where, "padding", padding === "valid" ? 0 : padding, spatial, 0).map((each) => [
      each,
      each,
    ]);
  sameDevice(where, [x, weight, ...(options.bias ? [options.bias] : [])]);
  if (!isFloating(promoteTypes(x.dtype, weight.dtype)) || x.dtype !== weight.dtype) {
    throw new DTypeError(where, `x is ${x.dtype} and the weight ${weight.dtype}`, "Both must be the same float dtype.");
  }
  if (x.ndim !== spatial + 2 || weight.ndim !== spatial + 2) {
    throw new ShapeError(
      where,
      `x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} need ${spatial + 2} dimensions each`,
      "x is [N, C, ...], the weight [O, C / groups, ...].",
    );
  }
  return { stride: strides, padding: paddings, dilation: dilations, groups };
}

function checkChannels(where: string, x: Tensor, weight: Tensor, groups: number): void {
  const [channels, perGroup, out] = [x.shape[1], weight.shape[1], weight.shape[0]] as [number, number, number];
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

/** A batch of one in front where the batch dimension is missing. */
function withBatch(x: Tensor, spatial: number, op: (x: Tensor) => Tensor): Tensor {
  return x.ndim === spatial + 1 ? op(x.unsqueeze(0)).squeeze(0) : op(x);
}

function addBias(where: string, y: Tensor, bias: Tensor | null | undefined): Tensor {
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
  return withBatch(x, 2, (batch) =>
    addBias("conv2d", convolve("conv2d", batch, weight, settings("conv2d", batch, weight, options, 2)), options.bias),
  );
}

function convolve(where: string, x: Tensor, weight: Tensor, { stride, padding, dilation, groups }: Settings): Tensor {
  checkChannels(where, x, weight, groups);
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
  return withBatch(x, 1, (batch) => {
    const { stride, padding, dilation, groups } = settings("conv1d", batch, weight, options, 1);
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
  return withBatch(x, 3, (batch) => {
    const { stride, padding, dilation, groups } = settings("conv3d", batch, weight, options, 3);
    checkChannels("conv3d", batch, weight, groups);
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

export interface ConvTransposeOptions extends Omit<ConvOptions, "padding"> {
  /** @defaultValue 0 */
  readonly padding?: number | readonly number[];
  /** Rows and columns added at the end, where several input sizes give one output size. @defaultValue 0 */
  readonly outputPadding?: number | readonly number[];
}

/**
 * Transposed two-dimensional convolution: the gradient of {@link conv2d} with respect to its input, used forwards to make images larger.
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param weight - [C, O / groups, kh, kw]
 * @returns [N, O, OH, OW] with `OH = (H - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html | torch.nn.functional.conv_transpose2d}
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  return withBatch(x, 2, (batch) => {
    const where = "convTranspose2d";
    const { stride, padding, dilation, groups } = settings(where, batch, weight, options, 2);
    const extra = perDimension(where, "outputPadding", options.outputPadding ?? 0, 2, 0);
    extra.forEach((each, i) => {
      if (each >= Math.max(stride[i] as number, dilation[i] as number)) {
        throw new OptionError(where, `outputPadding is ${each}`, "It must be smaller than stride or dilation.");
      }
    });
    const [n, channels, height, width] = batch.shape as [number, number, number, number];
    if (channels !== weight.shape[0] || channels % groups !== 0) {
      throw new ShapeError(
        where,
        `x ${formatShape(batch.shape)} has ${channels} channels, the weight ${formatShape(weight.shape)} takes ${weight.shape[0]} in ${groups} groups`,
        "The weight is [C, O / groups, kh, kw].",
      );
    }
    const size = (i: 0 | 1, small: number): number =>
      (small - 1) * (stride[i] as number) -
      2 * (padding[i] as [number, number])[0] +
      (dilation[i] as number) * ((weight.shape[2 + i] as number) - 1) +
      (extra[i] as number) +
      1;
    const out = (weight.shape[1] as number) * groups;
    const result = convInputGradient(batch, weight, {
      stride: stride as [number, number],
      padding: [(padding[0] as [number, number])[0], (padding[1] as [number, number])[0]],
      dilation: dilation as [number, number],
      groups,
      input: [n, out, size(0, height), size(1, width)],
      weight: weight.shape,
      output: batch.shape,
    });
    return addBias(where, result, options.bias);
  });
}
