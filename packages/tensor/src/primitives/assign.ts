import { record } from "../autograd/graph.ts";
import type { DeviceBuffer } from "../core/device.ts";
import { losesKind } from "../core/dtypes.ts";
import { DTypeError, GradientError, reword, ShapeError } from "../core/errors.ts";
import { Fusion, store } from "../core/fusion.ts";
import { formatShape, type Shape, sameShape } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { isWhole, wholeView } from "../core/view.ts";
import { zerosLike } from "../creation/like.ts";
import { Tensor } from "../tensor.ts";
import { clone, copyOp } from "./contiguous.ts";
import { castValue } from "./pointwise.ts";
import { expand } from "./view.ts";

/**
 * Make an in-place form: compute the op, then let everybody who looks at the tensor see the result.
 *
 * @throws {GradientError} on a leaf that wants a gradient, or on part of a tensor whose op is recorded
 */
export function inPlace<Rest extends unknown[]>(
  name: string,
  op: (x: Tensor, ...rest: Rest) => Tensor,
): (x: Tensor, ...rest: Rest) => Tensor {
  return (x, ...rest) => {
    if (!isWhole(x.layout, x.cell.value.shape)) checkApart(name, x);
    if (x.recorded) checkRecordable(name, x);
    // A tensor of its own: what the op saves is the old value, whose version stays.
    const before = Tensor.ofValue(x.cell.value, x.layout, x.edge());
    const result = inName(name, () => op(before, ...rest));
    if (losesKind(result.dtype, x.dtype)) throw tooNarrow(name, result, x);
    if (!isWhole(x.layout, x.cell.value.shape)) {
      // A part is written where it lies, without a copy of the whole, once nothing reads the old numbers any more.
      if (result.cell.value.pending?.reads) store(result.cell.value);
      if (result !== before) before.discard();
    }
    assign(name, x, result);
    // Nobody else reads the old numbers now, so their buffer may take the new ones.
    before.discard();
    if (!x.recorded && !rest.includes(result)) result.discard();
    return x;
  };
}

/** Errors name what the user called: add_, not add. */
function inName(name: string, op: () => Tensor): Tensor {
  try {
    return op();
  } catch (error) {
    const plain = `${name.slice(0, -1)}: `;
    if (error instanceof Error && error.message.startsWith(plain))
      reword(error, `${name}: ${error.message.slice(plain.length)}`);
    throw error;
  }
}

const tooNarrow = (name: string, result: Tensor, x: Tensor): DTypeError =>
  new DTypeError(
    name,
    `the result is ${result.dtype}, which does not fit into a tensor of ${x.dtype}`,
    "In place the dtype stays; use the form without the trailing underscore.",
  );

/** @throws {ShapeError} unless `shape` broadcasts to `whole` without changing it */
export function checkFits(name: string, shape: Shape, whole: Shape): void {
  const added = whole.length - shape.length;
  if (added >= 0 && shape.every((size, d) => size === 1 || size === whole[d + added])) return;
  throw new ShapeError(
    name,
    `${formatShape(shape)} does not fit into ${formatShape(whole)}`,
    "In place the shape stays; sizes must be equal or 1.",
  );
}

/** `x` takes the numbers of `source` (broadcast to its shape, converted to its dtype), and with them their graph. */
function assign(name: string, x: Tensor, source: Tensor): Tensor {
  checkFits(name, source.shape, x.shape);
  const recorded = x.recorded || source.recorded;
  if (recorded) checkRecordable(name, x);
  const spread = sameShape(source.shape, x.shape) ? source : expand(source, x.shape);
  const { cell } = x;
  if (isWhole(x.layout, cell.value.shape)) {
    const converted = castValue(spread, x.dtype);
    const plain = isWhole(converted.layout, converted.cell.value.shape) ? converted : converted.clone();
    cell.replace(plain.cell.value);
  } else writeInto(x, spread);
  if (recorded) {
    if (spread.requiresGrad) record(name, [spread], x, [], (grad) => [grad]);
    // What `x` was made from has no part in its numbers any more.
    else record(name, [x], x, [], (grad) => [zerosLike(grad)]);
  }
  return x;
}

/** Part of a buffer: write there, into a copy where somebody still reads the old numbers. */
function writeInto(x: Tensor, source: Tensor): void {
  const { cell, device, layout: view } = x;
  store(cell.value);
  // Numbers from the same buffer are read before any is written.
  const apart = source.cell.value === cell.value ? clone(source) : source;
  const converted = castValue(apart, x.dtype);
  if (converted.cell.value.pending?.reads) store(converted.cell.value);
  const buffer = writable(x);
  const fusion = new Fusion(x.shape);
  const step = fusion.add({ value: converted.cell.value, view: converted.layout });
  const out = fusion.op(copyOp, [step]);
  fusion.launch(device, [{ step: out, dtype: x.dtype, buffer, view }]);
}

/** The buffer of a tensor whose numbers are about to change there: of its own, where somebody still reads the old ones. */
export function writable({ cell, device }: Tensor): DeviceBuffer {
  const old = cell.value;
  const buffer = store(old);
  if (old.references === 1) {
    cell.version++;
    return buffer;
  }
  const copy = copyOf(old);
  cell.replace(new Value(device, old.dtype, old.shape, { buffer: copy }));
  return copy;
}

function copyOf(value: Value) {
  const buffer = allocateFor(value.device, value.dtype, value.shape);
  const fusion = new Fusion(value.shape);
  const step = fusion.op(copyOp, [fusion.add({ value, view: wholeView(value.shape) })]);
  fusion.launch(value.device, [{ step, dtype: value.dtype, buffer, view: wholeView(value.shape) }]);
  return buffer;
}

/** Points of an expanded or unfolded tensor share memory: which of their new numbers should stay? */
function checkApart(name: string, x: Tensor): void {
  const { shape, strides } = x.layout;
  const steps = shape.flatMap((size, d) => (size > 1 ? [{ size, stride: Math.abs(strides[d] as number) }] : []));
  steps.sort((a, b) => a.stride - b.stride);
  let reach = 0;
  for (const { size, stride } of steps) {
    if (stride <= reach) {
      throw new ShapeError(
        name,
        `several points of a tensor ${formatShape(shape)} with strides ${formatShape(strides)} are one element in memory`,
        "Change the tensor it was expanded or unfolded from, or a clone().",
      );
    }
    reach += (size - 1) * stride;
  }
}

function checkRecordable(name: string, x: Tensor): void {
  if (x.requiresGrad && x.isLeaf) {
    throw new GradientError(
      name,
      "a leaf that wants a gradient would change in place while ops are recorded",
      "Do it inside noGrad(() => ...), or use the form without the trailing underscore.",
    );
  }
  if (x.cell.viewsRecorded || !isWhole(x.layout, x.cell.value.shape)) {
    throw new GradientError(
      name,
      "a tensor that shares its memory with recorded views would change in place, and their gradients would be wrong",
      "Use the form without the trailing underscore, or do it inside noGrad(() => ...).",
    );
  }
}
