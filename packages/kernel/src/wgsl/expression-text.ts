import type { ScalarType } from "../dtype.ts";
import { DeviceError } from "../errors.ts";
import type { BinaryOp, Expr, UnaryOp } from "../expr.ts";

/** A piece of WGSL; `infix` if it must be put in parentheses to be an operand. */
export interface Text {
  readonly text: string;
  readonly infix?: boolean;
}

export const atom = (text: string): Text => ({ text });
const operand = ({ text, infix }: Text): string => (infix ? `(${text})` : text);
export const call = (name: string, ...args: readonly Text[]): Text =>
  atom(`${name}(${args.map(({ text }) => text).join(", ")})`);
export const infix = (a: Text, op: string, b: Text): Text => ({
  text: `${operand(a)} ${op} ${operand(b)}`,
  infix: true,
});
const prefix = (op: string, a: Text): Text => ({ text: `${op}${operand(a)}`, infix: true });

/** The value as a literal, or undefined for a float WGSL may not write, or may not keep, as one: NaN, infinity, -0, a subnormal. */
export function literal(value: number, type: ScalarType): Text | undefined {
  if (type === "bool") return atom(String(value !== 0));
  if (type === "u32") return atom(`${value >>> 0}u`);
  if (type === "i32") {
    const whole = value | 0;
    return whole === -2147483648 ? atom("i32(-2147483648)") : { text: `${whole}i`, infix: whole < 0 };
  }
  const rounded = Math.fround(value);
  const isPlain =
    Number.isFinite(rounded) && !Object.is(rounded, -0) && (rounded === 0 || Math.abs(rounded) >= 2 ** -126);
  return isPlain ? { text: `${rounded}f`, infix: rounded < 0 } : undefined;
}

const isNan = (a: Text): Text => call("is_nan", a);

function unaryText(op: UnaryOp, type: ScalarType, a: Text): Text {
  switch (op) {
    case "neg":
      return type === "u32" ? prefix("~", infix(a, "-", atom("1u"))) : prefix("-", a);
    case "not":
      return prefix(type === "bool" ? "!" : "~", a);
    case "abs":
      return call("abs", a);
    case "sqrt":
      return call("sqrt", a);
    case "floor":
    case "ceil":
    case "trunc":
    case "round":
      return type === "f32" ? call(op, a) : a;
    default:
      throw new DeviceError(`wgsl: ${op} of ${type} has no WebGPU form yet. Compute it on a CPU device.`);
  }
}

const comparisonSigns = { eq: "==", ne: "!=", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;
const plainSigns = { add: "+", sub: "-", mul: "*", and: "&", or: "|", xor: "^", shl: "<<", shr: ">>" } as const;
const boolSigns = { add: "||", max: "||", or: "||", mul: "&&", min: "&&", and: "&&", xor: "!=" } as const;

function comparisonText(op: keyof typeof comparisonSigns, type: ScalarType, a: Text, b: Text): Text {
  if (type === "f32" && a.text === b.text && (op === "eq" || op === "ne")) {
    // The usual test for NaN, which a compiler that assumes there is none would fold away.
    return op === "ne" ? isNan(a) : prefix("!", isNan(a));
  }
  // NaN differs from everything; compilers print != as a comparison that is false for it.
  if (type === "f32" && op === "ne") return prefix("!", infix(a, "==", b));
  if (type === "bool" && op !== "eq" && op !== "ne") {
    const [x, y] = op === "lt" || op === "ge" ? [a, b] : [b, a];
    const isLess = infix(prefix("!", x), "&&", y);
    return op === "lt" || op === "gt" ? isLess : prefix("!", isLess);
  }
  return infix(a, comparisonSigns[op], b);
}

function binaryText(op: BinaryOp, type: ScalarType, a: Text, b: Text): Text {
  if (op in comparisonSigns) return comparisonText(op as keyof typeof comparisonSigns, type, a, b);
  if (type === "bool") return infix(a, boolSigns[op as keyof typeof boolSigns], b);
  switch (op) {
    case "add":
    case "sub":
    case "mul":
    case "and":
    case "or":
    case "xor":
      return infix(a, plainSigns[op], b);
    case "shl":
    case "shr": {
      const distance = /^\d+[iu]$/.test(b.text)
        ? atom(`${Number.parseInt(b.text, 10) & 31}u`)
        : infix(type === "u32" ? b : call("u32", b), "&", atom("31u"));
      return infix(a, plainSigns[op], distance);
    }
    case "div":
      return type === "f32" ? infix(a, "/", b) : call(`div_${type}`, a, b);
    case "rem":
      return call(`rem_${type}`, a, b);
    case "min":
    case "max":
      return call(type === "f32" ? `${op}_nan` : op, a, b);
    case "mulhi":
      return call("mulhi", a, b);
    default:
      if (op === "pow" && type !== "f32") return call(`pow_${type}`, a, b);
      throw new DeviceError(`wgsl: ${op} of ${type} has no WebGPU form yet. Compute it on a CPU device.`);
  }
}

function castText(from: ScalarType, to: ScalarType, a: Text): Text {
  if (to === "bool") {
    if (from === "f32") return infix(infix(call("bitcast<u32>", a), "&", atom("0x7fffffffu")), "!=", atom("0u"));
    return infix(a, "!=", atom(from === "u32" ? "0u" : "0i"));
  }
  if (from === "f32") return call(to === "i32" ? "to_i32" : "to_u32", a);
  return call(from === "u32" && to === "f32" ? "f32_of_u32" : to, a);
}

/** An operation as WGSL, given its operands'. Leaves and gathers are the caller's. */
export function expressionText({ op, type, args }: Expr, operands: readonly Text[]): Text {
  const [a, b, c] = operands as readonly [Text, Text, Text];
  const from = args[0]?.type ?? type;
  switch (op) {
    case "select":
      return call("select", c, b, a);
    case "madd":
      return type === "f32" ? call("fma", a, b, c) : infix(infix(a, "*", b), "+", c);
    case "cast":
      return castText(from, type, a);
    case "bitcast":
      return call(`bitcast<${type}>`, a);
    default:
      return args.length === 1 ? unaryText(op as UnaryOp, type, a) : binaryText(op as BinaryOp, from, a, b);
  }
}
