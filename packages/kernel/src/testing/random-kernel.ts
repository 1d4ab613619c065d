import { type DType, type ScalarType, scalarOf } from "../dtype.ts";
import * as e from "../expr.ts";
import { arrayOf, type TypedArray } from "../js/arrays.ts";
import { toFloat16 } from "../js/scalars.ts";
import {
  type Bound,
  type Kernel,
  type KernelInput,
  type KernelOutput,
  type KernelView,
  type Launch,
  layoutOf,
  type ReduceOp,
  type Reduction,
} from "../kernel.ts";

/** What a random kernel may use. */
export interface RandomKernelOptions {
  readonly dtypes: readonly DType[];
  /** Leave out of the arithmetic of floats, because the target rounds them differently. */
  readonly floatsWithout?: readonly e.Op[];
  /** Sums and products of floats: false where the target does not gather them in float64, so that they depend on the order. */
  readonly floatSums?: boolean;
  readonly scan?: boolean;
  readonly scatter?: boolean;
  /** Largest size of a dimension; 6 by default. */
  readonly largest?: number;
}

/** A kernel and a launch of it; outputs are filled anew by each call of `launch`. */
export interface RandomKernel {
  readonly kernel: Kernel;
  readonly launch: () => Launch<TypedArray>;
}

/** Numbers in [0, 1) from a seed: the mulberry32 generator. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const floatUnary = ["neg", "abs", "sqrt", "floor", "ceil", "trunc", "round"] as const;
const floatBinary = ["add", "sub", "mul", "div", "rem", "min", "max"] as const;
const integerUnary = ["neg", "abs", "not", "floor"] as const;
const integerBinary = ["add", "sub", "mul", "div", "rem", "min", "max", "and", "or", "xor", "shl", "shr"] as const;
const boolBinary = ["and", "or", "xor", "add", "mul", "min", "max"] as const;
const comparisons = ["eq", "ne", "lt", "le", "gt", "ge"] as const;
const specials = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  1.5,
  2.5,
  -0.5,
  3e38,
  1e-20,
  2147483648,
  -4294967296,
  16777217,
];

/** How far a gather may reach: inputs are that much longer than their views need. */
const reach = 8;

/** A kernel of random form and expressions, with sizes, views and values to launch it on: strides of every kind, bounds, special values. */
export function randomKernel(random: () => number, options: RandomKernelOptions): RandomKernel {
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const chance = (p: number): boolean => random() < p;

  const rank = below(4);
  const scans = (options.scan ?? false) && chance(0.15);
  const reduces = scans || chance(0.5);
  const reducedRank = scans ? 1 : reduces ? 1 + below(2) : 0;
  const all = rank + reducedRank;
  const size = (): number => (chance(0.03) ? 0 : 1 + below(options.largest ?? 6));
  const shape = Array.from({ length: all }, size);

  const view = (sizes: readonly number[], mayRepeat: boolean): { view: KernelView; length: number } => {
    const order = sizes.map((_, d) => d).sort(() => random() - 0.5);
    if (chance(0.5)) order.sort((a, b) => b - a);
    const strides = sizes.map(() => 0);
    let span = 1;
    for (const d of order) {
      if (mayRepeat && chance(0.2)) continue;
      const step = chance(0.15) ? span * 2 : span;
      strides[d] = step;
      span = step * Math.max(1, sizes[d] as number);
    }
    let offset = below(4);
    sizes.forEach((n, d) => {
      if (n > 0 && chance(0.15)) {
        const stride = strides[d] as number;
        offset += stride * (n - 1);
        strides[d] = -stride;
      }
    });
    return { view: { offset, strides }, length: span * 2 + 8 };
  };

  const bound = (): Bound => ({ strides: shape.map(() => below(4) - 1), offset: below(5) - 2, size: 1 + below(6) });

  const value = (dtype: DType): number => {
    switch (dtype) {
      case "bool":
        return below(2);
      case "uint8":
        return below(256);
      case "int32":
      case "int64":
        return chance(0.2) ? pick([0, 1, -1, 2147483647, -2147483648, 33]) : below(2 ** 32) - 2 ** 31;
      default:
        return chance(0.25) ? pick(specials) : chance(0.5) ? below(9) - 4 : (random() - 0.5) * 100;
    }
  };
  const fillBuffer = (dtype: DType, length: number): TypedArray => {
    const array = new arrayOf[dtype](length);
    for (let i = 0; i < length; i++) {
      const x = value(dtype);
      if (array instanceof BigInt64Array) array[i] = BigInt(x) * (chance(0.5) ? 1n : 0x100000001n);
      else array[i] = dtype === "float16" ? toFloat16(x) : x;
    }
    return array;
  };

  const inputs: KernelInput[] = [];
  const inputViews: { view: KernelView; buffer: TypedArray | null }[] = [];
  for (let i = 1 + below(3); i > 0; i--) {
    const dtype = chance(0.15) ? "virtual" : pick(options.dtypes);
    const { view: place, length } = view(shape, true);
    const bounds = chance(0.25) ? Array.from({ length: 1 + below(2) }, bound) : [];
    inputs.push({
      dtype,
      layout: layoutOf(place.strides[rank - 1] ?? 0),
      ...(reduces ? { reducedLayout: layoutOf(place.strides[all - 1] ?? 0) } : {}),
      bounds: bounds.length,
    });
    inputViews.push({
      view: { ...place, bounds },
      buffer: dtype === "virtual" ? null : fillBuffer(dtype, length + reach),
    });
  }

  const args = Array.from({ length: below(3) }, () => pick(["f32", "i32", "u32", "bool"] as const));
  const allowed = <T extends e.Op>(ops: readonly T[]): T[] => ops.filter((op) => !options.floatsWithout?.includes(op));
  const types = [...new Set(options.dtypes.map((dtype) => scalarOf[dtype]))];
  if (types.includes("i32")) types.push("u32");

  let inOutputs = false;
  let reduce: Reduction | undefined;
  const leaf = (type: ScalarType): e.Expr => {
    const found: e.Expr[] = [];
    inputs.forEach(({ dtype }, i) => {
      if (dtype !== "virtual" && scalarOf[dtype] === type) {
        found.push(e.load(i, type), e.load(i, type));
        if (chance(0.2)) found.push(e.gather(i, e.and(leaf("i32"), e.i32(reach - 1)), type));
      }
      if (type === "i32" && chance(0.3)) found.push(e.offset(i));
    });
    args.forEach((declared, i) => {
      if (declared === type) found.push(e.arg(i, type));
    });
    if (reduce && inOutputs) {
      const { op, value: reducedValue } = reduce;
      if (reducedValue.type === type) for (let i = 0; i < 4; i++) found.push(e.reduced(type));
      if (type === "i32" && (op === "argmax" || op === "argmin")) found.push(e.reducedIndex());
    }
    if (found.length === 0 || chance(0.15)) {
      if (type === "bool") return e.constant("bool", below(2));
      if (type === "f32" || type === "f64") return e.constant(type, chance(0.3) ? pick(specials) : below(7) - 3);
      return e.constant(type, type === "u32" ? below(2 ** 32) : chance(0.5) ? below(40) : below(9) - 4);
    }
    return pick(found);
  };

  const shared: e.Expr[] = [];
  const tree = (type: ScalarType, depth: number): e.Expr => {
    const again = shared.filter((expr) => expr.type === type);
    if (again.length > 0 && chance(0.15)) return pick(again);
    const expr = depth === 0 ? leaf(type) : branch(type, depth - 1);
    shared.push(expr);
    return expr;
  };
  const branch = (type: ScalarType, depth: number): e.Expr => {
    if (chance(0.12)) return e.select(tree("bool", depth), tree(type, depth), tree(type, depth));
    if (chance(0.15)) return e.cast(tree(pick(types), depth), type);
    const isWord = type === "f32" || type === "i32" || type === "u32";
    if (isWord && type !== "f32" && chance(0.08)) {
      const from = pick(types.filter((t) => t === "i32" || t === "u32" || t === "f32"));
      // Which NaN an operation gives is open: bits are taken of what was stored only.
      return e.bitcast(from === "f32" ? leaf(from) : tree(from, depth), type);
    }
    if (type === "bool") {
      if (chance(0.5)) {
        const of = pick(types);
        return e.binary(pick(comparisons), tree(of, depth), tree(of, depth));
      }
      return chance(0.2)
        ? e.not(tree("bool", depth))
        : e.binary(pick(boolBinary), tree("bool", depth), tree("bool", depth));
    }
    const isFloat = type === "f32" || type === "f64";
    if (chance(0.08) && (!isFloat || allowed(["madd"]).length > 0))
      return e.madd(tree(type, depth), tree(type, depth), tree(type, depth));
    if (type === "u32" && chance(0.15)) return e.mulhi(tree(type, depth), tree(type, depth));
    if (chance(0.3)) return e.unary(pick<e.UnaryOp>(isFloat ? allowed(floatUnary) : integerUnary), tree(type, depth));
    return e.binary(
      pick<e.BinaryOp>(isFloat ? allowed(floatBinary) : integerBinary),
      tree(type, depth),
      tree(type, depth),
    );
  };

  if (reduces) {
    const value = tree(pick(types), 1 + below(3));
    const isFloat = value.type === "f32" || value.type === "f64";
    const orderly: readonly ReduceOp[] = ["max", "min", "argmax", "argmin"];
    const op = pick(isFloat && options.floatSums === false ? orderly : ([...orderly, "sum", "prod"] as const));
    reduce = { op, value, rank: reducedRank, ...(scans ? { scan: true } : {}) };
    shared.length = 0;
  }
  inOutputs = true;
  const outSizes = scans ? shape : shape.slice(0, rank);
  const outputs: KernelOutput[] = [];
  const outputViews: { view: KernelView; dtype: DType; length: number }[] = [];
  for (let i = 1 + below(2); i > 0; i--) {
    const dtype = pick(options.dtypes);
    const expr = tree(scalarOf[dtype], 1 + below(4));
    const scatters = (options.scatter ?? false) && chance(0.1);
    const { view: place, length } = scatters
      ? { view: { offset: 1, strides: outSizes.map(() => 0) }, length: reach + 1 }
      : view(outSizes, false);
    outputs.push({
      dtype,
      expr,
      layout: layoutOf(place.strides[rank - 1] ?? 0),
      ...(scatters
        ? { scatter: { at: e.and(tree("i32", 2), e.i32(reach - 1)), combine: pick(["add", "set"] as const) } }
        : {}),
    });
    outputViews.push({ view: place, dtype, length });
  }

  const launchArgs = args.map((type) =>
    type === "bool" ? below(2) : type === "f32" ? value("float32") : value("int32"),
  );
  return {
    kernel: { rank, inputs, outputs, args, ...(reduce ? { reduce } : {}) },
    launch: () => ({
      shape,
      inputs: inputViews.map(({ view: place, buffer }) => ({ ...place, buffer })),
      outputs: outputViews.map(({ view: place, dtype, length }) => ({ ...place, buffer: new arrayOf[dtype](length) })),
      args: launchArgs,
    }),
  };
}
