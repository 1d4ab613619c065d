import { type DType, type Expr, expr, type ScalarType, scalarOf } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import type { Device } from "../core/device.ts";
import { arithmeticType, floatFor, isFloating, isInteger, promoteNumber, promoteOperands } from "../core/dtypes.ts";
import { DeviceError, DTypeError } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { broadcastShapes, type Shape } from "../core/shape.ts";
import { type PointwiseOp, type Source, Value } from "../core/value.ts";
import { expandView } from "../core/view.ts";
import { Tensor } from "../tensor.ts";
import { sumTo } from "./sum-to.ts";

/** Longer chains are cut: a kernel's code and its inputs (a GPU binds eight buffers) have limits. */
const MAX_OPS = 48;
const MAX_READS = 7;

/** A recipe: `op` at every point of `shape` over the sources, each with a view of that shape. */
export function pendingValue(
  device: Device,
  dtype: DType,
  shape: Shape,
  op: PointwiseOp,
  sources: readonly Source[],
  args: readonly number[] = [],
): Value {
  let size = 1;
  let cost = op.cost ?? 1;
  let reads = 0;
  const count = (): void => {
    size = 1;
    cost = op.cost ?? 1;
    reads = 0;
    for (const { value } of sources) {
      if (value?.pending) {
        size += value.pending.size;
        cost += value.pending.cost;
        reads += value.pending.reads;
      } else if (value) reads++;
    }
  };
  count();
  while (size > MAX_OPS || reads > MAX_READS) {
    let largest: Value | null = null;
    for (const { value } of sources) {
      if (value?.pending && (!largest?.pending || value.pending.reads > largest.pending.reads)) largest = value;
    }
    if (!largest) break;
    store(largest);
    count();
  }
  return new Value(device, dtype, shape, { pending: { op, sources, args, size, cost, reads } });
}

/** The tensor's elements spread over `shape`. */
export const sourceOf = (tensor: Tensor, shape: Shape = tensor.shape): Source => ({
  value: tensor.cell.value,
  view: expandView(tensor.layout, shape),
});

/** An op over tensors of shapes that broadcast, without a gradient: whoever calls records it. */
export function pointwise(
  where: string,
  dtype: DType,
  op: PointwiseOp,
  inputs: readonly [Tensor, ...Tensor[]],
  args: readonly number[] = [],
): Tensor {
  const device = sameDevice(where, inputs);
  let shape = inputs[0].shape;
  for (let i = 1; i < inputs.length; i++) shape = broadcastShapes(where, shape, (inputs[i] as Tensor).shape);
  return Tensor.ofValue(
    pendingValue(
      device,
      dtype,
      shape,
      op,
      inputs.map((input) => sourceOf(input, shape)),
      args,
    ),
  );
}

/** Tensors of one op must live on one device. */
export function sameDevice(where: string, inputs: readonly Tensor[]): Device {
  const device = (inputs[0] as Tensor).device;
  for (const input of inputs) {
    if (input.device !== device) {
      throw new DeviceError(
        where,
        `tensors are on ${twoDevices(device.info.name, input.device.info.name)}`,
        "Move one of them: x.to(device).",
      );
    }
  }
  return device;
}

const twoDevices = (a: string, b: string): string => (a === b ? `two ${a} devices` : `two devices, ${a} and ${b}`);

const casts = new Map<DType, PointwiseOp>();

/** Convert without recording. */
export function castValue(tensor: Tensor, dtype: DType): Tensor {
  if (tensor.dtype === dtype) return tensor;
  let op = casts.get(dtype);
  if (!op) {
    op = { name: `to_${dtype}`, build: ([x]) => wrapped(expr.cast(x as Expr, scalarOf[dtype]), dtype) };
    casts.set(dtype, op);
  }
  return pointwise("to", dtype, op, [tensor]);
}

/** Convert to another dtype; floats pass gradients through. */
export function cast(tensor: Tensor, dtype: DType): Tensor {
  if (tensor.dtype === dtype) return tensor;
  const out = castValue(tensor, dtype);
  if (!isFloating(dtype)) return out;
  return record("to", [tensor], out, [], (grad) => [cast(grad, tensor.dtype)]);
}

/** What fits in the storage type: uint8 is computed in 32 bits and must wrap as if it were not, float16 in float32 and must round. */
export function wrapped(value: Expr, dtype: DType): Expr {
  if (dtype === "uint8" && value.type === "i32") return expr.and(value, expr.i32(255));
  return dtype === "float16" ? rounded16(value) : value;
}

/** The nearest float16, halves to even: 13 bits of the fraction go, or, where float16 is subnormal, all below 2^-24. */
function rounded16(x: Expr): Expr {
  const size = expr.abs(x);
  const bits = expr.bitcast(size, "u32");
  const odd = expr.and(expr.shr(bits, expr.u32(13)), expr.u32(1));
  const up = expr.add(bits, expr.add(expr.u32(0xfff), odd));
  const normal = expr.bitcast(expr.shl(expr.shr(up, expr.u32(13)), expr.u32(13)), "f32");
  const tiny = expr.mul(expr.round(expr.mul(size, expr.f32(2 ** 24))), expr.f32(2 ** -24));
  const finite = expr.select(expr.lt(size, expr.f32(2 ** -14)), tiny, normal);
  const near = expr.select(expr.ge(size, expr.f32(65520)), expr.f32(Infinity), finite);
  const sign = expr.and(expr.bitcast(x, "u32"), expr.u32(0x80000000));
  const signed = expr.bitcast(expr.or(expr.bitcast(near, "u32"), sign), "f32");
  return expr.select(expr.eq(x, x), signed, x);
}

/** What the result of an op is: as its inputs, a float whatever they are, or bool. */
export type ResultKind = "same" | "float" | "bool";

/** Which dtypes an op takes. */
export type Takes = "all" | "numbers" | "floats" | "integers" | "whole";

const takers: Readonly<
  Record<Takes, { readonly test: (dtype: DType) => boolean; readonly what: string; readonly mend: string }>
> = {
  all: { test: () => true, what: "", mend: "" },
  numbers: {
    test: (dtype) => dtype !== "bool",
    what: "numbers",
    mend: 'Cast first, x.to("int32"), or use the logical ops.',
  },
  floats: { test: isFloating, what: "floats", mend: 'Cast first: x.to("float32").' },
  integers: { test: isInteger, what: "integers", mend: 'Cast first: x.to("int32").' },
  whole: { test: (dtype) => !isFloating(dtype), what: "integers and bools", mend: 'Cast first: x.to("int32").' },
};

/** @throws {DTypeError} if the op does not take the dtype */
export function checkTakes(name: string, takes: Takes, dtype: DType): void {
  const { test, what, mend } = takers[takes];
  if (!test(dtype)) throw new DTypeError(name, `takes ${what}, not ${dtype}`, mend);
}

export interface UnaryDefinition {
  readonly name: string;
  /** `parameters` are the numbers that go along with the tensor, in its type. */
  readonly build: (x: Expr, parameters: readonly Expr[]) => Expr;
  /** How many. @defaultValue 0 */
  readonly parameters?: number;
  /** @defaultValue "same" */
  readonly result?: ResultKind;
  /** @defaultValue "all" */
  readonly takes?: Takes;
  /** See {@link PointwiseOp.cost}. */
  readonly cost?: number;
  /** Gradient of the input from that of the output; written with tensor ops, so that it has gradients itself. */
  readonly backward?: (grad: Tensor, x: Tensor, parameters: readonly number[]) => Tensor;
  /** What `backward` gets as `x`. @defaultValue "input" */
  readonly saves?: "input" | "output" | "nothing";
}

/** A function of one number (and perhaps parameters) as an op on tensors. */
export function unary(definition: UnaryDefinition): (x: Tensor, ...parameters: number[]) => Tensor {
  const {
    name,
    build,
    parameters: count = 0,
    result = "same",
    takes = "all",
    cost,
    backward,
    saves = "input",
  } = definition;
  const ops = new Map<DType, PointwiseOp>();
  const opFor = (computed: DType, dtype: DType): PointwiseOp => {
    let op = ops.get(computed);
    if (!op) {
      op = {
        name: `${name}_${computed}`,
        ...(cost !== undefined && { cost }),
        ...(count > 0 && { argTypes: new Array<ScalarType>(count).fill(scalarOf[computed]) }),
        build: ([x], args) => wrapped(build(x as Expr, args), dtype),
      };
      ops.set(computed, op);
    }
    return op;
  };
  return (x, ...given) => {
    checkTakes(name, takes, x.dtype);
    const parameters = count === 0 ? none : given;
    const computed = result === "float" ? floatFor(x.dtype) : x.dtype;
    arithmeticType(name, computed);
    const dtype = result === "bool" ? "bool" : computed;
    const input = cast(x, computed);
    const y = pointwise(name, dtype, opFor(computed, dtype), [input], parameters);
    if (!backward || !isFloating(dtype)) return y;
    const saved = saves === "input" ? [input] : saves === "output" ? [y] : [];
    return record(name, [input], y, saved, (grad, [kept]) => [backward(grad, kept ?? grad, parameters)]);
  };
}

const none: readonly number[] = [];

/** A tensor, or a number that goes along as a runtime argument. */
export type Operand = Tensor | number;

export interface BinaryDefinition {
  readonly name: string;
  readonly build: (a: Expr, b: Expr) => Expr;
  /** @defaultValue "same" (the promoted dtype) */
  readonly result?: ResultKind;
  /** @defaultValue "all" */
  readonly takes?: Takes;
  readonly cost?: number;
  /** Gradient of the first operand, before it is summed to the operand's shape; null: none flows. */
  readonly gradA?: (grad: Tensor, a: Tensor, b: Operand) => Tensor | null;
  readonly gradB?: (grad: Tensor, a: Tensor, b: Tensor) => Tensor | null;
  /** What the gradients read. @defaultValue "inputs" */
  readonly saves?: "inputs" | "nothing";
}

/** A function of two numbers as an op on tensors; the second may be a plain number. */
export function binary(definition: BinaryDefinition): (a: Tensor, b: Operand) => Tensor {
  const { name, build, result = "same", takes = "all", cost, gradA, gradB, saves = "inputs" } = definition;
  const [tensorOps, numberOps] = [new Map<DType, PointwiseOp>(), new Map<DType, PointwiseOp>()];
  const opFor = (computed: DType, dtype: DType, scalar: boolean): PointwiseOp => {
    const ops = scalar ? numberOps : tensorOps;
    let op = ops.get(computed);
    if (!op) {
      op = {
        name: `${name}${scalar ? "_number" : ""}_${computed}`,
        ...(cost !== undefined && { cost }),
        ...(scalar && { argTypes: [scalarOf[computed]] satisfies ScalarType[] }),
        build: ([a, b], [number]) => wrapped(build(a as Expr, (scalar ? number : b) as Expr), dtype),
      };
      ops.set(computed, op);
    }
    return op;
  };
  return (a, b) => {
    if (typeof b !== "number") checkOperand(name, b);
    const promoted = typeof b === "number" ? promoteNumber(a.dtype, b) : promotePair(a, b);
    checkTakes(name, takes, promoted);
    const computed = result === "float" ? floatFor(promoted) : promoted;
    arithmeticType(name, computed);
    const dtype = result === "bool" ? "bool" : computed;
    const left = cast(a, computed);
    if (typeof b === "number") {
      const y = pointwise(name, dtype, opFor(computed, dtype, true), [left], [b]);
      if (!gradA || !isFloating(dtype)) return y;
      return record(name, [left], y, saves === "inputs" ? [left] : [], (grad, [x]) => [gradA(grad, x ?? grad, b)]);
    }
    const right = cast(b, computed);
    const y = pointwise(name, dtype, opFor(computed, dtype, false), [left, right]);
    if (!gradA || !gradB || !isFloating(dtype)) return y;
    const [shapeA, shapeB] = [left.shape, right.shape];
    return record(
      name,
      [left, right],
      y,
      saves === "inputs" ? [left, right] : [],
      (grad, [savedA, savedB], [needsA, needsB]) => {
        const partA = needsA ? gradA(grad, savedA ?? grad, savedB ?? grad) : null;
        const partB = needsB ? gradB(grad, savedA ?? grad, savedB ?? grad) : null;
        return [partA && sumTo(partA, shapeA), partB && sumTo(partB, shapeB)];
      },
    );
  };
}

/** Without types nothing else says what is wrong. */
function checkOperand(name: string, operand: unknown): void {
  if (operand instanceof Tensor) return;
  const what = Array.isArray(operand)
    ? "an array"
    : typeof operand === "string"
      ? JSON.stringify(operand)
      : String(operand);
  throw new DTypeError(name, `the second operand is ${what}`, "Give a tensor or a number; tensor(data) makes one.");
}

const promotePair = (a: Tensor, b: Tensor): DType => (a.dtype === b.dtype ? a.dtype : promoteOperands([a, b]));
