import { type ScalarType, scalarOf } from "./dtype.ts";
import { DTypeError } from "./errors.ts";
import type { Expr, Op } from "./expr.ts";
import type { Kernel } from "./kernel.ts";

const floatOnly: ReadonlySet<Op> = new Set<Op>([
  ...([
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
    "erf",
  ] as const),
  ...(["sqrt", "atan2"] as const),
]);
const notForFloats: ReadonlySet<Op> = new Set<Op>(["not", "and", "or", "xor", "shl", "shr", "mulhi"]);
const notForBools: ReadonlySet<Op> = new Set<Op>([
  ...(["sub", "div", "rem", "pow", "neg", "abs", "floor", "ceil", "trunc", "round", "madd", "shl", "shr"] as const),
]);
const bits: Readonly<Record<ScalarType, number>> = { f32: 32, i32: 32, u32: 32, f64: 64, i64: 64, bool: 1 };

/**
 * Finds what no target could print: inputs, arguments and types that do not fit.
 *
 * @throws {DTypeError} if an expression's type is not the one its input, argument or output stores
 * @throws {RangeError} if an input or argument does not exist, or a reduction's result is asked for outside its outputs
 */
export function checkKernel(kernel: Kernel): void {
  const { reduce } = kernel;
  const seen = new Set<Expr>();
  const check = (expr: Expr, where: string, inOutputs: boolean): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    for (const a of expr.args) check(a, where, inOutputs);
    checkLeaf(kernel, expr, where, inOutputs);
    checkTypes(expr, where);
  };
  if (reduce) {
    if (reduce.scan && reduce.rank !== 1) {
      throw new RangeError(`kernel: a scan runs along 1 dimension, not ${reduce.rank}. Launch one kernel for each.`);
    }
    check(reduce.value, "reduction", false);
    seen.clear();
  }
  kernel.outputs.forEach(({ dtype, expr, scatter }, i) => {
    const where = `output ${i}`;
    check(expr, where, true);
    if (expr.type !== scalarOf[dtype]) {
      throw new DTypeError(
        `${where}: stores ${dtype}, which takes ${scalarOf[dtype]}, but its expression is ${expr.type}. Cast it: cast(expr, "${scalarOf[dtype]}").`,
      );
    }
    if (!scatter) return;
    check(scatter.at, where, true);
    if (scatter.at.type !== "i32") {
      throw new DTypeError(`${where}: scatters at an offset of type ${scatter.at.type}. Cast it: cast(at, "i32").`);
    }
  });
}

function checkLeaf(kernel: Kernel, { op, type, value }: Expr, where: string, inOutputs: boolean): void {
  if (op === "arg") {
    const declared = kernel.args[value];
    if (declared === undefined) {
      throw new RangeError(
        `${where}: asks for argument ${value}, the kernel has ${kernel.args.length}. Add it to the kernel's args.`,
      );
    }
    if (declared !== type) {
      throw new DTypeError(
        `${where}: argument ${value} is ${declared}, asked for as ${type}. Use arg(${value}, "${declared}").`,
      );
    }
  }
  if (op === "load" || op === "gather" || op === "offset") {
    const input = kernel.inputs[value];
    if (!input) {
      throw new RangeError(
        `${where}: reads input ${value}, the kernel has ${kernel.inputs.length}. Add it to the kernel's inputs.`,
      );
    }
    if (op === "offset") return;
    if (input.dtype === "virtual") {
      throw new DTypeError(
        `${where}: input ${value} is virtual and has no elements. Ask for offset(${value}), or give it a dtype.`,
      );
    }
    if (scalarOf[input.dtype] !== type) {
      const fits = scalarOf[input.dtype];
      throw new DTypeError(
        `${where}: input ${value} is ${input.dtype}, which loads as ${fits}, not ${type}. Use ${op}(…, "${fits}") and cast.`,
      );
    }
  }
  if (op === "reduced" || op === "reducedIndex") {
    if (!kernel.reduce || !inOutputs) {
      throw new RangeError(
        `${where}: asks for the result of a reduction where there is none. Use ${op} in the outputs of a kernel that reduces.`,
      );
    }
    if (op === "reduced" && type !== kernel.reduce.value.type) {
      throw new DTypeError(
        `${where}: the reduction gives ${kernel.reduce.value.type}, not ${type}. Use reduced("${kernel.reduce.value.type}") and cast.`,
      );
    }
    if (op === "reducedIndex" && kernel.reduce.op !== "argmax" && kernel.reduce.op !== "argmin") {
      throw new RangeError(`${where}: ${kernel.reduce.op} has no index. Reduce with argmax or argmin.`);
    }
  }
}

function checkTypes({ op, type, args }: Expr, where: string): void {
  const of = args[0]?.type ?? type;
  const isFloat = of === "f32" || of === "f64";
  if (floatOnly.has(op) && !isFloat)
    throw new DTypeError(`${where}: ${op} of ${of} is not defined. Cast to f32 or f64 first.`);
  if (notForFloats.has(op) && isFloat)
    throw new DTypeError(`${where}: ${op} of ${of} is not defined. Cast or bitcast to an integer first.`);
  if (notForBools.has(op) && of === "bool")
    throw new DTypeError(`${where}: ${op} of bool is not defined. Cast to i32 first.`);
  if (op === "mulhi" && of !== "u32")
    throw new DTypeError(`${where}: mulhi of ${of} is not defined. Cast both to u32 first.`);
  if (op === "bitcast" && (bits[of] !== bits[type] || of === "bool")) {
    throw new DTypeError(
      `${where}: bitcast from ${of} to ${type} changes the size. Use cast, or types of the same size.`,
    );
  }
  if (op === "gather" && of !== "i32")
    throw new DTypeError(`${where}: gathers at an offset of type ${of}. Cast it: cast(at, "i32").`);
}
