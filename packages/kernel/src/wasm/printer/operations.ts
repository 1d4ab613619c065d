import type { ScalarType } from "../../dtype.ts";
import type { Expr, Op } from "../../expr.ts";
import type { PlainOp } from "../assembler/opcodes.ts";
import { castVector, is64, narrowMask, widenMask } from "./casts.ts";
import type { Context } from "./context.ts";
import { callIntegerLanes, callLanes, divideLanes, shiftLanes } from "./lane-operations.ts";

type Table = Readonly<Partial<Record<Op, PlainOp>>>;

const bits = { and: "v128.and", or: "v128.or", xor: "v128.xor", not: "v128.not" } as const;
const f32: Table = {
  neg: "f32x4.neg",
  abs: "f32x4.abs",
  sqrt: "f32x4.sqrt",
  floor: "f32x4.floor",
  ceil: "f32x4.ceil",
  trunc: "f32x4.trunc",
  round: "f32x4.nearest",
  add: "f32x4.add",
  sub: "f32x4.sub",
  mul: "f32x4.mul",
  div: "f32x4.div",
  min: "f32x4.min",
  max: "f32x4.max",
  eq: "f32x4.eq",
  ne: "f32x4.ne",
  lt: "f32x4.lt",
  le: "f32x4.le",
  gt: "f32x4.gt",
  ge: "f32x4.ge",
};
const f64: Table = Object.fromEntries(Object.entries(f32).map(([op, name]) => [op, name.replace("f32x4", "f64x2")]));
const integer: Table = {
  ...bits,
  neg: "i32x4.neg",
  add: "i32x4.add",
  sub: "i32x4.sub",
  mul: "i32x4.mul",
  eq: "i32x4.eq",
  ne: "i32x4.ne",
};
const i32: Table = {
  ...integer,
  abs: "i32x4.abs",
  min: "i32x4.min_s",
  max: "i32x4.max_s",
  lt: "i32x4.lt_s",
  le: "i32x4.le_s",
  gt: "i32x4.gt_s",
  ge: "i32x4.ge_s",
};
const u32: Table = {
  ...integer,
  min: "i32x4.min_u",
  max: "i32x4.max_u",
  lt: "i32x4.lt_u",
  le: "i32x4.le_u",
  gt: "i32x4.gt_u",
  ge: "i32x4.ge_u",
};
const i64: Table = {
  ...bits,
  neg: "i64x2.neg",
  abs: "i64x2.abs",
  add: "i64x2.add",
  sub: "i64x2.sub",
  mul: "i64x2.mul",
  eq: "i64x2.eq",
  ne: "i64x2.ne",
  lt: "i64x2.lt_s",
  le: "i64x2.le_s",
  gt: "i64x2.gt_s",
  ge: "i64x2.ge_s",
};
// A bool is a mask, -1 where true, so that order is turned around.
const bool: Table = {
  ...bits,
  add: "v128.or",
  max: "v128.or",
  mul: "v128.and",
  min: "v128.and",
  eq: "i32x4.eq",
  ne: "v128.xor",
  lt: "i32x4.gt_s",
  le: "i32x4.ge_s",
  gt: "i32x4.lt_s",
  ge: "i32x4.le_s",
};
const tables: Readonly<Record<ScalarType, Table>> = { f32, f64, i32, u32, i64, bool };

const comparisons: ReadonlySet<Op> = new Set<Op>(["eq", "ne", "lt", "le", "gt", "ge"]);
const isFloat = (type: ScalarType): type is "f32" | "f64" => type === "f32" || type === "f64";

/** Functions printed beside the kernel where it needs them: see `scalar-functions.ts`. */
export function printedFunction({ op, type }: Pick<Expr, "op" | "type">): string | undefined {
  if (op === "rem" && isFloat(type)) return "fmod";
  return op === "pow" && !isFloat(type) ? `pow ${type}` : undefined;
}

/** Functions of the host's `Math` that a node needs: float64 transcendentals, and float32 ones that nothing lowers. */
export function hostFunction({ op, type }: Pick<Expr, "op" | "type">): string | undefined {
  return isFloat(type) && hostFunctions.has(op) ? op : undefined;
}
const hostFunctions: ReadonlySet<Op> = new Set<Op>([
  ...(["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan"] as const),
  ...(["tanh", "sinh", "cosh", "erf", "pow", "atan2"] as const),
]);

/** Does `op` to the vectors on the stack, all of type `type`. */
export function operate(context: Context, op: Op, type: ScalarType): void {
  const { f } = context;
  const instruction = tables[type][op];
  if (instruction) {
    f.op(instruction);
    if (is64(type) && comparisons.has(op)) narrowMask(context);
    return;
  }
  switch (op) {
    case "abs":
    case "floor":
    case "ceil":
    case "trunc":
    case "round":
      // Of integers, and the absolute value of unsigned ones.
      return;
    case "min":
    case "max":
      context.temporary(["v128", "v128"], (a, b) => {
        f.set(b).tee(a).get(b).get(a).get(b);
        f.op(op === "min" ? "i64x2.lt_s" : "i64x2.gt_s").op("v128.bitselect");
      });
      return;
    case "div":
    case "rem":
      if (isFloat(type)) callLanes(context, "fmod", 2, type);
      else divideLanes(context, op, type as "i32");
      return;
    case "shl":
    case "shr":
      shiftLanes(context, op, type as "i32");
      return;
    case "mulhi":
      multiplyHigh(context);
      return;
    case "madd":
      if (context.relaxed && isFloat(type)) {
        f.op(type === "f32" ? "f32x4.relaxed_madd" : "f64x2.relaxed_madd");
        return;
      }
      context.temporary(["v128"], (c) => {
        f.set(c);
        operate(context, "mul", type);
        f.get(c);
        operate(context, "add", type);
      });
      return;
    case "select":
      selectLanes(context, type);
      return;
    default:
      if (isFloat(type)) callLanes(context, op, op === "pow" || op === "atan2" ? 2 : 1, type);
      else callIntegerLanes(context, `pow ${type}`, type as "i32");
  }
}

/** Condition, a and b are on the stack. */
function selectLanes(context: Context, type: ScalarType): void {
  const { f } = context;
  context.temporary(["v128", "v128", "v128"], (condition, a, b) => {
    f.set(b).set(a).set(condition).get(a).get(b).get(condition);
    if (is64(type)) widenMask(context);
    f.op("v128.bitselect");
  });
}

/** The high halves of the 64-bit products. */
function multiplyHigh(context: Context): void {
  const { f } = context;
  context.temporary(["v128", "v128"], (a, b) => {
    f.set(b).tee(a).get(b).op("i64x2.extmul_low_i32x4_u").get(a).get(b).op("i64x2.extmul_high_i32x4_u");
    f.shuffle([4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31]);
  });
}

const shifts = {
  "shl i32": "i32x4.shl",
  "shl u32": "i32x4.shl",
  "shl i64": "i64x2.shl",
  "shr i32": "i32x4.shr_s",
  "shr u32": "i32x4.shr_u",
  "shr i64": "i64x2.shr_s",
} as const;

/** Does what an expression's outermost node says; `push` pushes its operands. Leaves and gathers are the caller's. */
export function operateNode(context: Context, { op, type, args }: Expr, push: (operand: number) => void): void {
  const of = args[0]?.type ?? type;
  const last = args.at(-1);
  if ((op === "shl" || op === "shr") && last?.op === "const") {
    push(0);
    context.f.i32(last.value % 64).op(shifts[`${op} ${of as "i32"}`]);
    return;
  }
  if ((op === "div" || op === "rem") && !isFloat(of) && last?.op === "const") {
    push(0);
    push(1);
    divideLanes(context, op, of as "i32", of === "i64" ? Math.trunc(last.value) : last.value | 0);
    return;
  }
  args.forEach((_, i) => {
    push(i);
  });
  if (op === "cast") castVector(context, of, type);
  else if (op !== "bitcast") operate(context, op, op === "select" ? type : of);
}
