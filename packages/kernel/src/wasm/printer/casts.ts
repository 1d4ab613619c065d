import type { ScalarType } from "../../dtype.ts";
import type { PlainOp } from "../assembler/opcodes.ts";
import type { Context } from "./context.ts";
import { perLane } from "./lane-operations.ts";

/** Of two 64-bit lanes the low halves, in the low two 32-bit lanes: wraps integers, narrows masks. */
const lowHalves = [0, 1, 2, 3, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0];

export const is64 = (type: ScalarType): boolean => type === "f64" || type === "i64";

/** A comparison's mask of 64-bit lanes to the one of 32-bit lanes that a bool is. */
export function narrowMask({ f }: Context): void {
  f.v128(Array(16).fill(0)).shuffle(lowHalves);
}

/** A bool as a mask for 64-bit lanes. */
export const widenMask = ({ f }: Context): unknown => f.op("i64x2.extend_low_i32x4_s");

/** The number 1 of each type, in every lane. */
const ones: Readonly<Record<Exclude<ScalarType, "bool">, readonly number[]>> = {
  f32: [0, 0, 0x80, 0x3f],
  i32: [1, 0, 0, 0],
  u32: [1, 0, 0, 0],
  f64: [0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
  i64: [1, 0, 0, 0, 0, 0, 0, 0],
};

type Pair = `${ScalarType} ${ScalarType}`;

/** Conversions that are one vector instruction (or none). */
const direct: Readonly<Partial<Record<Pair, readonly PlainOp[]>>> = {
  "f32 i32": ["i32x4.trunc_sat_f32x4_s"],
  "f32 u32": ["i32x4.trunc_sat_f32x4_u"],
  "f32 f64": ["f64x2.promote_low_f32x4"],
  "f64 f32": ["f32x4.demote_f64x2_zero"],
  "f64 i32": ["i32x4.trunc_sat_f64x2_s_zero"],
  "f64 u32": ["i32x4.trunc_sat_f64x2_u_zero"],
  "i32 f32": ["f32x4.convert_i32x4_s"],
  "u32 f32": ["f32x4.convert_i32x4_u"],
  "i32 f64": ["f64x2.convert_low_i32x4_s"],
  "u32 f64": ["f64x2.convert_low_i32x4_u"],
  "i32 i64": ["i64x2.extend_low_i32x4_s"],
  "u32 i64": ["i64x2.extend_low_i32x4_u"],
  "i32 u32": [],
  "u32 i32": [],
};

const lanewise: Readonly<Partial<Record<Pair, PlainOp>>> = {
  "f32 i64": "i64.trunc_sat_f32_s",
  "f64 i64": "i64.trunc_sat_f64_s",
  "i64 f32": "f32.convert_i64_s",
  "i64 f64": "f64.convert_i64_s",
};

/** Converts the vector on the stack. */
export function castVector(context: Context, from: ScalarType, to: ScalarType): void {
  const { f } = context;
  if (from === to) return;
  if (to === "bool") {
    f.get(context.bytes(Array(16).fill(0)));
    f.op(from === "f32" ? "f32x4.ne" : from === "f64" ? "f64x2.ne" : from === "i64" ? "i64x2.ne" : "i32x4.ne");
    if (is64(from)) narrowMask(context);
    return;
  }
  if (from === "bool") {
    if (is64(to)) widenMask(context);
    const one = ones[to];
    f.get(context.bytes(Array.from({ length: 16 }, (_, i) => one[i % one.length] as number))).op("v128.and");
    return;
  }
  if (from === "i64" && (to === "i32" || to === "u32")) {
    narrowMask(context);
    return;
  }
  const ops = direct[`${from} ${to}`];
  if (ops) for (const op of ops) f.op(op);
  else {
    perLane(context, [from], to, (push) => {
      push(0);
      f.op(lanewise[`${from} ${to}`] as PlainOp);
    });
  }
}
