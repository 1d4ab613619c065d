import type { ScalarType } from "../dtype.ts";
import type { BinaryOp, Expr, UnaryOp } from "../expr.ts";
import { scalarFrom } from "./arrays.ts";

/** A piece of JavaScript, and how tightly its outermost operator binds. */
export interface Text {
  readonly text: string;
  readonly level: number;
}

const levels = {
  "**": 13,
  "*": 12,
  "/": 12,
  "%": 12,
  "+": 11,
  "-": 11,
  "<<": 10,
  ">>": 10,
  ">>>": 10,
  "<": 9,
  "<=": 9,
  ">": 9,
  ">=": 9,
  "===": 8,
  "!==": 8,
  "&": 7,
  "^": 6,
  "|": 5,
  "&&": 4,
  "||": 3,
} as const;
const unaryLevel = 14;
const conditionalLevel = 2;

export const atom = (text: string): Text => ({ text, level: 20 });
const wrap = ({ text, level }: Text, least: number): string => (level < least ? `(${text})` : text);
export const call = (name: string, ...args: readonly Text[]): Text =>
  atom(`${name}(${args.map(({ text }) => text).join(", ")})`);
const prefix = (op: string, a: Text): Text => ({ text: op + wrap(a, unaryLevel + 1), level: unaryLevel });
export const infix = (a: Text, op: keyof typeof levels, b: Text): Text => ({
  text: `${wrap(a, levels[op])} ${op} ${wrap(b, levels[op] + 1)}`,
  level: levels[op],
});
export const conditional = (test: Text, a: Text, b: Text): Text => ({
  text: `${wrap(test, conditionalLevel + 1)} ? ${wrap(a, conditionalLevel + 1)} : ${wrap(b, conditionalLevel)}`,
  level: conditionalLevel,
});

/** The value as a literal of its type. */
export function literal(value: number, type: ScalarType): Text {
  const scalar = scalarFrom(value, type);
  const text = Object.is(scalar, -0) ? "-0" : typeof scalar === "bigint" ? `${scalar}n` : String(scalar);
  return text.startsWith("-") ? { text, level: unaryLevel } : atom(text);
}

/** Brings a result of JavaScript's arithmetic back into the type. */
function fit(text: Text, type: ScalarType): Text {
  switch (type) {
    case "f32":
      return call("fround", text);
    case "i32":
      return infix(text, "|", atom("0"));
    case "u32":
      return infix(text, ">>>", atom("0"));
    case "i64":
      return call("wrap64", text);
    default:
      return text;
  }
}

const isFloat = (type: ScalarType): boolean => type === "f32" || type === "f64";

function unaryText(op: UnaryOp, type: ScalarType, a: Text): Text {
  switch (op) {
    case "neg":
      return isFloat(type) ? prefix("-", a) : fit(prefix("-", a), type);
    case "not":
      return type === "bool" ? prefix("!", a) : type === "u32" ? fit(prefix("~", a), type) : prefix("~", a);
    case "abs":
      if (type === "i64") return call("abs64", a);
      return isFloat(type) ? call("abs", a) : type === "u32" ? a : fit(call("abs", a), type);
    case "floor":
    case "ceil":
    case "trunc":
      return isFloat(type) ? call(op, a) : a;
    case "round":
      return isFloat(type) ? call("roundEven", a) : a;
    default:
      return fit(call(op, a), type);
  }
}

const comparisonSigns = { eq: "===", ne: "!==", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;
const arithmeticSigns = { add: "+", sub: "-", mul: "*", div: "/", rem: "%", and: "&", or: "|", xor: "^" } as const;
const boolSigns = { add: "||", max: "||", or: "||", mul: "&&", min: "&&", and: "&&", xor: "!==" } as const;

function binaryText(op: BinaryOp, type: ScalarType, a: Text, b: Text): Text {
  if (op in comparisonSigns) return infix(a, comparisonSigns[op as keyof typeof comparisonSigns], b);
  if (type === "bool") return infix(a, boolSigns[op as keyof typeof boolSigns], b);
  switch (op) {
    case "add":
    case "sub":
      return fit(infix(a, arithmeticSigns[op], b), type);
    case "mul":
      return fit(type === "i32" || type === "u32" ? call("imul", a, b) : infix(a, "*", b), type);
    case "div":
    case "rem":
      if (type === "i64") return call(op === "div" ? "div64" : "rem64", a, b);
      return fit(infix(a, arithmeticSigns[op], b), type);
    case "min":
    case "max":
      return call(type === "i64" ? `${op}64` : op, a, b);
    case "pow":
      return type === "i64"
        ? call("powInt64", a, b)
        : isFloat(type)
          ? fit(call("pow", a, b), type)
          : fit(call("powInt", a, b), type);
    case "atan2":
      return fit(call("atan2", a, b), type);
    case "and":
    case "or":
    case "xor":
      return type === "u32" ? fit(infix(a, arithmeticSigns[op], b), type) : infix(a, arithmeticSigns[op], b);
    case "shl":
      if (type === "i64") return fit(infix(a, "<<", infix(b, "&", atom("63n"))), type);
      return type === "u32" ? fit(infix(a, "<<", b), type) : infix(a, "<<", b);
    case "shr":
      if (type === "i64") return infix(a, ">>", infix(b, "&", atom("63n")));
      return infix(a, type === "u32" ? ">>>" : ">>", b);
    default:
      return call("mulhi", a, b);
  }
}

function castText(from: ScalarType, to: ScalarType, a: Text): Text {
  if (to === "bool") return infix(a, "!==", atom(from === "i64" ? "0n" : "0"));
  if (from === "bool")
    return to === "i64" ? conditional(a, atom("1n"), atom("0n")) : conditional(a, atom("1"), atom("0"));
  if (isFloat(from)) {
    if (isFloat(to)) return fit(a, to);
    return call(to === "i32" ? "toI32" : to === "u32" ? "toU32" : "toI64", a);
  }
  if (from === "i64") {
    if (to === "f32") return call("float32OfI64", a);
    return to === "f64" ? call("Number", a) : fit(call("Number", call("BigInt.asIntN", atom("32"), a)), to);
  }
  return to === "i64" ? call("BigInt", a) : fit(a, to);
}

function bitcastText(from: ScalarType, to: ScalarType, a: Text): Text {
  if (from === "f64") return call("bitsOfFloat64", a);
  if (to === "f64") return call("float64OfBits", a);
  if (from === "f32") return to === "i32" ? fit(call("bitsOfFloat32", a), to) : call("bitsOfFloat32", a);
  return to === "f32" ? call("float32OfBits", a) : fit(a, to);
}

/** An operation as JavaScript, given its operands'. Leaves and gathers are the caller's. */
export function expressionText({ op, type, args }: Expr, operands: readonly Text[]): Text {
  const [a, b, c] = operands as readonly [Text, Text, Text];
  const from = args[0]?.type ?? type;
  switch (op) {
    case "select":
      return conditional(a, b, c);
    case "madd":
      return fit(infix(type === "i32" || type === "u32" ? call("imul", a, b) : infix(a, "*", b), "+", c), type);
    case "cast":
      return castText(from, type, a);
    case "bitcast":
      return bitcastText(from, type, a);
    default:
      return args.length === 1 ? unaryText(op as UnaryOp, type, a) : binaryText(op as BinaryOp, from, a, b);
  }
}
