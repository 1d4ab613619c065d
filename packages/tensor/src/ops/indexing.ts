import { record } from "../autograd/graph.ts";
import { isFloating } from "../core/dtypes.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import {
  broadcastShapes,
  contiguousStrides,
  counted,
  formatShape,
  normalizeDim,
  type Shape,
  sameShape,
} from "../core/shape.ts";
import type { View } from "../core/view.ts";
import { inPlace } from "../primitives/assign.ts";
import { lookup, type Positions, scatter } from "../primitives/lookup.ts";
import { sliceDim } from "../primitives/view.ts";
import type { Tensor } from "../tensor.ts";

function checkIndex(where: string, index: Tensor): void {
  if (index.dtype === "bool" || isFloating(index.dtype)) {
    throw new DTypeError(where, `the index is ${index.dtype}`, 'Indices are integers: index.to("int32").');
  }
}

/** `layout` along dimension `dim` replaced by `stride` (0: the positions walk it). */
const without = (strides: readonly number[], dim: number): number[] =>
  strides.map((stride, d) => (d === dim ? 0 : stride));

/**
 * For each point of `index`, the element of `x` at that point with `dim` replaced by the index: with dim 0,
 * `out[i][j] = x[index[i][j]][j]`.
 *
 * @param index - int32, of as many dimensions as `x`, in no other dimension larger
 * @throws {OptionError} if an index is outside
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.gather.html | torch.gather}
 * @example
 * tensor([[1, 2], [3, 4]]).gather(1, tensor([[1], [0]], { dtype: "int32" })).arraySync(); // => [[2], [3]]
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = normalizeDim("gather", dim, x.ndim);
  checkIndex("gather", index);
  checkSameRank("gather", x, index, d);
  return gatherFor("gather", x, d, index);
}

/** {@link gather} in the name of another op. */
function gatherFor(where: string, x: Tensor, d: number, index: Tensor): Tensor {
  const base: View = { shape: index.shape, strides: without(x.layout.strides, d), offset: x.layout.offset };
  const positions = [{ indices: index, size: x.shape[d] ?? 1, stride: x.layout.strides[d] ?? 0 }];
  const out = lookup(where, x, base, positions);
  return record("gather", [x], out, [index], (grad, [at]) => [scatterGradient(x.shape, d, at as Tensor, grad)]);
}

const scatterGradient = (shape: Shape, dim: number, index: Tensor, source: Tensor): Tensor =>
  addAt(null, shape, dim, index, source);

/** `start` (zeros if null) with `source` added where `index` says, along `dim`. */
function addAt(start: Tensor | null, shape: Shape, dim: number, index: Tensor, source: Tensor): Tensor {
  const strides = contiguousStrides(shape);
  const base: View = { shape: index.shape, strides: without(strides, dim), offset: 0 };
  const used = sameShape(source.shape, index.shape) ? source : cropTo(source, index.shape);
  const positions = [{ indices: index, size: shape[dim] ?? 1, stride: strides[dim] ?? 0 }];
  const out = scatter("scatterAdd", start, shape, base, positions, used, "add");
  const inputs = start ? [start, used] : [used];
  return record("scatterAdd", inputs, out, [index], (grad, [at]) => {
    const back = gather(grad, dim, at as Tensor);
    return start ? [grad, back] : [back];
  });
}

const cropTo = (x: Tensor, shape: Shape): Tensor => shape.reduce((cropped, size, d) => cropped.narrow(d, 0, size), x);

/**
 * `x` with each element of `source` added at its point with `dim` replaced by the index: with dim 0,
 * `out[index[i][j]][j] += source[i][j]`. Elements are added in row-major order.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.scatter_add.html | torch.scatter_add}
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim("scatterAdd", dim, x.ndim);
  checkIndex("scatterAdd", index);
  checkSameRank("scatterAdd", x, index, d);
  if (source.dtype !== x.dtype)
    throw new DTypeError("scatterAdd", `the source is ${source.dtype}, the tensor ${x.dtype}`, "Cast one of them.");
  if (source.ndim !== index.ndim || source.shape.some((size, i) => size < (index.shape[i] as number))) {
    throw new ShapeError(
      "scatterAdd",
      `the source ${formatShape(source.shape)} does not reach over the index ${formatShape(index.shape)}`,
      "Give one element for each index.",
    );
  }
  return addAt(x, x.shape, d, index, source);
}

/** In place: {@link scatterAdd}. */
export const scatterAdd_: (x: Tensor, dim: number, index: Tensor, source: Tensor) => Tensor = inPlace(
  "scatterAdd_",
  scatterAdd,
);

/**
 * The slices of `x` along `dim` that a list names.
 *
 * @param index - int32, [K] (or a scalar)
 * @returns the shape of `x` with K along `dim`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.index_select.html | torch.index_select}
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = normalizeDim("indexSelect", dim, x.ndim);
  checkIndex("indexSelect", index);
  if (index.ndim > 1)
    throw new ShapeError(
      "indexSelect",
      `the index has the shape ${formatShape(index.shape)}`,
      "Give a list, of one dimension.",
    );
  const count = index.numel;
  if (x.ndim === 0)
    return x
      .reshape([1])
      .indexSelect(0, index)
      .reshape(count === 1 ? [] : [count]);
  const spread = index
    .reshape(x.shape.map((_, i) => (i === d ? count : 1)))
    .expand(x.shape.map((size, i) => (i === d ? count : size)));
  return gatherFor("indexSelect", x, d, spread);
}

/** Elements of the flattened tensor. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.take.html | torch.take} */
export function take(x: Tensor, index: Tensor): Tensor {
  checkIndex("take", index);
  return gatherFor("take", x.reshape([-1]), 0, index.reshape([-1])).reshape(index.shape);
}

/** `[start, end, step]` of one dimension as in Python (each may be missing), or null for the whole of it. */
export type SliceRange = readonly [start?: number | null, end?: number | null, step?: number | null] | null;

/**
 * Slices of several dimensions at once. A view.
 *
 * @example
 * arange(6).reshape([2, 3]).slice([null, [1, 3]]).arraySync(); // => [[1, 2], [4, 5]]
 */
export function slice(x: Tensor, ranges: readonly SliceRange[]): Tensor {
  if (ranges.length > x.ndim) {
    throw new ShapeError(
      "slice",
      `${ranges.length} ranges for the ${counted(x.ndim, "dimension")} of ${formatShape(x.shape)}`,
      "Give at most one for each.",
    );
  }
  const sliced = ranges.reduce<Tensor>(
    (y, range, d) =>
      range === null ? y : sliceDim(y, d, range[0] ?? undefined, range[1] ?? undefined, range[2] ?? undefined),
    x,
  );
  // A tensor of its own even if it is the whole: who disposes of a slice keeps the rest.
  return sliced === x ? x.reshape(x.shape) : sliced;
}

/**
 * NumPy's indexing: for each dimension an int32 tensor (they broadcast together and look elements up), a range or null (the whole
 * dimension). The looked-up dimensions stand where the first index tensor stands, or in front if others lie between.
 *
 * @see {@link https://numpy.org/doc/stable/user/basics.indexing.html#advanced-indexing | NumPy, advanced indexing}
 * @example
 * const rows = tensor([0, 1], { dtype: "int32" });
 * tensor([[1, 2], [3, 4]]).index([rows, rows]).arraySync(); // => [1, 4]
 */
export function index(x: Tensor, pattern: readonly (Tensor | SliceRange)[]): Tensor {
  const isRange = (each: Tensor | SliceRange): each is SliceRange => each === null || Array.isArray(each);
  const sliced = slice(
    x,
    pattern.map((each) => (isRange(each) ? each : null)),
  );
  const looked = pattern.flatMap((each, dim) => (isRange(each) ? [] : [{ dim, indices: each }]));
  if (looked.length === 0) return sliced;
  for (const { indices } of looked) checkIndex("index", indices);
  const common = looked.reduce<Shape>((shape, { indices }) => broadcastShapes("index", shape, indices.shape), []);
  const dims = looked.map(({ dim }) => dim);
  const [first, last] = [dims[0] as number, dims.at(-1) as number];
  const together = last - first + 1 === dims.length;
  const kept = sliced.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const before = together ? kept.filter((d) => d < first) : [];
  const after = kept.filter((d) => !before.includes(d));
  const sizesOf = (list: readonly number[]): number[] => list.map((d) => sliced.shape[d] as number);
  const shape = [...sizesOf(before), ...common, ...sizesOf(after)];
  const baseFor = (strides: readonly number[], offset: number): View => ({
    shape,
    strides: [
      ...before.map((d) => strides[d] as number),
      ...common.map(() => 0),
      ...after.map((d) => strides[d] as number),
    ],
    offset,
  });
  const positionsFor = (tensors: readonly Tensor[], strides: readonly number[]): Positions[] =>
    tensors.map((indices, i) => ({
      indices: indices.reshape([...indices.shape, ...after.map(() => 1)]),
      size: sliced.shape[dims[i] as number] as number,
      stride: strides[dims[i] as number] as number,
    }));
  const tensors = looked.map(({ indices }) => indices);
  const at = (source: Tensor, chosen: readonly Tensor[]): Tensor => {
    const { strides, offset } = source.layout;
    const out = lookup("index", source, baseFor(strides, offset), positionsFor(chosen, strides));
    return record("index", [source], out, chosen, (grad, saved) => [put(grad, saved)]);
  };
  const put = (grad: Tensor, chosen: readonly Tensor[]): Tensor => {
    const strides = contiguousStrides(sliced.shape);
    const out = scatter("index", null, sliced.shape, baseFor(strides, 0), positionsFor(chosen, strides), grad, "add");
    return record("index", [grad], out, chosen, (gradgrad, saved) => [at(gradgrad, saved)]);
  };
  return at(sliced, tensors);
}

function checkSameRank(where: string, x: Tensor, index: Tensor, dim: number): void {
  const fits = index.ndim === x.ndim && index.shape.every((size, d) => d === dim || size <= (x.shape[d] as number));
  if (!fits && index.numel > 0) {
    throw new ShapeError(
      where,
      `the index ${formatShape(index.shape)} does not fit ${formatShape(x.shape)} along dim ${dim}`,
      "It needs as many dimensions, and no size larger except along dim.",
    );
  }
}
