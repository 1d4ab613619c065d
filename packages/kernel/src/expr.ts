import type { ScalarType } from "./dtype.ts";

/** Leaves: where the values come from. `value` is the constant, the number of the argument, or the number of the input. */
export type LeafOp = "const" | "arg" | "load" | "offset" | "reduced" | "reducedIndex";

/** Ops of one operand that every target computes exactly (IEEE 754 where they round at all). */
export type ExactUnaryOp = "neg" | "abs" | "sqrt" | "floor" | "ceil" | "trunc" | "round" | "not";

/** Functions a target may not have: printers lower them to the expressions of `math/` (float32) or call the host's (float64). */
export type TranscendentalOp =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "tanh"
  | "sinh"
  | "cosh"
  | "erf";

export type UnaryOp = ExactUnaryOp | TranscendentalOp;

export type ArithmeticOp = "add" | "sub" | "mul" | "div" | "rem" | "min" | "max" | "pow" | "atan2";
export type BitOp = "and" | "or" | "xor" | "shl" | "shr" | "mulhi";
export type ComparisonOp = "eq" | "ne" | "lt" | "le" | "gt" | "ge";
export type BinaryOp = ArithmeticOp | BitOp | ComparisonOp;

/** `gather` loads `input` at its own offset plus args[0] elements; `madd` is a * b + c, rounded once where the target can. */
export type OtherOp = "gather" | "select" | "madd" | "cast" | "bitcast";

export type Op = LeafOp | UnaryOp | BinaryOp | OtherOp;

/**
 * A scalar expression, evaluated at every point of a kernel's index space. Immutable; sharing a node means the value is computed once.
 *
 * - `value`: the constant (`const`), the index of the runtime argument (`arg`), or of the kernel input (`load`, `offset`, `gather`).
 * - `offset` is the position, in elements, an input's view points at: over a virtual input this is a counter, the source of `arange`,
 *   masks and random numbers.
 * - `reduced` and `reducedIndex` are the result of the kernel's reduction, legal in its outputs only.
 */
export interface Expr {
  readonly op: Op;
  readonly type: ScalarType;
  readonly args: readonly Expr[];
  readonly value: number;
}

const none: readonly Expr[] = [];

function node(op: Op, type: ScalarType, args: readonly Expr[], value = 0): Expr {
  return { op, type, args, value };
}

/** A constant. 64-bit integers are exact to 2^53. */
export const constant = (type: ScalarType, value: number): Expr => node("const", type, none, value);
export const f32 = (value: number): Expr => constant("f32", value);
export const f64 = (value: number): Expr => constant("f64", value);
export const i32 = (value: number): Expr => constant("i32", value);
export const u32 = (value: number): Expr => constant("u32", value);

/** Runtime argument number `index`: a new value never recompiles. */
export const arg = (index: number, type: ScalarType = "f32"): Expr => node("arg", type, none, index);
/** The element of input number `input` at this point. */
export const load = (input: number, type: ScalarType = "f32"): Expr => node("load", type, none, input);
/** The element offset of input number `input` at this point. */
export const offset = (input: number): Expr => node("offset", "i32", none, input);
/** The element of input number `input`, `at` elements further than its view points at this point. */
export const gather = (input: number, at: Expr, type: ScalarType = "f32"): Expr => node("gather", type, [at], input);
/** The result of the kernel's reduction. */
export const reduced = (type: ScalarType = "f32"): Expr => node("reduced", type, none);
/** Where the kernel's argmax or argmin found its result: the index along the flattened reduced dimensions. */
export const reducedIndex = (): Expr => node("reducedIndex", "i32", none);

export const unary = (op: UnaryOp, a: Expr): Expr => node(op, a.type, [a]);

const comparisons: ReadonlySet<Op> = new Set<Op>(["eq", "ne", "lt", "le", "gt", "ge"]);

/** Both operands have one type; comparisons give a bool, everything else that type. */
export function binary(op: BinaryOp, a: Expr, b: Expr): Expr {
  if (a.type !== b.type) {
    throw new TypeError(`${op}: operands are ${a.type} and ${b.type}. Cast one of them: cast(a, "${b.type}").`);
  }
  return node(op, comparisons.has(op) ? "bool" : a.type, [a, b]);
}

/** `condition ? a : b`, both evaluated. */
export function select(condition: Expr, a: Expr, b: Expr): Expr {
  if (condition.type !== "bool" || a.type !== b.type) {
    throw new TypeError(
      `select: needs a bool and two values of one type, got ${condition.type}, ${a.type}, ${b.type}.`,
    );
  }
  return node("select", a.type, [condition, a, b]);
}

/** Convert the value: float to integer truncates and saturates (NaN gives 0), integers wrap, anything but 0 is true. */
export const cast = (a: Expr, type: ScalarType): Expr => (a.type === type ? a : node("cast", type, [a]));
/** The same bits read as another 32-bit type. */
export const bitcast = (a: Expr, type: ScalarType): Expr => (a.type === type ? a : node("bitcast", type, [a]));
/** a * b + c: rounded once where the target has a fused instruction, twice elsewhere. */
export const madd = (a: Expr, b: Expr, c: Expr): Expr => node("madd", a.type, [a, b, c]);

export const neg = (a: Expr): Expr => unary("neg", a);
export const abs = (a: Expr): Expr => unary("abs", a);
export const sqrt = (a: Expr): Expr => unary("sqrt", a);
export const floor = (a: Expr): Expr => unary("floor", a);
export const ceil = (a: Expr): Expr => unary("ceil", a);
export const trunc = (a: Expr): Expr => unary("trunc", a);
/** To the nearest integer, halves to even. */
export const round = (a: Expr): Expr => unary("round", a);
/** Logical for bool, bitwise for integers. */
export const not = (a: Expr): Expr => unary("not", a);
export const exp = (a: Expr): Expr => unary("exp", a);
export const log = (a: Expr): Expr => unary("log", a);
export const add = (a: Expr, b: Expr): Expr => binary("add", a, b);
export const sub = (a: Expr, b: Expr): Expr => binary("sub", a, b);
export const mul = (a: Expr, b: Expr): Expr => binary("mul", a, b);
/** True division for floats; truncated division for integers (division by zero gives 0). */
export const div = (a: Expr, b: Expr): Expr => binary("div", a, b);
/** The remainder with the sign of the dividend, as C's. */
export const rem = (a: Expr, b: Expr): Expr => binary("rem", a, b);
/** NaN if either is NaN. */
export const min = (a: Expr, b: Expr): Expr => binary("min", a, b);
/** NaN if either is NaN. */
export const max = (a: Expr, b: Expr): Expr => binary("max", a, b);
export const and = (a: Expr, b: Expr): Expr => binary("and", a, b);
export const or = (a: Expr, b: Expr): Expr => binary("or", a, b);
export const xor = (a: Expr, b: Expr): Expr => binary("xor", a, b);
export const shl = (a: Expr, b: Expr): Expr => binary("shl", a, b);
/** Keeps the sign for i32 and i64, fills with zeros for u32. */
export const shr = (a: Expr, b: Expr): Expr => binary("shr", a, b);
/** The high 32 bits of the 64-bit product of two u32. */
export const mulhi = (a: Expr, b: Expr): Expr => binary("mulhi", a, b);
export const eq = (a: Expr, b: Expr): Expr => binary("eq", a, b);
export const ne = (a: Expr, b: Expr): Expr => binary("ne", a, b);
export const lt = (a: Expr, b: Expr): Expr => binary("lt", a, b);
export const le = (a: Expr, b: Expr): Expr => binary("le", a, b);
export const gt = (a: Expr, b: Expr): Expr => binary("gt", a, b);
export const ge = (a: Expr, b: Expr): Expr => binary("ge", a, b);
