import { record } from "../autograd/graph.ts";
import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape, normalizeDim, normalizeDims, numelOf, type Shape } from "../core/shape.ts";
import { expandView, permuteView, reshapeView, sliceView, type View } from "../core/view.ts";
import type { Tensor } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { padZero } from "./pad-zero.ts";
import { sumTo } from "./sum-to.ts";

/** Another look at the same memory, with the gradient rule that leads back. */
function viewOp(name: string, x: Tensor, view: View, backward: (grad: Tensor) => Tensor): Tensor {
  const out = x.viewAs(view);
  if (!x.requiresGrad) return out;
  if (x.recorded) x.cell.viewsRecorded = true;
  return record(name, [x], out, [], (grad) => [backward(grad)]);
}

/**
 * Dimensions in another order. A view.
 *
 * @param dims - each dimension of `x` once, negative ones counted from the end
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.permute.html | torch.permute}
 * @example
 * zeros([2, 3, 4]).permute([2, 0, 1]).shape; // => [4, 2, 3]
 */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  const order = dims.length === 0 ? [] : normalizeDims("permute", dims, x.ndim);
  if (order.length !== x.ndim) {
    throw new ShapeError(
      "permute",
      `dims ${formatShape(dims)} do not name each of the ${x.ndim} dimensions of ${formatShape(x.shape)} once`,
      `Give all of 0 to ${x.ndim - 1} in the order wanted.`,
    );
  }
  const inverse = new Array<number>(order.length);
  for (let i = 0; i < order.length; i++) inverse[order[i] as number] = i;
  return viewOp("permute", x, permuteView(x.layout, order), (grad) => permute(grad, inverse));
}

/**
 * Two dimensions swapped. A view.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.transpose.html | torch.transpose}
 * @example
 * zeros([2, 3]).transpose(0, 1).shape; // => [3, 2]
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const a = normalizeDim("transpose", dim0, x.ndim);
  const b = normalizeDim("transpose", dim1, x.ndim);
  const order = x.shape.map((_, d) => (d === a ? b : d === b ? a : d));
  return permute(x, order);
}

/**
 * Sizes of 1 grow to any size without memory; new dimensions come in front. A view.
 *
 * @param shape - the new sizes; -1 leaves one as it is
 * @throws {ShapeError} where a size other than 1 would change
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand.html | torch.Tensor.expand}
 * @example
 * tensor([[1], [2]]).expand([2, 3]).arraySync(); // => [[1, 1, 1], [2, 2, 2]]
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  const added = shape.length - x.ndim;
  const sizes = shape.map((size, d) => (size === -1 && d >= added ? (x.shape[d - added] as number) : size));
  const fits = added >= 0 && x.shape.every((size, d) => size === 1 || sizes[d + added] === size);
  if (!fits || sizes.some((size) => size < 0)) {
    throw new ShapeError(
      "expand",
      `${formatShape(x.shape)} does not expand to ${formatShape(shape)}`,
      "Only sizes of 1 can grow; new dimensions come in front. -1 leaves a size as it is.",
    );
  }
  const before = x.shape;
  return viewOp("expand", x, expandView(x.layout, sizes), (grad) => sumTo(grad, before));
}

/**
 * The same elements in row-major order, in another shape: a view where strides can say it, else a copy.
 *
 * @param shape - the new sizes; one may be -1, which is whatever is left
 * @throws {ShapeError} if the number of elements would change
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.reshape.html | torch.reshape}
 * @example
 * arange(6).reshape([2, -1]).shape; // => [2, 3]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const sizes = inferSize("reshape", x, shape);
  const view = reshapeView(x.layout, sizes);
  if (!view) return reshape(contiguous(x), sizes);
  const before = x.shape;
  return viewOp("reshape", x, view, (grad) => reshape(grad, before));
}

/**
 * Like {@link reshape}, but never a copy.
 *
 * @throws {ShapeError} if no strides can say it
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html | torch.Tensor.view}
 */
export function view(x: Tensor, shape: Shape): Tensor {
  if (!reshapeView(x.layout, inferSize("view", x, shape))) {
    throw new ShapeError(
      "view",
      `a tensor ${formatShape(x.shape)} with strides ${formatShape(x.layout.strides)} cannot be seen as ${formatShape(shape)} without a copy`,
      "Use reshape, which copies where it must.",
    );
  }
  return reshape(x, shape);
}

function inferSize(where: string, x: Tensor, shape: Shape): Shape {
  const unknown = shape.indexOf(-1);
  const known = numelOf(shape.filter((size) => size !== -1));
  const sizes = unknown < 0 ? [...shape] : shape.map((size, d) => (d === unknown ? x.numel / known : size));
  if (
    shape.lastIndexOf(-1) !== unknown ||
    numelOf(sizes) !== x.numel ||
    sizes.some((size) => !Number.isInteger(size) || size < 0)
  ) {
    throw new ShapeError(
      where,
      `the ${x.numel} elements of ${formatShape(x.shape)} do not fit ${formatShape(shape)}`,
      "The product of the sizes must stay the same; one size may be -1.",
    );
  }
  return sizes;
}

/**
 * Dimensions `startDim` to `endDim` as one.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.flatten.html | torch.flatten}
 * @example
 * zeros([8, 16, 4, 4]).flatten(1).shape; // => [8, 256]
 */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  if (x.ndim === 0) return reshape(x, [1]);
  const start = normalizeDim("flatten", startDim, x.ndim);
  const end = normalizeDim("flatten", endDim, x.ndim);
  if (start > end) {
    throw new ShapeError("flatten", `startDim ${startDim} comes after endDim ${endDim}`, "Give them in order.");
  }
  return reshape(x, [...x.shape.slice(0, start), numelOf(x.shape.slice(start, end + 1)), ...x.shape.slice(end + 1)]);
}

/**
 * Dimension `dim` as several.
 *
 * @param sizes - their sizes; one may be -1, which is whatever is left
 * @throws {ShapeError} if the product of the sizes is not the dimension's
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.unflatten.html | torch.unflatten}
 * @example
 * zeros([8, 256]).unflatten(1, [16, -1, 4]).shape; // => [8, 16, 4, 4]
 */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const d = normalizeDim("unflatten", dim, x.ndim);
  const size = x.shape[d] ?? 1;
  const known = numelOf(sizes.filter((each) => each !== -1));
  const found = sizes.map((each) => (each === -1 ? size / known : each));
  const fits = x.ndim > 0 && sizes.length > 0 && sizes.indexOf(-1) === sizes.lastIndexOf(-1);
  if (!fits || numelOf(found) !== size || found.some((each) => !Number.isInteger(each) || each < 0)) {
    throw new ShapeError(
      "unflatten",
      `dim ${dim} of ${formatShape(x.shape)} is not made of ${formatShape(sizes)}`,
      `Give sizes whose product is ${size}; one of them may be -1.`,
    );
  }
  return reshape(x, [...x.shape.slice(0, d), ...found, ...x.shape.slice(d + 1)]);
}

/**
 * Without dimensions of size 1: all of them, or those named (which stay if their size is not 1). A view.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html | torch.squeeze}
 */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  const named = new Set(normalizeDims("squeeze", dim, x.ndim));
  return reshape(
    x,
    x.shape.filter((size, d) => size !== 1 || !named.has(d)),
  );
}

/**
 * A new dimension of size 1 before `dim`. A view.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html | torch.unsqueeze}
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = normalizeDim("unsqueeze", dim, x.ndim + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/**
 * Elements `start`, `start + step`, ... before `end` of dimension `dim`, with Python's rules: negative positions count from the end,
 * positions outside are moved to it. A negative step runs backwards. A view.
 */
export function sliceDim(x: Tensor, dim: number, start?: number, end?: number, step = 1): Tensor {
  const d = normalizeDim("slice", dim, x.ndim);
  if (x.ndim === 0) throw new ShapeError("slice", "a scalar has nothing to slice", "Reshape it to [1] first.");
  if (!Number.isInteger(step) || step === 0) {
    throw new OptionError("slice", `step is ${step}`, "Give an integer other than 0.");
  }
  const size = x.shape[d] as number;
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const place = (position: number): number => Math.min(Math.max(position < 0 ? position + size : position, low), high);
  const first = start === undefined ? (step > 0 ? 0 : size - 1) : place(start);
  const last = end === undefined ? (step > 0 ? size : -1) : place(end);
  const length = Math.max(0, Math.ceil((last - first) / step));
  return takeRun(x, d, length === 0 ? 0 : first, length, step);
}

/** `length` elements from `start` of dimension `dim`, `step` apart; all of them exist. */
export function takeRun(x: Tensor, dim: number, start: number, length: number, step: number): Tensor {
  const size = x.shape[dim] as number;
  return viewOp("slice", x, sliceView(x.layout, dim, start, length, step), (grad) =>
    putRun(grad, dim, size, start, step),
  );
}

/** The other way: zeros of `size` along `dim` with the elements of `x` at `start`, `start + step`, ... */
function putRun(x: Tensor, dim: number, size: number, start: number, step: number): Tensor {
  const length = x.shape[dim] as number;
  if (step < 0) return putRun(flip(x, [dim]), dim, size, start + step * (length - 1), -step);
  const spread = step === 1 || length === 0 ? x : spreadOut(x, dim, step);
  const used = spread.shape[dim] as number;
  // The last gap may reach over the end.
  const fitting = start + used > size ? takeRun(spread, dim, 0, size - start, 1) : spread;
  return padZero(fitting, dim, start, size - start - (fitting.shape[dim] as number));
}

/** `step - 1` zeros after each element along `dim`. */
function spreadOut(x: Tensor, dim: number, step: number): Tensor {
  if (step === 1) return x;
  const split = unsqueeze(x, dim + 1);
  const padded = padZero(split, dim + 1, 0, step - 1);
  return reshape(
    padded,
    x.shape.map((size, d) => (d === dim ? size * step : size)),
  );
}

/**
 * `length` elements of dimension `dim` from `start`. A view.
 *
 * @throws {ShapeError} if they are not all there
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.narrow.html | torch.narrow}
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const d = normalizeDim("narrow", dim, x.ndim);
  const size = x.shape[d] ?? 0;
  const first = start < 0 ? start + size : start;
  if (!Number.isInteger(first) || !Number.isInteger(length) || first < 0 || length < 0 || first + length > size) {
    throw new ShapeError(
      "narrow",
      `${length} elements from ${start} on are not in dimension ${dim} of ${formatShape(x.shape)}`,
      `Stay within 0 to ${size}.`,
    );
  }
  return takeRun(x, d, first, length, 1);
}

/**
 * Position `index` of dimension `dim`, which disappears. A view.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.select.html | torch.select}
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = normalizeDim("select", dim, x.ndim);
  const size = x.shape[d] ?? 0;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new ShapeError(
      "select",
      `index ${index} is not in dimension ${dim} of ${formatShape(x.shape)}`,
      size === 0 ? "The dimension is empty." : `Give an integer from ${-size} to ${size - 1}.`,
    );
  }
  const taken = takeRun(x, d, index < 0 ? index + size : index, 1, 1);
  return reshape(
    taken,
    x.shape.filter((_, i) => i !== d),
  );
}

/**
 * The named dimensions backwards. A view (PyTorch copies).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.flip.html | torch.flip}
 */
export function flip(x: Tensor, dims: number | readonly number[]): Tensor {
  let flipped = x.layout;
  const named = normalizeDims("flip", dims, x.ndim);
  for (const d of named) {
    const size = x.shape[d] as number;
    if (size > 0) flipped = sliceView(flipped, d, size - 1, size, -1);
  }
  return viewOp("flip", x, flipped, (grad) => flip(grad, named));
}

/**
 * Windows of `size` elements, `step` apart, along `dim`; the window is the new last dimension. A view: windows may overlap.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.unfold.html | torch.Tensor.unfold}
 * @example
 * arange(5).unfold(0, 3, 2).arraySync(); // => [[0, 1, 2], [2, 3, 4]]
 */
export function unfold(x: Tensor, dim: number, size: number, step: number): Tensor {
  const d = normalizeDim("unfold", dim, x.ndim);
  const length = x.shape[d] ?? 0;
  if (!Number.isInteger(size) || size < 1 || size > length || !Number.isInteger(step) || step < 1) {
    throw new OptionError(
      "unfold",
      `size ${size} and step ${step} do not fit the ${length} elements of dimension ${dim}`,
      `Give a size from 1 to ${length} and a step of at least 1.`,
    );
  }
  const count = Math.floor((length - size) / step) + 1;
  const stride = x.layout.strides[d] as number;
  const windows: View = {
    shape: [...x.shape.map((s, i) => (i === d ? count : s)), size],
    strides: [...x.layout.strides.map((s, i) => (i === d ? s * step : s)), stride],
    offset: x.layout.offset,
  };
  return viewOp("unfold", x, windows, (grad) => foldWindows(grad, d, length, step));
}

/** Add windows back where they came from: one shifted copy for each place in the window. */
function foldWindows(windows: Tensor, dim: number, length: number, step: number): Tensor {
  const size = windows.shape.at(-1) as number;
  let total: Tensor | null = null;
  for (let place = 0; place < size; place++) {
    const part = putRun(select(windows, -1, place), dim, length, place, step);
    total = total ? total.add(part) : part;
  }
  return total as Tensor;
}
