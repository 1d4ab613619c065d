import { type Kernel, type Launch, type Rule, ruleKernel, usesGradient } from "@anneal/kernel";
import type { DeviceBuffer } from "../core/device.ts";
import { DTypeError, ShapeError } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { isContiguous, isWhole } from "../core/view.ts";
import { contiguous } from "../primitives/contiguous.ts";
import type { Tensor } from "../tensor.ts";

const kernels = { float32: new WeakMap<Rule, Kernel>(), float64: new WeakMap<Rule, Kernel>() };

function kernelFor(rule: Rule, dtype: "float32" | "float64"): Kernel {
  let kernel = kernels[dtype].get(rule);
  if (!kernel) {
    kernel = ruleKernel(rule, dtype);
    kernels[dtype].set(rule, kernel);
  }
  return kernel;
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
  // In the gradient's slot something must be, even if the rule does not look at it.
  const gradient = parameter.peekGrad() ?? (usesGradient(rule) ? null : parameter);
  if (!gradient) return;
  const { dtype, device } = parameter;
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError(rule.name, `a parameter is ${dtype}`, "Optimize float32 or float64 parameters.");
  }
  const grad = isContiguous(gradient.layout) ? gradient : contiguous(gradient);
  const slots = [parameter, grad, ...state];
  for (const slot of slots) checkSlot(rule, parameter, slot);
  const kernel = kernelFor(rule, dtype);
  const written = new Set(rule.updates.map(({ slot }) => slot));
  const reads: DeviceBuffer[] = [];
  const writes: DeviceBuffer[] = [];
  const offsets = slots.map(({ layout }) => layout.offset);
  slots.forEach((slot, i) => {
    const buffer = store(slot.cell.value);
    reads.push(buffer);
    if (!written.has(i)) return;
    // Somebody still reads the old numbers: leave them where they are.
    const alone = slot.cell.value.references === 1;
    const whole = isWhole(slot.layout, slot.cell.value.shape);
    if (!alone && !whole)
      throw new ShapeError(
        rule.name,
        "a parameter is part of another tensor that is in use",
        "Optimize whole tensors: x.clone().",
      );
    writes[i] = alone ? buffer : allocateFor(device, dtype, slot.shape);
  });
  const launch: Launch<DeviceBuffer> = {
    shape: [parameter.numel],
    inputs: reads.map((buffer, i) => ({ buffer, offset: offsets[i] as number, strides })),
    outputs: rule.updates.map(({ slot }) => ({
      buffer: writes[slot] as DeviceBuffer,
      offset: offsets[slot] as number,
      strides,
    })),
    args: scalars,
  };
  if (parameter.numel > 0) device.run(kernel, launch);
  for (const i of written) {
    const { cell, shape } = slots[i] as Tensor;
    if (writes[i] === reads[i]) cell.version++;
    else cell.replace(new Value(device, dtype, shape, { buffer: writes[i] as DeviceBuffer }));
  }
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
