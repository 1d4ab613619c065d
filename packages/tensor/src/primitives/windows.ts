import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { Fusion, type FusionOutput, store } from "../core/fusion.ts";
import { numelOf, type Shape } from "../core/shape.ts";
import { allocateFor, type PointwiseOp, Value } from "../core/value.ts";
import { sliceView, type View, wholeView } from "../core/view.ts";
import { filled } from "../creation/full.ts";
import { Tensor } from "../tensor.ts";
import { lookup, type Positions, scatter } from "./lookup.ts";
import { pendingValue, sourceOf } from "./pointwise.ts";
import { argReduce, reduce } from "./reduce.ts";

/** Windows over the last dimensions, as many as `kernel` has; all of them lie inside. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** How many windows along each dimension. */
  readonly count: readonly number[];
}

/**
 * From so many places on, windows are dimensions to reduce: a kernel that names each place would grow too long. (A reduction chooses the
 * first of several NaN, not the last; the value is the same.)
 */
const MANY = 64;

const hasMany = ({ kernel }: Windows): boolean => numelOf(kernel) > MANY;

/** For each place in the window, the elements of `view` that lie there: views of [..., ...count], the window's last dimension fastest. */
function places(view: View, { kernel, stride, dilation, count }: Windows): View[] {
  const lead = view.shape.length - kernel.length;
  return kernel.reduce<View[]>(
    (views, size, d) =>
      views.flatMap((each) =>
        Array.from({ length: size }, (_, place) =>
          sliceView(each, lead + d, place * (dilation[d] as number), count[d] as number, stride[d] as number),
        ),
      ),
    [view],
  );
}

/** Where each window starts: a view of [..., ...count]. */
function starts(view: View, { kernel, stride, count }: Windows): View {
  const lead = view.shape.length - kernel.length;
  return kernel.reduce((each, _, d) => sliceView(each, lead + d, 0, count[d] as number, stride[d] as number), view);
}

/** The windows as dimensions of their own: a view of [..., ...count, ...kernel]. */
function unfolded(view: View, windows: Windows): View {
  const { kernel, dilation } = windows;
  const first = starts(view, windows);
  const strides = view.strides.slice(-kernel.length).map((stride, d) => stride * (dilation[d] as number));
  return { shape: [...first.shape, ...kernel], strides: [...first.strides, ...strides], offset: first.offset };
}

/** The dimensions that {@link unfolded} adds to one of `rank` dimensions. */
const addedDims = (rank: number, { kernel }: Windows): number[] => kernel.map((_, d) => rank + d);

/** A place in the window, numbered as {@link places} does, along each of its dimensions. */
export function placeAlong(chosen: Tensor, kernel: readonly number[]): Tensor[] {
  return kernel.map((size, d) => {
    const inner = numelOf(kernel.slice(d + 1));
    const outer = inner === 1 ? chosen : chosen.floorDivide(inner);
    return d === 0 ? outer : outer.remainder(size);
  });
}

/** How far from its start the chosen element of each window lies, in a value of these strides. */
function positionsOf(chosen: Tensor, { kernel, dilation }: Windows, strides: readonly number[]): Positions[] {
  const along = strides.slice(-kernel.length);
  return placeAlong(chosen, kernel).map((indices, d) => ({
    indices,
    size: kernel[d] as number,
    stride: (dilation[d] as number) * (along[d] as number),
  }));
}

const cached = <Key, Made>(make: (key: Key) => Made): ((key: Key) => Made) => {
  const made = new Map<Key, Made>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
};

/** Is `x` to be chosen over `best`? The first of equals stays; of several NaN the last is taken, as in PyTorch's pooling. */
const beats = (x: Expr, best: Expr): Expr => expr.or(expr.gt(x, best), expr.ne(x, x));

function best(inputs: readonly Expr[]): { value: Expr; place: Expr } {
  let value = inputs[0] as Expr;
  let place: Expr = expr.i32(0);
  inputs.slice(1).forEach((x, i) => {
    const taken = beats(x, value);
    value = expr.select(taken, x, value);
    place = expr.select(taken, expr.i32(i + 1), place);
  });
  return { value, place };
}

const largestOp = cached(
  (size: number): PointwiseOp => ({ name: `windowMax${size}`, cost: 2 * size, build: (inputs) => best(inputs).value }),
);
const placeOp = cached(
  (size: number): PointwiseOp => ({
    name: `windowArgmax${size}`,
    cost: 2 * size,
    build: (inputs) => best(inputs).place,
  }),
);
const pickOp = cached(
  (key: string): PointwiseOp => ({
    name: `windowPick${key}`,
    build: ([chosen, ...inputs]) =>
      inputs.reduce((value, x, i) => (i === 0 ? x : expr.select(expr.eq(chosen as Expr, expr.i32(i)), x, value))),
  }),
);
const sumOp = cached(
  (size: number): PointwiseOp => ({ name: `windowSum${size}`, cost: size, build: (inputs) => inputs.reduce(expr.add) }),
);
const addOp: PointwiseOp = { name: "add", build: ([a, b]) => expr.add(a as Expr, b as Expr) };
/** The gradient where the window chose this place, else 0. */
const chosenOp = cached((key: string): PointwiseOp => {
  const [place, dtype] = key.split("_") as [string, DType];
  return {
    name: `windowChosen${key}`,
    build: ([grad, chosen]) =>
      expr.select(expr.eq(chosen as Expr, expr.i32(Number(place))), grad as Expr, expr.constant(scalarOf[dtype], 0)),
  };
});

const outShapeOf = (x: Tensor, { count }: Windows): number[] => [...x.shape.slice(0, -count.length), ...count];

/**
 * The largest of each window and its place in it: int32, the window's last dimension fastest.
 *
 * @param first - the first place of each window that may be chosen, for those that start in a border of the least number there is; [...count]
 */
export function windowMax(x: Tensor, windows: Windows, first: Tensor | null): { values: Tensor; chosen: Tensor } {
  store(x.cell.value);
  const found = (hasMany(windows) ? largestByReduction : largestByPlace)(x, windows);
  // Where all are the least there is, the first of equals may be one that must not be chosen.
  const chosen = first ? found.chosen.maximum(first) : found.chosen;
  const { values } = found;
  record("windowMax", [x], values, [chosen], (grad, [at]) => [windowPut(grad, at as Tensor, x.shape, windows)]);
  return { values, chosen };
}

function largestByReduction(x: Tensor, windows: Windows): { values: Tensor; chosen: Tensor } {
  const dims = addedDims(x.ndim, windows);
  const { values, indices } = argReduce(x.viewAs(unfolded(x.layout, windows)), "argmax", { dims, keepdim: false });
  return { values, chosen: indices };
}

function largestByPlace(x: Tensor, windows: Windows): { values: Tensor; chosen: Tensor } {
  const shape = outShapeOf(x, windows);
  const { device, dtype } = x;
  const fusion = new Fusion(shape);
  const inputs = places(x.layout, windows).map((view) => fusion.add({ value: x.cell.value, view }));
  const [valueBuffer, placeBuffer] = [allocateFor(device, dtype, shape), allocateFor(device, "int32", shape)];
  const view = wholeView(shape);
  fusion.launch(device, [
    { step: fusion.op(largestOp(inputs.length), inputs), dtype, buffer: valueBuffer, view },
    { step: fusion.op(placeOp(inputs.length), inputs), dtype: "int32", buffer: placeBuffer, view },
  ]);
  return {
    values: Tensor.ofValue(new Value(device, dtype, shape, { buffer: valueBuffer })),
    chosen: Tensor.ofValue(new Value(device, "int32", shape, { buffer: placeBuffer })),
  };
}

/** The chosen element of each window. */
function windowPick(x: Tensor, chosen: Tensor, windows: Windows): Tensor {
  store(x.cell.value);
  const out = hasMany(windows)
    ? lookup("windowPick", x, starts(x.layout, windows), positionsOf(chosen, windows, x.layout.strides))
    : pickByPlace(x, chosen, windows);
  return record("windowPick", [x], out, [chosen], (grad, [at]) => [windowPut(grad, at as Tensor, x.shape, windows)]);
}

function pickByPlace(x: Tensor, chosen: Tensor, windows: Windows): Tensor {
  const sources = places(x.layout, windows).map((view) => ({ value: x.cell.value, view }));
  const op = pickOp(`${sources.length}_${x.dtype}`);
  return Tensor.ofValue(pendingValue(x.device, x.dtype, outShapeOf(x, windows), op, [sourceOf(chosen), ...sources]));
}

/** Each number of `grad` at the chosen place of its window, added where windows overlap. */
function windowPut(grad: Tensor, chosen: Tensor, shape: Shape, windows: Windows): Tensor {
  const out = hasMany(windows) ? putByPosition(grad, chosen, shape, windows) : putByPlace(grad, chosen, shape, windows);
  return record("windowPut", [grad], out, [chosen], (gradgrad, [at]) => [windowPick(gradgrad, at as Tensor, windows)]);
}

function putByPosition(grad: Tensor, chosen: Tensor, shape: Shape, windows: Windows): Tensor {
  const whole = wholeView(shape);
  const positions = positionsOf(chosen, windows, whole.strides);
  return scatter("windowPut", null, shape, starts(whole, windows), positions, grad, "add");
}

const putByPlace = (grad: Tensor, chosen: Tensor, shape: Shape, windows: Windows): Tensor =>
  addToWindows(grad, shape, windows, (fusion, place) =>
    fusion.op(chosenOp(`${place}_${grad.dtype}`), [fusion.add(sourceOf(grad)), fusion.add(sourceOf(chosen))]),
  );

/** The sum of each window. */
export function windowSum(x: Tensor, windows: Windows): Tensor {
  store(x.cell.value);
  const out = hasMany(windows) ? sumByReduction(x, windows) : sumByPlace(x, windows);
  return record("windowSum", [x], out, [], (grad) => [windowSpread(grad, x.shape, windows)]);
}

const sumByReduction = (x: Tensor, windows: Windows): Tensor =>
  reduce(x.viewAs(unfolded(x.layout, windows)), "sum", { dims: addedDims(x.ndim, windows), keepdim: false });

function sumByPlace(x: Tensor, windows: Windows): Tensor {
  const sources = places(x.layout, windows).map((view) => ({ value: x.cell.value, view }));
  return Tensor.ofValue(pendingValue(x.device, x.dtype, outShapeOf(x, windows), sumOp(sources.length), sources));
}

/** Each number of `grad` at every place of its window, added where windows overlap. */
function windowSpread(grad: Tensor, shape: Shape, windows: Windows): Tensor {
  const out =
    hasMany(windows) && areApart(windows)
      ? spreadByView(grad, shape, windows)
      : addToWindows(grad, shape, windows, (fusion) => fusion.add(sourceOf(grad)));
  return record("windowSpread", [grad], out, [], (gradgrad) => [windowSum(gradgrad, windows)]);
}

/** Do no two windows meet, not even between each other's elements? */
const areApart = ({ kernel, stride, dilation }: Windows): boolean =>
  kernel.every((size, d) => dilation[d] === 1 && (stride[d] as number) >= size);

function spreadByView(grad: Tensor, shape: Shape, windows: Windows): Tensor {
  const { device, dtype } = grad;
  const out = filled(shape, 0, dtype, device);
  const view = unfolded(wholeView(shape), windows);
  const { strides, offset } = grad.layout;
  const repeated = { shape: view.shape, strides: [...strides, ...windows.kernel.map(() => 0)], offset };
  const fusion = new Fusion(view.shape);
  const step = fusion.add({ value: grad.cell.value, view: repeated });
  fusion.launch(device, [{ step, dtype, buffer: store(out.cell.value), view }]);
  return out;
}

/** A tensor of `shape` that has, at each place of each window, the number of the step made for that place. */
function addToWindows(
  grad: Tensor,
  shape: Shape,
  windows: Windows,
  stepFor: (fusion: Fusion, place: number) => number,
): Tensor {
  const { device, dtype } = grad;
  store(grad.cell.value);
  const { kernel, stride, count } = windows;
  const inOnePass = !hasMany(windows) && areApart(windows);
  const covered =
    inOnePass &&
    kernel.every((size, d) => stride[d] === size && shape.at(d - kernel.length) === (count[d] as number) * size);
  const start = covered
    ? new Value(device, dtype, shape, { buffer: allocateFor(device, dtype, shape) })
    : filled(shape, 0, dtype, device).cell.value;
  const buffer = store(start);
  const targets = places(wholeView(shape), windows);
  if (grad.numel > 0) {
    if (inOnePass) {
      // No two places meet.
      const fusion = new Fusion(grad.shape);
      fusion.launch(
        device,
        targets.map((view, place): FusionOutput => ({ step: stepFor(fusion, place), dtype, buffer, view })),
      );
    } else {
      targets.forEach((view, place) => {
        const fusion = new Fusion(grad.shape);
        const before = fusion.add({ value: start, view });
        fusion.launch(device, [{ step: fusion.op(addOp, [before, stepFor(fusion, place)]), dtype, buffer, view }]);
      });
    }
  }
  return Tensor.ofValue(start);
}
