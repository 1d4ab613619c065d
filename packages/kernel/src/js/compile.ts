import { checkLaunch, pointsOf } from "../check-launch.ts";
import type { Kernel, Launch } from "../kernel.ts";
import type { TypedArray } from "./arrays.ts";
import { interpreter } from "./interpret.ts";
import { printJs } from "./print.ts";
import * as scalars from "./scalars.ts";

type Run = (launch: Launch<TypedArray>, begin: number, end: number) => void;

/**
 * A kernel as a function: `run(launch, begin, end)` computes the kept points from `begin` up to `end`, all of them by default.
 * Buffers are typed arrays of the storage types: see {@link TypedArray}. Slow and exact: what the other targets are compared with.
 *
 * Where a page's content security policy forbids code made at run time, an interpreter does the same, slower.
 *
 * @throws {DTypeError} if the kernel's types do not fit together
 * @throws {RangeError} when run, if the launch does not fit the kernel
 * @example
 * const run = compileJs({
 *   rank: 1,
 *   inputs: [{ dtype: "float32", layout: "contiguous", bounds: 0 }],
 *   outputs: [{ dtype: "float32", expr: expr.mul(expr.load(0), expr.f32(2)), layout: "contiguous" }],
 *   args: [],
 * });
 * const out = new Float32Array(3);
 * const view = { offset: 0, strides: [1] };
 * run({ shape: [3], inputs: [{ ...view, buffer: Float32Array.of(1, 2, 3) }], outputs: [{ ...view, buffer: out }], args: [] });
 * out; // => Float32Array [2, 4, 6]
 */
export function compileJs(kernel: Kernel): (launch: Launch<TypedArray>, begin?: number, end?: number) => void {
  const run = compile(printJs(kernel)) ?? interpreter(kernel);
  return (launch, begin = 0, end = pointsOf(kernel, launch.shape)) => {
    checkLaunch(kernel, launch);
    run(launch, begin, end);
  };
}

const mathNames = ["fround", "imul", "abs", "min", "max", "floor", "ceil", "trunc", "sqrt", "atan2"] as const;
const transcendentals = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "tanh",
  "sinh",
  "cosh",
] as const;

/** The function, or undefined where code may not be made at run time. */
function compile(source: string): Run | undefined {
  const names = [...mathNames, ...transcendentals].join(", ");
  const body = `"use strict"; const { ${names} } = Math; const { ${Object.keys(scalars).join(", ")} } = scalars;\nreturn ${source}`;
  try {
    return new Function("scalars", body)(scalars) as Run;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
