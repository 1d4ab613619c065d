import { describe, expect, test } from "vitest";
import { type DType, type ScalarType, scalarOf } from "../dtype.ts";
import type { Expr } from "../expr.ts";
import type { Kernel, KernelView, Launch } from "../kernel.ts";
import { randomKernel, seeded } from "../testing/random-kernel.ts";
import type { TypedArray } from "./arrays.ts";
import { compileJs } from "./compile.ts";
import { interpreter } from "./interpret.ts";
import { printJs } from "./print.ts";
import { fromFloat16, toFloat16 } from "./scalars.ts";

// An evaluator that shares nothing with the printer: integers of any size wrapped at the end, floats through typed arrays, no sharing of nodes.

type Value = number | bigint | boolean;
const wrapTo: Readonly<Record<string, (x: bigint) => Value>> = {
  i32: (x) => Number(BigInt.asIntN(32, x)),
  u32: (x) => Number(BigInt.asUintN(32, x)),
  i64: (x) => BigInt.asIntN(64, x),
};
const roundTo = (type: ScalarType, x: number): number => (type === "f32" ? (Float32Array.of(x)[0] as number) : x);
const isInteger = (type: ScalarType): boolean => type === "i32" || type === "u32" || type === "i64";
const bitsIn: Readonly<Record<ScalarType, bigint>> = { i32: 32n, u32: 32n, i64: 64n, f32: 32n, f64: 64n, bool: 1n };

function integer(op: string, type: ScalarType, [a = 0n, b = 0n, c = 0n]: readonly bigint[]): bigint {
  const shift = ((b % bitsIn[type]) + bitsIn[type]) % bitsIn[type];
  const results: Record<string, () => bigint> = {
    neg: () => -a,
    abs: () => (a < 0n ? -a : a),
    not: () => -a - 1n,
    floor: () => a,
    add: () => a + b,
    sub: () => a - b,
    mul: () => a * b,
    div: () => (b === 0n ? 0n : a / b),
    rem: () => (b === 0n ? 0n : a - (a / b) * b),
    min: () => (a < b ? a : b),
    max: () => (a < b ? b : a),
    and: () => a & b,
    or: () => a | b,
    xor: () => a ^ b,
    shl: () => a * 2n ** shift,
    shr: () => a >> shift,
    mulhi: () => (a * b) >> 32n,
    madd: () => a * b + c,
  };
  return (results[op] as () => bigint)();
}

function float(op: string, [a = 0, b = 0, c = 0]: readonly number[]): number {
  const nearest = (): number => {
    const low = Math.floor(a);
    const isHalf = a - low === 0.5;
    const result = isHalf ? (low % 2 === 0 ? low : low + 1) : Math.floor(a + 0.5);
    return Math.abs(a) < 2 ** 51 ? (result === 0 ? a * 0 : result) : a;
  };
  const results: Record<string, () => number> = {
    neg: () => -a,
    abs: () => Math.abs(a),
    sqrt: () => Math.sqrt(a),
    floor: () => Math.floor(a),
    ceil: () => Math.ceil(a),
    trunc: () => (a < 0 ? Math.ceil(a) : Math.floor(a)),
    round: nearest,
    add: () => a + b,
    sub: () => a - b,
    mul: () => a * b,
    div: () => a / b,
    rem: () => a % b,
    min: () => (Number.isNaN(a) || Number.isNaN(b) ? NaN : a < b || Object.is(a, -0) ? (b < a ? b : a) : b),
    max: () => (Number.isNaN(a) || Number.isNaN(b) ? NaN : a > b || Object.is(b, -0) ? (b > a ? b : a) : b),
    madd: () => a * b + c,
  };
  return (results[op] as () => number)();
}

function cast(from: ScalarType, to: ScalarType, a: Value): Value {
  if (to === "bool") return typeof a === "bigint" ? a !== 0n : typeof a === "boolean" ? a : !(a === 0);
  if (!isInteger(to)) {
    // float32 of a 64-bit integer: the nearer of two neighbours, by exact comparison.
    if (from === "i64" && to === "f32") return nearestFloat32(a as bigint);
    return roundTo(to, Number(a));
  }
  const wrap = wrapTo[to] as (x: bigint) => Value;
  if (from !== "f32" && from !== "f64") return wrap(BigInt(a as number | bigint | boolean));
  const bits = bitsIn[to];
  const [low, high] = to === "u32" ? [0n, 2n ** 32n - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  if (Number.isNaN(a)) return wrap(0n);
  if (!Number.isFinite(a)) return wrap((a as number) < 0 ? low : high);
  const whole = BigInt((a as number) < 0 ? Math.ceil(a as number) : Math.floor(a as number));
  return wrap(whole < low ? low : whole > high ? high : whole);
}

function nearestFloat32(x: bigint): number {
  const near = Math.fround(Number(x));
  const ulp = 2n ** BigInt(Math.max(0, x.toString(2).replace("-", "").length - 24));
  const distance = (y: bigint): bigint => (y < x ? x - y : y - x);
  const candidates = [BigInt(near), BigInt(near) - ulp, BigInt(near) + ulp].filter(
    (y) => BigInt(Math.fround(Number(y))) === y,
  );
  const least = candidates.reduce((a, b) => (distance(a) < distance(b) ? a : b));
  const ties = candidates.filter((y) => distance(y) === distance(least));
  return Number(ties.find((y) => (y / ulp) % 2n === 0n) ?? least);
}

interface Point {
  readonly kernel: Kernel;
  readonly launch: Launch<TypedArray>;
  readonly index: readonly number[];
  readonly reduced?: Value;
  readonly reducedIndex?: number;
}

const dot = (
  { offset, strides }: { readonly offset: number; readonly strides: readonly number[] },
  index: readonly number[],
): number => index.reduce((sum, i, d) => sum + i * (strides[d] ?? 0), offset);

function readAt(array: TypedArray, dtype: DType, at: number): Value {
  const x = array[at] as number | bigint;
  return dtype === "float16" ? fromFloat16(x as number) : dtype === "bool" ? x === 1 : x;
}

function evaluate(expr: Expr, point: Point): Value {
  const { op, type, value } = expr;
  const view = point.launch.inputs[value];
  const inside = (): boolean =>
    (view?.bounds ?? []).every((b) => dot(b, point.index) >= 0 && dot(b, point.index) < b.size);
  const zero = type === "i64" ? 0n : type === "bool" ? false : 0;
  const of = expr.args[0]?.type ?? type;
  if (op === "const" || op === "arg") {
    const x = op === "const" ? value : (point.launch.args[value] as number);
    if (type === "bool") return x !== 0;
    return isInteger(type) ? (wrapTo[type] as (x: bigint) => Value)(BigInt(Math.trunc(x))) : roundTo(type, x);
  }
  if (op === "offset") return dot(view as KernelView, point.index);
  if (op === "reduced") return point.reduced as Value;
  if (op === "reducedIndex") return point.reducedIndex as number;
  if (op === "load" || op === "gather") {
    if (!inside()) return zero;
    const more = op === "gather" ? (evaluate(expr.args[0] as Expr, point) as number) : 0;
    return readAt(
      view?.buffer as TypedArray,
      point.kernel.inputs[value]?.dtype as DType,
      dot(view as KernelView, point.index) + more,
    );
  }
  const operands = expr.args.map((a) => evaluate(a, point));
  const [a, b] = operands as [Value, Value];
  if (op === "select") return operands[a ? 1 : 2] as Value;
  if (op === "cast") return cast(of, type, a);
  if (op === "bitcast") {
    const words =
      of === "f32"
        ? Int32Array.of(
            Number.isNaN(a) ? 0x7fc00000 : (new Int32Array(Float32Array.of(a as number).buffer)[0] as number),
          )
        : Int32Array.of(a as number);
    return (
      type === "f32" ? new Float32Array(words.buffer) : type === "u32" ? new Uint32Array(words.buffer) : words
    )[0] as number;
  }
  const comparison = { eq: a === b, ne: a !== b, lt: a < b, le: a <= b, gt: a > b, ge: a >= b }[op as "eq"];
  if (comparison !== undefined) return comparison;
  if (type === "bool") {
    const count = Number(a) + Number(b ?? 0);
    if (op === "not") return count === 0;
    return op === "xor" ? count === 1 : op === "or" || op === "add" || op === "max" ? count > 0 : count === 2;
  }
  if (isInteger(type))
    return (wrapTo[type] as (x: bigint) => Value)(
      integer(
        op,
        type,
        operands.map((x) => BigInt(x)),
      ),
    );
  return roundTo(type, float(op, operands as number[]));
}

function pointsOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (points, size) => points.flatMap((p) => Array.from({ length: size }, (_, i) => [...p, i])),
    [[]],
  );
}

function reduceValues(
  op: string,
  type: ScalarType,
  values: readonly Value[],
): { reduced: Value; reducedIndex: number } {
  if (op === "sum" || op === "prod") {
    if (type === "bool")
      return { reduced: op === "sum" ? values.includes(true) : !values.includes(false), reducedIndex: 0 };
    if (isInteger(type)) {
      const total = values
        .map((x) => BigInt(x))
        .reduce((x, y) => (op === "sum" ? x + y : x * y), op === "sum" ? 0n : 1n);
      return { reduced: (wrapTo[type] as (x: bigint) => Value)(total), reducedIndex: 0 };
    }
    const total = (values as number[]).reduce((x, y) => (op === "sum" ? x + y : x * y), op === "sum" ? 0 : 1);
    return { reduced: roundTo(type, total), reducedIndex: 0 };
  }
  const isLarge = op === "max" || op === "argmax";
  const nan = values.findIndex(Number.isNaN);
  const best = values.reduce((best, x) => ((isLarge ? x > best : x < best) ? x : best), values[0] as Value);
  const found = nan >= 0 ? nan : values.indexOf(best);
  const isZero = best === 0 && !op.startsWith("arg");
  // Of the zeros, max takes the positive one, min the negative one.
  const zero = values.some((x) => Object.is(x, isLarge ? 0 : -0)) === isLarge ? 0 : -0;
  return {
    reduced: nan >= 0 ? NaN : isZero && !isInteger(type) ? zero : (values[found] as Value),
    reducedIndex: found,
  };
}

function runSlowly(kernel: Kernel, launch: Launch<TypedArray>): void {
  const { reduce, rank, outputs } = kernel;
  const write = (point: Point): void => {
    const writes = outputs.map(({ expr, scatter }, i) => {
      const base = dot(launch.outputs[i] as KernelView, point.index);
      return { value: evaluate(expr, point), at: scatter ? base + (evaluate(scatter.at, point) as number) : base };
    });
    writes.forEach(({ value, at }, i) => {
      const { dtype, scatter, expr } = outputs[i] as Kernel["outputs"][number];
      const array = launch.outputs[i]?.buffer as TypedArray;
      let result = value;
      if (scatter?.combine === "add") {
        const old = readAt(array, dtype, at);
        if (typeof old === "boolean") result = old || value === true;
        else if (isInteger(expr.type))
          result = (wrapTo[expr.type] as (x: bigint) => Value)(BigInt(old) + BigInt(value));
        else result = roundTo(expr.type, (old as number) + (value as number));
      }
      if (array instanceof BigInt64Array) array[at] = result as bigint;
      else array[at] = dtype === "float16" ? toFloat16(result as number) : Number(result);
    });
  };
  for (const kept of pointsOf(launch.shape.slice(0, rank))) {
    if (!reduce) {
      write({ kernel, launch, index: kept });
      continue;
    }
    const inner = pointsOf(launch.shape.slice(rank)).map((rest) => [...kept, ...rest]);
    const values = inner.map((index) => evaluate(reduce.value, { kernel, launch, index }));
    if (reduce.scan) {
      inner.forEach((index, i) => {
        write({ kernel, launch, index, ...reduceValues(reduce.op, reduce.value.type, values.slice(0, i + 1)) });
      });
    } else if (values.length > 0) {
      write({ kernel, launch, index: kept, ...reduceValues(reduce.op, reduce.value.type, values) });
    }
  }
}

const bytes = (array: TypedArray): unknown[] => [...array];

describe("random kernels", () => {
  const dtypes = Object.keys(scalarOf) as DType[];
  test.each(Array.from({ length: 20 }, (_, i) => i))(
    "seed %i: compiled, interpreted and evaluated naively, the same to the bit",
    (seed) => {
      for (let round = 0; round < 30; round++) {
        const random = seeded(seed * 1000 + round);
        const { kernel, launch } = randomKernel(random, { dtypes, scan: true, scatter: true });
        const expected = launch();
        if (kernel.reduce && expected.shape.slice(kernel.rank).includes(0)) continue;
        runSlowly(kernel, expected);
        const compiled = launch();
        compileJs(kernel)(compiled);
        const interpreted = launch();
        const points = expected.shape.slice(0, kernel.rank).reduce((a, b) => a * b, 1);
        const middle = Math.floor(points / 2);
        interpreter(kernel)(interpreted, 0, middle);
        interpreter(kernel)(interpreted, middle, points);
        const message = `seed ${seed * 1000 + round}\n${printJs(kernel)}\n${JSON.stringify(expected.shape)}`;
        expect(
          compiled.outputs.map(({ buffer }) => bytes(buffer)),
          message,
        ).toEqual(expected.outputs.map(({ buffer }) => bytes(buffer)));
        expect(
          interpreted.outputs.map(({ buffer }) => bytes(buffer)),
          message,
        ).toEqual(expected.outputs.map(({ buffer }) => bytes(buffer)));
      }
    },
  );
});
