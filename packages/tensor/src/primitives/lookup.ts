import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import type { DeviceBuffer } from "../core/device.ts";
import { OptionError } from "../core/errors.ts";
import { Fusion, store } from "../core/fusion.ts";
import type { Shape } from "../core/shape.ts";
import { allocateFor, type PointwiseOp, Value } from "../core/value.ts";
import { type View, wholeView } from "../core/view.ts";
import { Tensor } from "../tensor.ts";
import { copyOp } from "./contiguous.ts";
import { castValue, pendingValue, sameDevice, sourceOf } from "./pointwise.ts";

/** Positions along one dimension, looked up at each point. */
export interface Positions {
  /** int32, of a shape that broadcasts to the result's. */
  readonly indices: Tensor;
  /** Of the dimension they index. */
  readonly size: number;
  /** Elements between neighbours of that dimension. */
  readonly stride: number;
}

/** Σ index * stride, an index below 0 counting from the end. */
function positionOf(indices: readonly Expr[], args: readonly Expr[]): Expr {
  let at: Expr = expr.i32(0);
  indices.forEach((index, i) => {
    const [stride, size] = [args[2 * i] as Expr, args[2 * i + 1] as Expr];
    const wrapped = expr.select(expr.lt(index, expr.i32(0)), expr.add(index, size), index);
    at = expr.add(at, expr.mul(wrapped, stride));
  });
  return at;
}

const lookups = new Map<string, PointwiseOp>();
const positionOps = new Map<number, PointwiseOp>();

const argTypesOf = (count: number) => new Array<"i32">(2 * count).fill("i32");

function lookupOp(dtype: DType, count: number): PointwiseOp {
  const name = `lookup${count}_${dtype}`;
  let op = lookups.get(name);
  if (!op) {
    op = {
      name,
      gathers: [0],
      cost: 6,
      argTypes: argTypesOf(count),
      build: ([x, ...indices], args) => expr.gather((x as Expr).value, positionOf(indices, args), scalarOf[dtype]),
    };
    lookups.set(name, op);
  }
  return op;
}

function positionOp(count: number): PointwiseOp {
  let op = positionOps.get(count);
  if (!op) {
    op = { name: `position${count}`, argTypes: argTypesOf(count), build: positionOf };
    positionOps.set(count, op);
  }
  return op;
}

const argsOf = (positions: readonly Positions[]): number[] => positions.flatMap(({ stride, size }) => [stride, size]);

/**
 * At each point of `base`, the element of `x` that lies the positions further.
 *
 * @param base - where the looked-up dimensions' first element lies, for each point of the result; strides in elements of x's value
 */
export function lookup(where: string, x: Tensor, base: View, positions: readonly Positions[]): Tensor {
  sameDevice(where, [x, ...positions.map(({ indices }) => indices)]);
  checkPositions(where, positions);
  return lookupChecked(x, base, positions);
}

/** {@link lookup} of indices that are known to be inside. */
export function lookupChecked(x: Tensor, base: View, positions: readonly Positions[]): Tensor {
  const indices = positions.map(({ indices: each }) => sourceOf(castValue(each, "int32"), base.shape));
  return Tensor.ofValue(
    pendingValue(
      x.device,
      x.dtype,
      base.shape,
      lookupOp(x.dtype, positions.length),
      [{ value: x.cell.value, view: base }, ...indices],
      argsOf(positions),
    ),
  );
}

/**
 * A tensor of `shape` that starts as `start` (zeros if null), with the elements of `source` added (or put) the positions further than
 * `base` in its row-major elements. Points run in row-major order.
 */
export function scatter(
  where: string,
  start: Tensor | null,
  shape: Shape,
  base: View,
  positions: readonly Positions[],
  source: Tensor,
  combine: "add" | "set",
): Tensor {
  sameDevice(where, [source, ...(start ? [start] : []), ...positions.map(({ indices }) => indices)]);
  checkPositions(where, positions);
  const { device, dtype } = source;
  const buffer = allocateFor(device, dtype, shape);
  const copy = new Fusion(shape);
  const first = copy.op(copyOp, [
    start ? copy.add({ value: start.cell.value, view: start.layout }) : copy.op(zeroOp(dtype), []),
  ]);
  copy.launch(device, [{ step: first, dtype, buffer, view: wholeView(shape) }]);
  scatterChecked(buffer, base, positions, source, combine);
  return Tensor.ofValue(new Value(device, dtype, shape, { buffer }));
}

/** {@link scatter} into a buffer, of indices that are known to be inside. */
export function scatterChecked(
  buffer: DeviceBuffer,
  base: View,
  positions: readonly Positions[],
  source: Tensor,
  combine: "add" | "set",
): void {
  const fusion = new Fusion(base.shape);
  const value = fusion.op(copyOp, [fusion.add(sourceOf(source, base.shape))]);
  const at = fusion.op(
    positionOp(positions.length),
    positions.map(({ indices }) => fusion.add(sourceOf(castValue(indices, "int32"), base.shape))),
    argsOf(positions),
  );
  fusion.launch(source.device, [{ step: value, dtype: source.dtype, buffer, view: base, scatter: { at, combine } }]);
}

const zeros = new Map<DType, PointwiseOp>();

function zeroOp(dtype: DType): PointwiseOp {
  let op = zeros.get(dtype);
  if (!op) {
    const type = scalarOf[dtype];
    op = { name: `zero_${dtype}`, build: () => expr.cast(expr.constant(type === "bool" ? "i32" : type, 0), type) };
    zeros.set(dtype, op);
  }
  return op;
}

/** An index outside would read or write somebody else's memory. */
function checkPositions(where: string, positions: readonly Positions[]): void {
  for (const { indices, size } of positions) checkIndices(where, indices, -size, size);
}

/** Indices from `low` up to, not including, `end`. Devices that cannot be asked while one waits leave them unchecked. */
export function checkIndices(where: string, indices: Tensor, low: number, end: number): void {
  if (!indices.device.readSync || indices.numel === 0) return;
  store(indices.cell.value);
  const { layout } = indices;
  // What is spread over many points is looked at once.
  const shape = layout.shape.map((size, d) => (layout.strides[d] === 0 ? 1 : size));
  const once = indices.viewAs({ ...layout, shape });
  const numbers = once.dataSync();
  once.discard();
  checkNumbers(where, numbers, low, end);
}

/** {@link checkIndices} of numbers at hand. */
export function checkNumbers(where: string, indices: ArrayLike<number | bigint>, low: number, end: number): void {
  for (let i = 0; i < indices.length; i++) {
    const position = Number(indices[i]);
    if (Number.isInteger(position) && position >= low && position < end) continue;
    throw new OptionError(
      where,
      `index ${position} is outside of ${end} elements`,
      end === 0 ? "There are none." : `Indices go from ${low} to ${end - 1}.`,
    );
  }
}
