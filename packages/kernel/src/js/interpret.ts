import { distinctNodes } from "../distinct-nodes.ts";
import { type DType, type ScalarType, scalarOf } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import type { Kernel, KernelView, Launch, Reduction } from "../kernel.ts";
import { type Scalar, scalarFrom, type TypedArray } from "./arrays.ts";
import { arithmetic, operationOf } from "./evaluate.ts";
import { fromFloat16, toFloat16 } from "./scalars.ts";

/** The kernel at one point of a launch. */
interface State {
  readonly launch: Launch<TypedArray>;
  /** The point: kept dimensions, and the reduced ones inside a reduction. */
  index: number[];
  reduced: Scalar;
  reducedIndex: number;
}

type Evaluate = (state: State) => readonly Scalar[];

/** The kernel as a function that walks its expressions at every point: for places where code may not be made at run time. */
export function interpreter(kernel: Kernel): (launch: Launch<TypedArray>, begin: number, end: number) => void {
  const { reduce, outputs, rank } = kernel;
  const evaluate = evaluator(
    kernel,
    outputs.flatMap(({ expr, scatter }) => (scatter ? [expr, scatter.at] : [expr])),
  );
  const store = (state: State): void => {
    const left = evaluate(state).values();
    const next = (): Scalar => left.next().value as Scalar;
    const stores = outputs.map(({ scatter }, i) => {
      const value = next();
      const at = positionOf(state.launch.outputs[i] as KernelView, state.index);
      return { value, at: scatter ? at + (next() as number) : at };
    });
    stores.forEach(({ value, at }, i) => {
      const { dtype, scatter } = outputs[i] as Kernel["outputs"][number];
      const array = state.launch.outputs[i]?.buffer as TypedArray;
      const add = arithmetic("add", scalarOf[dtype]);
      write(array, dtype, at, scatter?.combine === "add" ? add(read(array, dtype, at), value) : value);
    });
  };
  const run = reduce ? reducer(kernel, reduce, store) : store;
  return (launch, begin, end) => {
    const state: State = { launch, index: [], reduced: 0, reducedIndex: 0 };
    for (let point = begin; point < end; point++) {
      state.index = unravel(point, launch.shape.slice(0, rank));
      run(state);
    }
  };
}

/** Runs the reduction at a kept point, then stores; a scan stores at every reduced point. */
function reducer(kernel: Kernel, reduce: Reduction, store: (state: State) => void): (state: State) => void {
  const evaluate = evaluator(kernel, [reduce.value]);
  const { op, scan } = reduce;
  const { type } = reduce.value;
  // A sum or product of float32 is taken in float64 and rounded once.
  const inType: ScalarType = type === "f32" && (op === "sum" || op === "prod") ? "f64" : type;
  const isArg = op === "argmax" || op === "argmin";
  const better = arithmetic(op === "argmax" ? "gt" : "lt", type);
  const combine = arithmetic(op === "sum" ? "add" : op === "prod" ? "mul" : op === "max" ? "max" : "min", inType);
  return (state) => {
    const kept = state.index;
    const sizes = state.launch.shape.slice(kernel.rank);
    const points = sizes.reduce((product, size) => product * size, 1);
    let total = identity(op, type);
    state.reducedIndex = 0;
    for (let position = 0; position < points; position++) {
      state.index = [...kept, ...unravel(position, sizes)];
      const value = evaluate(state)[0] as Scalar;
      if (!isArg) total = combine(total, value);
      else if (position === 0 || better(value, total) || (Number.isNaN(value) && !Number.isNaN(total))) {
        total = value;
        state.reducedIndex = position;
      }
      state.reduced = inType === type ? total : Math.fround(total as number);
      if (scan) store(state);
    }
    if (scan) return;
    if (points === 0) state.reduced = total;
    state.index = kept;
    store(state);
  };
}

/** What a reduction over nothing gives. */
function identity(op: Reduction["op"], type: ScalarType): Scalar {
  if (op === "sum" || op === "prod") return scalarFrom(op === "sum" ? 0 : 1, type);
  const isLarge = op === "max" || op === "argmax";
  switch (type) {
    case "f32":
    case "f64":
      return isLarge ? -Infinity : Infinity;
    case "i32":
      return isLarge ? -2147483648 : 2147483647;
    case "u32":
      return isLarge ? 0 : 4294967295;
    case "i64":
      return isLarge ? -(2n ** 63n) : 2n ** 63n - 1n;
    case "bool":
      return !isLarge;
  }
}

/** The values of some expressions at a point. */
function evaluator(kernel: Kernel, exprs: readonly Expr[]): Evaluate {
  const { nodes, roots } = distinctNodes(exprs);
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const steps = nodes.map(({ expr, args }) => {
    const from = args.map((a) => numbers.get(a) as number);
    return leaf(kernel, expr, from) ?? operation(expr, from);
  });
  const results = roots.map((root) => numbers.get(root) as number);
  return (state) => {
    const values: Scalar[] = [];
    for (const step of steps) values.push(step(state, values));
    return results.map((i) => values[i] as Scalar);
  };
}

type Step = (state: State, values: readonly Scalar[]) => Scalar;

function operation(expr: Expr, from: readonly number[]): Step {
  const run = operationOf(expr);
  return (_, values) => run(...from.map((i) => values[i] as Scalar));
}

function leaf(kernel: Kernel, { op, type, value }: Expr, from: readonly number[]): Step | undefined {
  switch (op) {
    case "const": {
      const scalar = scalarFrom(value, type);
      return () => scalar;
    }
    case "arg":
      return ({ launch }) => scalarFrom(launch.args[value] as number, type);
    case "reduced":
      return ({ reduced }) => reduced;
    case "reducedIndex":
      return ({ reducedIndex }) => reducedIndex;
    case "offset":
      return ({ launch, index }) => positionOf(launch.inputs[value] as KernelView, index);
    case "load":
    case "gather": {
      const dtype = kernel.inputs[value]?.dtype as DType;
      const zero = scalarFrom(0, type);
      return ({ launch, index }, values) => {
        const view = launch.inputs[value] as Launch<TypedArray>["inputs"][number];
        if (!isInside(view, index)) return zero;
        const further = op === "gather" ? (values[from[0] as number] as number) : 0;
        return read(view.buffer as TypedArray, dtype, positionOf(view, index) + further);
      };
    }
    default:
      return undefined;
  }
}

function isInside({ bounds = [] }: KernelView, index: readonly number[]): boolean {
  return bounds.every((bound) => {
    const place = positionOf(bound, index);
    return place >= 0 && place < bound.size;
  });
}

/** Outside a reduction a view has more strides than the point has indices: the reduced ones count as 0. */
const positionOf = (
  { offset, strides }: { readonly offset: number; readonly strides: readonly number[] },
  index: readonly number[],
): number => index.reduce((sum, i, d) => sum + i * (strides[d] as number), offset);

function unravel(point: number, sizes: readonly number[]): number[] {
  const index: number[] = [];
  let rest = point;
  for (const size of sizes.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

function read(array: TypedArray, dtype: DType, at: number): Scalar {
  const element = array[at] ?? (dtype === "int64" ? 0n : 0);
  return dtype === "float16" ? fromFloat16(element as number) : dtype === "bool" ? element !== 0 : element;
}

function write(array: TypedArray, dtype: DType, at: number, value: Scalar): void {
  const element = dtype === "float16" ? toFloat16(value as number) : value;
  if (array instanceof BigInt64Array) array[at] = element as bigint;
  else array[at] = Number(element);
}
