import { type Kernel, type Launch, type Rule, usesGradient as readsGradient, ruleKernel } from "@anneal/kernel";
import { noGrad } from "../autograd/grad-mode.ts";
import { denseGradient, isRowGradient } from "../autograd/row-gradient.ts";
import { SparseGradient } from "../autograd/sparse-gradient.ts";
import type { DeviceBuffer } from "../core/device.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { isContiguous, isWhole } from "../core/view.ts";
import { openInnerScope } from "../memory/scope.ts";
import { contiguous } from "../primitives/contiguous.ts";
import { putRows, takeRows } from "../primitives/rows.ts";
import type { Tensor } from "../tensor.ts";

/** What is the same in every step. */
interface Compiled {
  readonly kernel: Kernel;
  readonly usesGradient: boolean;
  /** The slots that are written, in the order of the updates. */
  readonly written: readonly number[];
  readonly writes: readonly boolean[];
}

const known = { float32: new WeakMap<Rule, Compiled>(), float64: new WeakMap<Rule, Compiled>() };

function compiledFor(rule: Rule, dtype: "float32" | "float64"): Compiled {
  let compiled = known[dtype].get(rule);
  if (!compiled) {
    const written = rule.updates.map(({ slot }) => slot);
    const writes = Array.from({ length: 2 + rule.state.length }, (_, slot) => written.includes(slot));
    compiled = { kernel: ruleKernel(rule, dtype), usesGradient: readsGradient(rule), written, writes };
    known[dtype].set(rule, compiled);
  }
  return compiled;
}

const strides = [1];

/**
 * Run an optimizer's rule over a parameter, its gradient and its state: one pass over memory, in place. Without a gradient only a rule runs
 * that has no use for it.
 */
export function updateByRule(
  parameter: Tensor,
  rule: Rule,
  state: readonly Tensor[],
  scalars: readonly number[],
): void {
  const { usesGradient } = compiledFor(rule, floatTypeOf(rule, parameter));
  // In the gradient's slot something must be, even if the rule does not look at it.
  const gradient = parameter.peekGrad() ?? (usesGradient ? null : parameter);
  if (!gradient) return;
  if (!isRowGradient(gradient)) {
    run(rule, [parameter, isContiguous(gradient.layout) ? gradient : contiguous(gradient), ...state], scalars);
    return;
  }
  const scope = openInnerScope();
  try {
    run(rule, [parameter, noGrad(() => denseGradient(gradient, parameter.shape)), ...state], scalars);
  } finally {
    scope.close();
  }
}

/** Run a rule over the rows that the gradient names, and nothing else. A gradient of all elements names none. */
export function updateRowsByRule(
  parameter: Tensor,
  rule: Rule,
  state: readonly Tensor[],
  scalars: readonly number[],
): void {
  const gradient = parameter.peekGrad();
  if (!(gradient instanceof SparseGradient) || gradient.indices.numel === 0) return;
  const { written } = compiledFor(rule, floatTypeOf(rule, parameter));
  const { indices, values, places } = gradient;
  for (const slot of state) checkSlot(rule, parameter, slot);
  const wholes = [parameter, values, ...state];
  const scope = openInnerScope();
  try {
    const whereIn = (slot: number): Tensor => (slot === 1 ? places : indices);
    // What comes more than once gets the same new numbers each time.
    const rows = wholes.map((whole, slot) => takeRows(whole, whereIn(slot)));
    run(rule, rows, scalars);
    for (const slot of written) putRows(wholes[slot] as Tensor, whereIn(slot), rows[slot] as Tensor, "set");
  } finally {
    scope.close();
  }
}

function floatTypeOf({ name }: Rule, { dtype }: Tensor): "float32" | "float64" {
  if (dtype === "float32" || dtype === "float64") return dtype;
  throw new DTypeError(name, `a parameter is ${dtype}`, "Optimize float32 or float64 parameters.");
}

/** The rule over its slots, in place. */
function run(rule: Rule, slots: readonly Tensor[], scalars: readonly number[]): void {
  const [parameter] = slots as [Tensor];
  const { device } = parameter;
  const dtype = floatTypeOf(rule, parameter);
  const { kernel, written, writes } = compiledFor(rule, dtype);
  // Plain loops: this runs for every parameter of every step, and small ones take no longer than it does.
  const inputs: Launch<DeviceBuffer>["inputs"][number][] = [];
  const fresh: (DeviceBuffer | null)[] = [];
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as Tensor;
    checkSlot(rule, parameter, slot);
    const buffer = store(slot.cell.value);
    inputs.push({ buffer, offset: slot.layout.offset, strides });
    // Somebody still reads the old numbers: leave them where they are.
    fresh.push(writes[i] && slot.cell.value.references !== 1 ? newBuffer(rule, slot) : null);
  }
  const outputs: Launch<DeviceBuffer>["outputs"][number][] = [];
  for (let i = 0; i < written.length; i++) {
    const slot = written[i] as number;
    const { buffer, offset } = inputs[slot] as { buffer: DeviceBuffer; offset: number };
    outputs.push({ buffer: fresh[slot] ?? buffer, offset, strides });
  }
  if (parameter.numel > 0) device.run(kernel, { shape: [parameter.numel], inputs, outputs, args: scalars });
  for (let i = 0; i < written.length; i++) {
    const slot = written[i] as number;
    const { cell, shape } = slots[slot] as Tensor;
    const buffer = fresh[slot];
    if (buffer) cell.replace(new Value(device, dtype, shape, { buffer }));
    else cell.version++;
  }
}

function newBuffer(rule: Rule, slot: Tensor): DeviceBuffer {
  if (!isWhole(slot.layout, slot.cell.value.shape)) {
    throw new ShapeError(
      rule.name,
      "a parameter is part of another tensor that is in use",
      "Optimize whole tensors: x.clone().",
    );
  }
  return allocateFor(slot.device, slot.dtype, slot.shape);
}

function checkSlot(rule: Rule, parameter: Tensor, slot: Tensor): void {
  if (!sameShape(slot.shape, parameter.shape) || slot.dtype !== parameter.dtype) {
    throw new ShapeError(
      rule.name,
      `a parameter of ${parameter.dtype} ${formatShape(parameter.shape)} has a slot of ${slot.dtype} ${formatShape(slot.shape)}`,
      "Gradients and state have the shape and dtype of their parameter.",
    );
  }
  if (!isContiguous(slot.layout)) {
    throw new ShapeError(
      rule.name,
      `a parameter ${formatShape(parameter.shape)} is not contiguous`,
      "Optimize x.contiguous().",
    );
  }
}
