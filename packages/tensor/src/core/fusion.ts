import {
  type Bound,
  type DType,
  type Expr,
  expr,
  type Kernel,
  type KernelInput,
  type KernelOutput,
  type KernelView,
  layoutOf,
  type ReduceOp,
  type ScalarType,
  scalarOf,
} from "@anneal/kernel";
import type { Device, DeviceBuffer } from "./device.ts";
import { contiguousStrides, numelOf, type Shape, sameShape } from "./shape.ts";
import { allocateFor, type Pending, type PointwiseOp, type Source, type Value } from "./value.ts";
import { composeViews, isWhole, type View } from "./view.ts";

/** A step of the kernel being built: an input, an op over earlier steps, or the reduction's result. */
type Step =
  | { readonly kind: "load"; readonly input: number; readonly type: ScalarType }
  | { readonly kind: "offset"; readonly input: number }
  | { readonly kind: "op"; readonly op: PointwiseOp; readonly inputs: readonly number[]; readonly firstArg: number }
  | { readonly kind: "reduced"; readonly type: ScalarType }
  | { readonly kind: "reducedIndex" };

/** Number of a step. */
export type StepId = number;

interface Input {
  readonly buffer: DeviceBuffer | null;
  readonly dtype: DType | "virtual";
  readonly view: View;
}

export interface FusionOutput {
  readonly step: StepId;
  readonly dtype: DType;
  readonly buffer: DeviceBuffer;
  /** Over the kept dimensions (all of them for a scan). */
  readonly view: View;
  readonly scatter?: { readonly at: StepId; readonly combine: "add" | "set" };
}

export interface FusionReduction {
  readonly op: ReduceOp;
  readonly value: StepId;
  /** How many of the last dimensions are reduced. */
  readonly rank: number;
  readonly scan?: boolean;
}

/** A pending value dearer than this is stored rather than computed a second time; exp is 10, an addition 1. */
const DEAR = 8;
/** Points times price from which a small value is stored rather than computed anew for everything it is broadcast to. */
const DEAR_BROADCAST = 16_384;

const kernels = new Map<string, Kernel>();

/**
 * Collects expressions over one index space and launches them as one kernel: pending values are taken in whole, whatever views lie
 * between, so that a chain of elementwise ops is one pass over memory. Kernels of one form (ops, dtypes, layouts, but not sizes,
 * strides or numbers) are built once.
 */
export class Fusion {
  readonly #shape: Shape;
  readonly #points: number;
  readonly #inputs: Input[] = [];
  readonly #steps: Step[] = [];
  readonly #args: number[] = [];
  /** The step that loads each input. */
  readonly #loads: StepId[] = [];
  readonly #known = new Map<Value, { view: View; step: StepId }[]>();
  /** Values whose buffers are inputs, once for each: none may be given away or freed before the launch. */
  readonly #held: Value[] = [];
  #form = "";

  constructor(shape: Shape) {
    this.#shape = shape;
    this.#points = numelOf(shape);
  }

  /** The source's value at each point; its view has the shape of the index space. */
  add(source: Source): StepId {
    const { value, view } = source;
    if (value === null || value.pending === null) return this.#input(value, view);
    const known = this.#known.get(value);
    const same = known?.find((entry) => entry.view === view);
    if (same) return same.step;
    const step = this.#inline(value, view);
    if (known) known.push({ view, step });
    else this.#known.set(value, [{ view, step }]);
    return step;
  }

  /** An op over steps made before. */
  op(op: PointwiseOp, inputs: readonly StepId[], args: readonly number[] = []): StepId {
    const firstArg = this.#args.length;
    for (const value of args) this.#args.push(value);
    this.#form += `${op.name}(${inputs.join()})`;
    return this.#steps.push({ kind: "op", op, inputs, firstArg }) - 1;
  }

  /** The reduction's result, for epilogues. */
  reduced(type: ScalarType): StepId {
    this.#form += `reduced:${type}`;
    return this.#steps.push({ kind: "reduced", type }) - 1;
  }

  /** Where argmax or argmin found it. */
  reducedIndex(): StepId {
    this.#form += "reducedIndex";
    return this.#steps.push({ kind: "reducedIndex" }) - 1;
  }

  /** Does nobody but the recipe being followed need this input's buffer, read through one view? */
  readsAlone(value: Value): boolean {
    let views = 0;
    for (const held of this.#held) if (held === value) views++;
    return views === 1 && value.references === 2;
  }

  /** Run the kernel, once: afterwards the inputs are let go. Where there is nothing to write, nothing is run. */
  launch(device: Device, outputs: readonly FusionOutput[], reduce?: FusionReduction): void {
    const kept = reduce && !reduce.scan ? this.#shape.slice(0, this.#shape.length - reduce.rank) : this.#shape;
    try {
      if (numelOf(kept) > 0) this.#run(device, outputs, reduce);
    } finally {
      for (const value of this.#held) value.release();
      this.#held.length = 0;
    }
  }

  #run(device: Device, outputs: readonly FusionOutput[], reduce: FusionReduction | undefined): void {
    const rank = this.#shape.length - (reduce?.rank ?? 0);
    const space = collapse(this.#shape, rank, this.#inputs, outputs, reduce?.scan === true);
    let form = `${this.#form}|${space.kept}`;
    for (let i = 0; i < this.#inputs.length; i++) {
      const { dtype } = this.#inputs[i] as Input;
      const view = space.inputs[i] as KernelView;
      form += `|${dtype}${layoutAt(view, space.kept - 1)}${reduce ? layoutAt(view, space.shape.length - 1) : ""}${view.bounds?.length ?? 0}`;
    }
    for (let i = 0; i < outputs.length; i++) {
      const { step, dtype, scatter } = outputs[i] as FusionOutput;
      form += `>${step}${dtype}${layoutAt(space.outputs[i] as KernelView, space.kept - 1)}`;
      if (scatter) form += `${scatter.combine}${scatter.at}`;
    }
    if (reduce) form += `/${reduce.op}${reduce.value},${space.shape.length - space.kept}${reduce.scan ? "s" : ""}`;
    let kernel = kernels.get(form);
    if (!kernel) {
      kernel = this.#kernel(space, outputs, reduce);
      kernels.set(form, kernel);
    }
    device.run(kernel, {
      shape: space.shape,
      inputs: this.#inputs.map(({ buffer }, i) => ({ ...(space.inputs[i] as KernelView), buffer })),
      outputs: outputs.map(({ buffer }, i) => ({ ...(space.outputs[i] as KernelView), buffer })),
      args: this.#args,
    });
  }

  #inline(value: Value, view: View): StepId {
    const pending = value.pending;
    if (pending === null) return this.#input(value, view);
    const whole = isWhole(view, value.shape);
    // Around its bounds a view is 0, whatever the recipe would give there.
    if (view.bounds || this.#better(value, pending.cost, pending.reads)) return this.#stored(value, view);
    const through: Source[] = [];
    for (let i = 0; i < pending.sources.length; i++) {
      const source = pending.sources[i] as Source;
      const composed = whole ? source.view : composeViews(view, source.view);
      if (composed === null) return this.#stored(value, view);
      through.push({ value: source.value, view: composed });
    }
    value.inlined++;
    const { op } = pending;
    const inputs = through.map((source, i) =>
      op.gathers?.includes(i) && source.value ? this.#stored(source.value, source.view) : this.add(source),
    );
    // Followed already by a dependency's storing: then it is an input now.
    return value.pending === null ? this.#input(value, view) : this.op(op, inputs, pending.args);
  }

  /** Is it better to store the value now than to compute it inside this kernel? */
  #better(value: Value, cost: number, reads: number): boolean {
    if (value.inlined > 0 && value.references > 1 && (cost >= DEAR || reads > 1)) return true;
    const points = numelOf(value.shape);
    return cost > 1 && points * 4 <= this.#points && cost * this.#points >= DEAR_BROADCAST;
  }

  #stored(value: Value, view: View): StepId {
    store(value);
    return this.#input(value, view);
  }

  #input(value: Value | null, view: View): StepId {
    const buffer = value?.buffer ?? null;
    const dtype = value ? value.dtype : "virtual";
    const known = this.#inputs.findIndex(
      (input) => input.buffer === buffer && input.dtype === dtype && sameView(input.view, view),
    );
    if (known >= 0) return this.#loads[known] as StepId;
    const input = this.#inputs.push({ buffer, dtype, view }) - 1;
    if (value) this.#held.push(value.retain());
    this.#form += "i;";
    const step: Step = dtype === "virtual" ? { kind: "offset", input } : { kind: "load", input, type: scalarOf[dtype] };
    const id = this.#steps.push(step) - 1;
    this.#loads[input] = id;
    return id;
  }

  #kernel(space: Space, outputs: readonly FusionOutput[], reduce: FusionReduction | undefined): Kernel {
    const argTypes: ScalarType[] = [];
    for (const step of this.#steps) if (step.kind === "op") argTypes.push(...(step.op.argTypes ?? []));
    const exprs: Expr[] = [];
    for (const step of this.#steps) exprs.push(expressionOf(step, exprs, argTypes));
    const exprAt = (step: StepId): Expr => exprs[step] as Expr;
    const last = space.shape.length - 1;
    return {
      rank: space.kept,
      args: argTypes,
      inputs: this.#inputs.map(({ dtype }, i): KernelInput => {
        const view = space.inputs[i] as KernelView;
        return {
          dtype,
          layout: layoutAt(view, space.kept - 1),
          ...(reduce && { reducedLayout: layoutAt(view, last) }),
          bounds: view.bounds?.length ?? 0,
        };
      }),
      outputs: outputs.map(
        ({ step, dtype, scatter }, i): KernelOutput => ({
          dtype,
          expr: exprAt(step),
          layout: layoutAt(space.outputs[i] as KernelView, space.kept - 1),
          ...(scatter && { scatter: { at: exprAt(scatter.at), combine: scatter.combine } }),
        }),
      ),
      ...(reduce && {
        reduce: {
          op: reduce.op,
          value: exprAt(reduce.value),
          rank: space.shape.length - space.kept,
          ...(reduce.scan && { scan: true }),
        },
      }),
    };
  }
}

/** Follow a pending value's recipe into a buffer. */
export function store(value: Value): DeviceBuffer {
  if (value.buffer) return value.buffer;
  const pending = value.pending;
  if (!pending) throw new Error("store: the value has been released.");
  const { device, dtype, shape } = value;
  const fusion = new Fusion(shape);
  const inputs = pending.sources.map((source, i) => {
    if (pending.op.gathers?.includes(i) && source.value) store(source.value);
    return fusion.add(source);
  });
  const step = fusion.op(pending.op, inputs, pending.args);
  const buffer = reusableSource(fusion, pending, value)?.takeBuffer() ?? allocateFor(device, dtype, shape);
  fusion.launch(device, [{ step, dtype, buffer, view: { shape, strides: contiguousStrides(shape), offset: 0 } }]);
  value.becomeStored(buffer);
  return buffer;
}

/**
 * A value whose buffer the result can have: nobody but its recipe needs it, and each element is read just where the result's is written. It may
 * lie behind other recipes that nobody else needs.
 */
function reusableSource(fusion: Fusion, { op, sources }: Pending, result: Value): Value | null {
  if (op.gathers) return null;
  for (const { value, view } of sources) {
    if (!value || !sameShape(view.shape, result.shape) || !isWhole(view, value.shape)) continue;
    if (value.buffer) {
      if (value.dtype === result.dtype && fusion.readsAlone(value)) return value;
    } else if (value.pending && value.references === 1) {
      const found = reusableSource(fusion, value.pending, result);
      if (found) return found;
    }
  }
  return null;
}

function expressionOf(step: Step, before: readonly Expr[], argTypes: readonly ScalarType[]): Expr {
  switch (step.kind) {
    case "load":
      return expr.load(step.input, step.type);
    case "offset":
      return expr.offset(step.input);
    case "reduced":
      return expr.reduced(step.type);
    case "reducedIndex":
      return expr.reducedIndex();
    case "op": {
      const inputs = step.inputs.map((id) => before[id] as Expr);
      const args = (step.op.argTypes ?? []).map((type, i) =>
        expr.arg(step.firstArg + i, argTypes[step.firstArg + i] ?? type),
      );
      return step.op.build(inputs, args);
    }
  }
}

interface Space {
  /** Kept dimensions, then reduced ones. */
  readonly shape: number[];
  readonly kept: number;
  readonly inputs: KernelView[];
  readonly outputs: KernelView[];
}

/** Join neighbouring dimensions that every view walks as one, and drop those of size 1: most kernels come out with one dimension. */
function collapse(
  shape: Shape,
  kept: number,
  inputs: readonly Input[],
  outputs: readonly { view: View }[],
  scan: boolean,
): Space {
  const lists: (readonly number[])[] = [];
  for (const { view } of inputs) {
    lists.push(view.strides);
    for (const bound of view.bounds ?? []) lists.push(bound.strides);
  }
  for (const { view } of outputs) lists.push(view.strides);
  const merged: number[][] = lists.map(() => []);
  const sizes: number[] = [];
  const from = (list: number, d: number): number => lists[list]?.[d] ?? 0;
  const range = (first: number, end: number): void => {
    const start = sizes.length;
    for (let d = first; d < end; d++) {
      const size = shape[d] as number;
      if (size === 1) continue;
      const last = sizes.length - 1;
      const joins = last >= start && merged.every((strides, list) => strides[last] === from(list, d) * size);
      if (joins) {
        sizes[last] = (sizes[last] as number) * size;
        for (let list = 0; list < merged.length; list++) (merged[list] as number[])[last] = from(list, d);
      } else {
        sizes.push(size);
        for (let list = 0; list < merged.length; list++) (merged[list] as number[]).push(from(list, d));
      }
    }
    if (sizes.length === start) {
      // A single point is a run of one: the form that contiguous kernels have anyway.
      sizes.push(1);
      for (const strides of merged) strides.push(first === 0 && end === shape.length ? 1 : 0);
    }
  };
  range(0, kept);
  const keptRank = sizes.length;
  if (kept < shape.length) range(kept, shape.length);
  let next = 0;
  const take = (view: View): KernelView => {
    const strides = merged[next++] as number[];
    if (!view.bounds) return { offset: view.offset, strides };
    const bounds = view.bounds.map(
      (bound): Bound => ({ strides: merged[next++] as number[], offset: bound.offset, size: bound.size }),
    );
    return { offset: view.offset, strides, bounds };
  };
  const inputViews = inputs.map(({ view }) => take(view));
  const outputViews = outputs.map(({ view }) => {
    const { offset, strides } = take(view);
    return { offset, strides: scan ? strides : strides.slice(0, keptRank) };
  });
  return { shape: sizes, kept: keptRank, inputs: inputViews, outputs: outputViews };
}

const layoutAt = (view: KernelView, dim: number) => layoutOf(view.strides[dim] ?? 0);

function sameView(a: View, b: View): boolean {
  if (a === b) return true;
  if (a.offset !== b.offset || a.bounds || b.bounds || a.strides.length !== b.strides.length) return false;
  return sameShape(a.strides, b.strides);
}
