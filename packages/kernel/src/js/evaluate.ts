import type { ScalarType } from "../dtype.ts";
import type { BinaryOp, Expr, UnaryOp } from "../expr.ts";
import type { Scalar } from "./arrays.ts";
import * as scalars from "./scalars.ts";

/** An operation as a function of its operands' values. */
export type Operation = (...operands: readonly Scalar[]) => Scalar;

type Numeric = (a: number, b: number, c: number) => number;
type Big = (a: bigint, b: bigint, c: bigint) => bigint;
type Logical = (a: boolean, b: boolean) => boolean;

/** Brings a number back into a type of numbers. */
const fits: Readonly<Record<"f32" | "f64" | "i32" | "u32", (x: number) => number>> = {
  f32: Math.fround,
  f64: (x) => x,
  i32: (x) => x | 0,
  u32: (x) => x >>> 0,
};

const same = (a: number): number => a;
const floats = {
  neg: (a) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: scalars.roundEven,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  erf: scalars.erf,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  rem: (a, b) => a % b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  pow: scalars.pow,
  atan2: Math.atan2,
  madd: (a, b, c) => a * b + c,
} satisfies Record<string, Numeric>;

const integers = {
  neg: (a) => -a,
  abs: Math.abs,
  floor: same,
  ceil: same,
  trunc: same,
  round: same,
  not: (a) => ~a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  div: (a, b) => a / b,
  rem: (a, b) => a % b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  pow: scalars.powInt,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  mulhi: scalars.mulhi,
  madd: (a, b, c) => Math.imul(a, b) + c,
} satisfies Record<string, Numeric>;

const bigs = {
  neg: (a) => -a,
  abs: scalars.abs64,
  floor: (a) => a,
  ceil: (a) => a,
  trunc: (a) => a,
  round: (a) => a,
  not: (a) => ~a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: scalars.div64,
  rem: scalars.rem64,
  min: scalars.min64,
  max: scalars.max64,
  pow: scalars.powInt64,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << (b & 63n),
  shr: (a, b) => a >> (b & 63n),
  madd: (a, b, c) => a * b + c,
} satisfies Record<string, Big>;

const logicals = {
  not: (a) => !a,
  add: (a, b) => a || b,
  max: (a, b) => a || b,
  or: (a, b) => a || b,
  mul: (a, b) => a && b,
  min: (a, b) => a && b,
  and: (a, b) => a && b,
  xor: (a, b) => a !== b,
} satisfies Record<string, Logical>;

const comparisons: Readonly<Partial<Record<BinaryOp | UnaryOp, (a: Scalar, b: Scalar) => boolean>>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

/** What `op` does to operands of one type. */
export function arithmetic(op: BinaryOp | UnaryOp | "madd", type: ScalarType): Operation {
  const compare = op === "madd" ? undefined : comparisons[op];
  if (compare) return compare as Operation;
  if (type === "bool") return logicals[op as keyof typeof logicals] as Operation;
  if (type === "i64") {
    const f = bigs[op as keyof typeof bigs] as Big;
    return ((a: bigint, b: bigint, c: bigint) => scalars.wrap64(f(a, b, c))) as Operation;
  }
  const fit = fits[type];
  if (type === "i32" || type === "u32") {
    const shr: Numeric = type === "i32" ? (a, b) => a >> b : (a, b) => a >>> b;
    const f: Numeric = op === "shr" ? shr : integers[op as keyof typeof integers];
    return ((a: number, b: number, c: number) => fit(f(a, b, c))) as Operation;
  }
  const f: Numeric = floats[op as keyof typeof floats];
  return ((a: number, b: number, c: number) => fit(f(a, b, c))) as Operation;
}

/** Converts a value from one type to another. */
function conversion(from: ScalarType, to: ScalarType): Operation {
  if (to === "bool") return (a) => (from === "i64" ? a !== 0n : a !== 0);
  if (to === "i64")
    return from === "f32" || from === "f64" ? (a) => scalars.toI64(Number(a)) : (a) => BigInt(a as number | boolean);
  if (from === "i64") {
    if (to === "f32") return (a) => scalars.float32OfI64(a as bigint);
    return to === "f64" ? (a) => Number(a) : (a) => fits[to](Number(BigInt.asIntN(32, a as bigint)));
  }
  const isFromFloat = from === "f32" || from === "f64";
  if (isFromFloat && to === "i32") return (a) => scalars.toI32(a as number);
  if (isFromFloat && to === "u32") return (a) => scalars.toU32(a as number);
  return (a) => fits[to](Number(a));
}

function reinterpretation(from: ScalarType, to: ScalarType): Operation {
  if (from === "f64") return (a) => scalars.bitsOfFloat64(a as number);
  if (to === "f64") return (a) => scalars.float64OfBits(a as bigint);
  const bits: Operation = from === "f32" ? (a) => scalars.bitsOfFloat32(a as number) : (a) => a;
  return to === "f32"
    ? (a) => scalars.float32OfBits(bits(a) as number)
    : (a) => fits[to as "i32" | "u32"](bits(a) as number);
}

/** An expression's outermost operation. Leaves and gathers are the caller's. */
export function operationOf({ op, type, args }: Expr): Operation {
  const from = args[0]?.type ?? type;
  switch (op) {
    case "select":
      return (condition, a, b) => (condition ? (a as Scalar) : (b as Scalar));
    case "cast":
      return conversion(from, type);
    case "bitcast":
      return reinterpretation(from, type);
    default:
      return arithmetic(op as BinaryOp | UnaryOp | "madd", from);
  }
}
