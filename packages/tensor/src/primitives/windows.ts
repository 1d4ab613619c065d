import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { Fusion, type FusionOutput, store } from "../core/fusion.ts";
import type { Shape } from "../core/shape.ts";
import { allocateFor, type PointwiseOp, Value } from "../core/value.ts";
import { sliceView, type View, wholeView } from "../core/view.ts";
import { filled } from "../creation/full.ts";
import { Tensor } from "../tensor.ts";
import { pendingValue, sourceOf } from "./pointwise.ts";

/** Windows over the last two dimensions of [N, C, H, W]; all of them lie inside. */
export interface Windows {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** How many windows, vertically and horizontally. */
  readonly count: readonly [number, number];
}

/** For each place in the window, the elements of `view` that lie there: a view of [N, C, OH, OW]. */
function places(view: View, { kernel, stride, dilation, count }: Windows): View[] {
  const rank = view.shape.length;
  const views: View[] = [];
  for (let y = 0; y < kernel[0]; y++) {
    for (let x = 0; x < kernel[1]; x++) {
      const rows = sliceView(view, rank - 2, y * dilation[0], count[0], stride[0]);
      views.push(sliceView(rows, rank - 1, x * dilation[1], count[1], stride[1]));
    }
  }
  return views;
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

/** Is `x` to be chosen over `best`? The first of equals stays, NaN is taken and kept. */
const beats = (x: Expr, best: Expr): Expr => expr.or(expr.gt(x, best), expr.and(expr.ne(x, x), expr.eq(best, best)));

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

const outShapeOf = (x: Tensor, { count }: Windows): number[] => [...x.shape.slice(0, -2), ...count];

/** The largest of each window and its place in it (int32, row-major in the window). */
export function windowMax(x: Tensor, windows: Windows): { values: Tensor; chosen: Tensor } {
  const shape = outShapeOf(x, windows);
  const { device, dtype } = x;
  const fusion = new Fusion(shape);
  store(x.cell.value);
  const inputs = places(x.layout, windows).map((view) => fusion.add({ value: x.cell.value, view }));
  const [valueBuffer, placeBuffer] = [allocateFor(device, dtype, shape), allocateFor(device, "int32", shape)];
  const view = wholeView(shape);
  fusion.launch(device, [
    { step: fusion.op(largestOp(inputs.length), inputs), dtype, buffer: valueBuffer, view },
    { step: fusion.op(placeOp(inputs.length), inputs), dtype: "int32", buffer: placeBuffer, view },
  ]);
  const values = Tensor.ofValue(new Value(device, dtype, shape, { buffer: valueBuffer }));
  const chosen = Tensor.ofValue(new Value(device, "int32", shape, { buffer: placeBuffer }));
  record("windowMax", [x], values, [chosen], (grad, [at]) => [windowPut(grad, at as Tensor, x.shape, windows)]);
  return { values, chosen };
}

/** The chosen element of each window. */
function windowPick(x: Tensor, chosen: Tensor, windows: Windows): Tensor {
  const shape = outShapeOf(x, windows);
  store(x.cell.value);
  const sources = places(x.layout, windows).map((view) => ({ value: x.cell.value, view }));
  const op = pickOp(`${sources.length}_${x.dtype}`);
  const out = Tensor.ofValue(pendingValue(x.device, x.dtype, shape, op, [sourceOf(chosen), ...sources]));
  return record("windowPick", [x], out, [chosen], (grad, [at]) => [windowPut(grad, at as Tensor, x.shape, windows)]);
}

/** Each number of `grad` at the chosen place of its window, added where windows overlap. */
function windowPut(grad: Tensor, chosen: Tensor, shape: Shape, windows: Windows): Tensor {
  const out = addToWindows(grad, shape, windows, (fusion, place) =>
    fusion.op(chosenOp(`${place}_${grad.dtype}`), [fusion.add(sourceOf(grad)), fusion.add(sourceOf(chosen))]),
  );
  return record("windowPut", [grad], out, [chosen], (gradgrad, [at]) => [windowPick(gradgrad, at as Tensor, windows)]);
}

/** The sum of each window. */
export function windowSum(x: Tensor, windows: Windows): Tensor {
  store(x.cell.value);
  const sources = places(x.layout, windows).map((view) => ({ value: x.cell.value, view }));
  const out = Tensor.ofValue(pendingValue(x.device, x.dtype, outShapeOf(x, windows), sumOp(sources.length), sources));
  return record("windowSum", [x], out, [], (grad) => [windowSpread(grad, x.shape, windows)]);
}

/** Each number of `grad` at every place of its window, added where windows overlap. */
function windowSpread(grad: Tensor, shape: Shape, windows: Windows): Tensor {
  const out = addToWindows(grad, shape, windows, (fusion) => fusion.add(sourceOf(grad)));
  return record("windowSpread", [grad], out, [], (gradgrad) => [windowSum(gradgrad, windows)]);
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
  const { kernel, stride, dilation, count } = windows;
  const apart = dilation[0] === 1 && dilation[1] === 1 && stride[0] >= kernel[0] && stride[1] >= kernel[1];
  const covered =
    apart &&
    stride[0] === kernel[0] &&
    stride[1] === kernel[1] &&
    shape.at(-2) === count[0] * stride[0] &&
    shape.at(-1) === count[1] * stride[1];
  const start = covered
    ? new Value(device, dtype, shape, { buffer: allocateFor(device, dtype, shape) })
    : filled(shape, 0, dtype, device).cell.value;
  const buffer = store(start);
  const targets = places(wholeView(shape), windows);
  if (grad.numel > 0) {
    if (apart) {
      // No two places meet: all in one pass.
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
