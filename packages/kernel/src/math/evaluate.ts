import { distinctNodes } from "../distinct-nodes.ts";
import type { ScalarType } from "../dtype.ts";
import type { Expr, Op } from "../expr.ts";
import { bitsOfFloat32, erf, float32OfBits, mulhi, pow, roundEven, toI32, toU32 } from "../js/scalars.ts";
import { fusedMultiplyAdd } from "./fused-multiply-add.ts";

/** The value of an expression: bools are 0 and 1. `offset` is what `offset` nodes give, for every input. */
export type Evaluate = (inputs?: ArrayLike<number>, args?: ArrayLike<number>, offset?: number) => number;

export interface EvaluatorOptions {
  /**
   * Whether a float32 `madd` is rounded once, as fused instructions do, or after the product too.
   *
   * @defaultValue true
   */
  readonly fused?: boolean;
}

type Operation = (a: number, b: number, c: number) => number;

/**
 * Makes a function of an expression without making code: for pages that forbid `new Function`, and for tests that need to choose how
 * `madd` rounds. Every float32 operation is rounded to float32; transcendental ones that were not lowered are the host's, rounded.
 *
 * @throws {TypeError} if the expression has 64-bit integers, gathers, or anything of a reduction
 * @example
 * const softplus = evaluator(log(add(exp(load(0)), f32(1))));
 * softplus([0]); // => 0.6931471824645996
 */
export function evaluator(expr: Expr, { fused = true }: EvaluatorOptions = {}): Evaluate {
  const { nodes, roots } = distinctNodes([expr]);
  const at = new Map(nodes.map((node, i) => [node, i]));
  const values = new Float64Array(nodes.length);
  type Step = (inputs: ArrayLike<number>, args: ArrayLike<number>, offset: number) => number;
  const steps = nodes.map(({ expr: e, args }): Step => {
    const fit = fits[e.type];
    if (!fit) throw new TypeError(`evaluator: a value of type ${e.type} needs a compiled kernel. Use compileJs.`);
    const { op, value } = e;
    if (op === "const") return () => fit(value);
    if (op === "load") return (inputs) => fit(inputs[value] as number);
    if (op === "arg") return (_, given) => fit(given[value] as number);
    if (op === "offset") return (_, __, offset) => offset;
    const run = operationOf(e, fused);
    const [a = 0, b = 0, c = 0] = args.map((arg) => at.get(arg) as number);
    return () => run(values[a] as number, values[b] as number, values[c] as number);
  });
  const result = at.get(roots[0] as (typeof nodes)[number]) as number;
  return (inputs = [], given = [], offset = 0) => {
    for (let i = 0; i < steps.length; i++) values[i] = (steps[i] as Step)(inputs, given, offset);
    return values[result] as number;
  };
}

const fits: Readonly<Partial<Record<ScalarType, (x: number) => number>>> = {
  f32: Math.fround,
  f64: (x) => x,
  i32: (x) => x | 0,
  u32: (x) => x >>> 0,
  bool: (x) => (x ? 1 : 0),
};

const arithmetic: Readonly<Partial<Record<Op, Operation>>> = {
  neg: (a) => -a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundEven,
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
  erf,
  pow,
  atan2: Math.atan2,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  rem: (a, b) => a % b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
  lt: (a, b) => (a < b ? 1 : 0),
  le: (a, b) => (a <= b ? 1 : 0),
  gt: (a, b) => (a > b ? 1 : 0),
  ge: (a, b) => (a >= b ? 1 : 0),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  not: (a) => ~a,
  shl: (a, b) => a << b,
  mulhi,
  select: (a, b, c) => (a ? b : c),
  madd: (a, b, c) => a * b + c,
};

function operationOf({ op, type, args }: Expr, fused: boolean): Operation {
  const from = args[0]?.type ?? type;
  const isInteger = type === "i32" || type === "u32";
  const fit = fits[type] as (x: number) => number;
  if (op === "madd" && type === "f32") return fused ? fusedMultiplyAdd : (a, b, c) => fit(fit(a * b) + c);
  if (op === "madd" && isInteger) return (a, b, c) => fit(Math.imul(a, b) + c);
  if (op === "mul" && isInteger) return (a, b) => fit(Math.imul(a, b));
  if (op === "not" && type === "bool") return (a) => (a ? 0 : 1);
  if (op === "shr") return type === "i32" ? (a, b) => a >> b : (a, b) => a >>> b;
  if (op === "cast" && (from === "f32" || from === "f64") && isInteger) return type === "i32" ? toI32 : toU32;
  if (op === "cast") return fit;
  if (op === "bitcast") {
    if (type === "f32") return float32OfBits;
    return from === "f32" ? (a) => fit(bitsOfFloat32(a)) : fit;
  }
  const run = arithmetic[op];
  if (!run) throw new TypeError(`evaluator: ${op} needs a compiled kernel. Use compileJs.`);
  // These give what their type holds; all others may need rounding or wrapping.
  if (op === "select" || type === "bool" || type === "f64") return run;
  return (a, b, c) => fit(run(a, b, c));
}
