import type { Bound } from "@anneal/kernel";
import { contiguousStrides, type Shape, sameShape } from "./shape.ts";

/** Where the elements of a tensor lie in its value: element `index` is at `offset + Σ strides[d] * index[d]`. */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
  /** Points outside any of these read as 0: how padding costs no memory. */
  readonly bounds?: readonly Bound[];
}

/** The whole of a row-major value. */
export const wholeView = (shape: Shape): View => ({ shape, strides: contiguousStrides(shape), offset: 0 });

/** Row-major without gaps, from any offset. */
export function isContiguous(view: View): boolean {
  if (view.bounds) return false;
  let stride = 1;
  for (let d = view.shape.length - 1; d >= 0; d--) {
    const size = view.shape[d] as number;
    // Nothing at all lies without gaps.
    if (size !== 1 && view.strides[d] !== stride) return view.shape.includes(0);
    stride *= size;
  }
  return true;
}

/** Is `view` exactly the row-major value of `shape`? */
export const isWhole = (view: View, shape: Shape): boolean =>
  view.offset === 0 && sameShape(view.shape, shape) && isContiguous(view);

/** New dimensions in the order given. */
export function permuteView(view: View, dims: readonly number[]): View {
  const pick = (list: readonly number[]): number[] => dims.map((d) => list[d] as number);
  return withDims(view, pick(view.shape), pick);
}

/** Size 1 becomes any size, new dimensions come in front; the caller has checked that the shapes fit. */
export function expandView(view: View, shape: Shape): View {
  if (sameShape(view.shape, shape)) return view;
  const added = shape.length - view.shape.length;
  const spread = (strides: readonly number[]): number[] =>
    shape.map((size, d) =>
      d < added || (view.shape[d - added] === 1 && size !== 1) ? 0 : (strides[d - added] as number),
    );
  return withDims(view, shape, spread);
}

/** Every `step`-th element of dimension `dim` from `start`, `length` of them; a negative step runs backwards. */
export function sliceView(view: View, dim: number, start: number, length: number, step: number): View {
  const shape = view.shape.map((size, d) => (d === dim ? length : size));
  const scale = (strides: readonly number[]): number[] =>
    strides.map((stride, d) => (d === dim ? stride * step : stride));
  const shift = (strides: readonly number[]): number => start * (strides[dim] as number);
  return {
    shape,
    strides: scale(view.strides),
    offset: view.offset + shift(view.strides),
    ...(view.bounds && {
      bounds: view.bounds.map((bound) => ({
        strides: scale(bound.strides),
        offset: bound.offset + shift(bound.strides),
        size: bound.size,
      })),
    }),
  };
}

/** `before` and `after` points of nothing around dimension `dim` (negative counts crop). */
export function padView(view: View, dim: number, before: number, after: number): View {
  const size = view.shape[dim] as number;
  const moved = sliceView(view, dim, -before, size + before + after, 1);
  const strides = view.shape.map((_, d) => (d === dim ? 1 : 0));
  return { ...moved, bounds: [...(moved.bounds ?? []), { strides, offset: -before, size }] };
}

/** The same elements in another shape, or null where that needs a copy. */
export function reshapeView(view: View, shape: Shape): View | null {
  if (sameShape(view.shape, shape)) return view;
  if (view.bounds) return null;
  if (isContiguous(view)) return { shape, strides: contiguousStrides(shape), offset: view.offset };
  const strides = reshapeStrides(view.shape, view.strides, shape);
  return strides && { shape, strides, offset: view.offset };
}

/** Match groups of old dimensions of equal total size with groups of new ones; each old group must be one run in memory. */
function reshapeStrides(from: Shape, strides: readonly number[], to: Shape): number[] | null {
  const out = new Array<number>(to.length).fill(0);
  const old: { size: number; stride: number }[] = [];
  for (let d = 0; d < from.length; d++)
    if (from[d] !== 1) old.push({ size: from[d] as number, stride: strides[d] as number });
  let o = old.length - 1;
  let n = to.length - 1;
  while (o >= 0) {
    const last = old[o] as { size: number; stride: number };
    let run = last.size;
    let first = o;
    let size = 1;
    let stride = last.stride;
    for (;;) {
      while (size < run && n >= 0) {
        out[n] = stride * size;
        size *= to[n] as number;
        n--;
      }
      if (size === run) break;
      if (n < 0 && size < run) return null;
      first--;
      const outer = old[first];
      const inner = old[first + 1] as { size: number; stride: number };
      if (!outer || outer.stride !== inner.stride * inner.size) return null;
      run *= outer.size;
    }
    stride = last.stride;
    o = first - 1;
  }
  return out;
}

function withDims(view: View, shape: Shape, dims: (list: readonly number[]) => number[]): View {
  return {
    shape,
    strides: dims(view.strides),
    offset: view.offset,
    ...(view.bounds && { bounds: view.bounds.map((bound) => ({ ...bound, strides: dims(bound.strides) })) }),
  };
}

/**
 * `inner` is a view over the points of a row-major shape; `outer` picks points of that shape. The view of `outer`'s points straight
 * through to what `inner` looks at, or null where no strides can say it.
 */
export function composeViews(outer: View, inner: View): View | null {
  // Outside its bounds `outer` is 0, whatever would be computed from 0 there.
  if (outer.bounds) return null;
  if (isContiguous(inner)) return { shape: outer.shape, strides: outer.strides, offset: inner.offset + outer.offset };
  const steps = stepsThrough(outer, inner.shape);
  if (!steps) return null;
  const through = (strides: readonly number[]): number[] | null => {
    const out = new Array<number>(outer.shape.length).fill(0);
    for (const step of steps.moves) {
      // A run over several dimensions of the shape is one stride only if they lie in one run here too.
      for (let d = step.first; d < step.last; d++) {
        if (strides[d] !== (strides[d + 1] as number) * (inner.shape[d + 1] as number)) return null;
      }
      out[step.dim] = (strides[step.last] as number) * step.times;
    }
    return out;
  };
  const start = (strides: readonly number[]): number =>
    steps.start.reduce((sum, index, d) => sum + index * (strides[d] as number), 0);
  const strides = through(inner.strides);
  if (!strides) return null;
  const bounds: Bound[] = [];
  for (const bound of inner.bounds ?? []) {
    const boundStrides = through(bound.strides);
    if (!boundStrides) return null;
    bounds.push({ strides: boundStrides, offset: bound.offset + start(bound.strides), size: bound.size });
  }
  return {
    shape: outer.shape,
    strides,
    offset: inner.offset + start(inner.strides),
    ...(bounds.length > 0 && { bounds }),
  };
}

interface Steps {
  /** The point of the shape where `outer` starts. */
  readonly start: readonly number[];
  /** Dimension `dim` of `outer` walks the run of dimensions first..last of the shape, `times` elements of the last at a time. */
  readonly moves: readonly { dim: number; first: number; last: number; times: number }[];
}

/** Write the linear walk of `outer` as a walk over the dimensions of `shape`. */
function stepsThrough(outer: View, shape: Shape): Steps | null {
  const rowMajor = contiguousStrides(shape);
  const start = new Array<number>(shape.length);
  let rest = outer.offset;
  for (let d = 0; d < shape.length; d++) {
    const stride = rowMajor[d] as number;
    start[d] = stride === 0 ? 0 : Math.floor(rest / stride);
    rest -= (start[d] as number) * stride;
  }
  const low = [...start];
  const high = [...start];
  const moves: Steps["moves"][number][] = [];
  for (let dim = 0; dim < outer.shape.length; dim++) {
    const size = outer.shape[dim] as number;
    const stride = outer.strides[dim] as number;
    if (size <= 1 || stride === 0) continue;
    const last = dimensionOf(stride, shape, rowMajor);
    if (last < 0) return null;
    const times = stride / (rowMajor[last] as number);
    const reach = times * (size - 1);
    let first = last;
    if (times === 1) {
      let run = shape[last] as number;
      while (run < size && first > 0) run *= shape[--first] as number;
      if (first < last) {
        if (run !== size) return null;
        for (let d = first; d <= last; d++) {
          if (start[d] !== 0 || low[d] !== high[d]) return null;
          high[d] = (shape[d] as number) - 1;
        }
        moves.push({ dim, first, last, times: 1 });
        continue;
      }
    }
    if (reach > 0) high[last] = (high[last] as number) + reach;
    else low[last] = (low[last] as number) + reach;
    moves.push({ dim, first, last, times });
  }
  for (let d = 0; d < shape.length; d++) {
    if ((low[d] as number) < 0 || (high[d] as number) > (shape[d] as number) - 1) return null;
  }
  return { start, moves };
}

/** The dimension of `shape` whose steps `stride` is made of. */
function dimensionOf(stride: number, shape: Shape, rowMajor: readonly number[]): number {
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] !== 1 && Math.abs(stride) >= (rowMajor[d] as number))
      return stride % (rowMajor[d] as number) === 0 ? d : -1;
  }
  return -1;
}
