import type { ScalarType } from "../../dtype.ts";
import type { Local, ValueType } from "../assembler/function-builder.ts";
import type { LaneOp } from "../assembler/opcodes.ts";
import type { Context } from "./context.ts";

const extracts: Readonly<Record<ScalarType, LaneOp>> = {
  f32: "f32x4.extract_lane",
  f64: "f64x2.extract_lane",
  i32: "i32x4.extract_lane",
  u32: "i32x4.extract_lane",
  i64: "i64x2.extract_lane",
  bool: "i32x4.extract_lane",
};
const replaces: Readonly<Record<ScalarType, LaneOp>> = {
  f32: "f32x4.replace_lane",
  f64: "f64x2.replace_lane",
  i32: "i32x4.replace_lane",
  u32: "i32x4.replace_lane",
  i64: "i64x2.replace_lane",
  bool: "i32x4.replace_lane",
};

/** The WebAssembly type of one lane. */
const laneType = (type: ScalarType): ValueType => (type === "u32" || type === "bool" ? "i32" : type);

/**
 * What no vector instruction does, lane by lane. The operands, vectors, are on the stack; `body` leaves a scalar for each lane, from operands
 * that `push(i)` pushes.
 */
export function perLane(
  context: Context,
  operands: readonly ScalarType[],
  result: ScalarType,
  body: (push: (operand: number) => void) => void,
): void {
  const { f, lanes } = context;
  context.temporary(
    operands.map(() => "v128" as const),
    (...vectors) => {
      for (const vector of vectors.toReversed()) f.set(vector);
      f.v128(Array(16).fill(0));
      for (let lane = 0; lane < lanes; lane++) {
        body((i) => f.get(vectors[i] as Local).lane(extracts[operands[i] as ScalarType], lane));
        f.lane(replaces[result], lane);
      }
    },
  );
}

/** Integer division or remainder: by zero gives 0, and the smallest number by -1 wraps. */
export function divideLanes(context: Context, op: "div" | "rem", type: "i32" | "u32" | "i64", divisor?: number): void {
  const { f } = context;
  const value = laneType(type) as "i32" | "i64";
  const instruction = `${value}.${op}_${type === "u32" ? "u" : "s"}` as const;
  if (divisor !== undefined && divisor !== 0 && divisor !== -1) {
    perLane(context, [type, type], type, (push) => {
      push(0);
      (value === "i32" ? f.i32(divisor) : f.i64(divisor)).op(instruction);
    });
    return;
  }
  context.temporary([value], (by) => {
    perLane(context, [type, type], type, (push) => {
      push(1);
      f.tee(by);
      // Of the divisors, only 0 and -1 trap.
      if (type === "u32") f.op("i32.eqz");
      else if (type === "i32") f.i32(1).op("i32.add").i32(2).op("i32.lt_u");
      else f.i64(1).op("i64.add").i64(2).op("i64.lt_u");
      f.if(
        () => {
          if (op === "rem") value === "i32" ? f.i32(0) : f.i64(0);
          else {
            push(0);
            f.get(by).op(`${value}.mul`);
          }
        },
        () => {
          push(0);
          f.get(by).op(instruction);
        },
        value,
      );
    });
  });
}

/** Shifts by a count that differs from lane to lane. WebAssembly takes it modulo the type's bits. */
export function shiftLanes(context: Context, op: "shl" | "shr", type: "i32" | "u32" | "i64"): void {
  const instruction = op === "shl" ? "shl" : type === "u32" ? "shr_u" : "shr_s";
  perLane(context, [type, type], type, (push) => {
    push(0);
    push(1);
    context.f.op(`${laneType(type) as "i32" | "i64"}.${instruction}`);
  });
}

/** A function of float64 operands, the host's or one printed beside the kernel; float32 operands take the way there and back. */
export function callLanes(context: Context, name: string, operands: number, type: "f32" | "f64"): void {
  const { f } = context;
  const types = Array.from({ length: operands }, () => type);
  perLane(context, types, type, (push) => {
    for (let i = 0; i < operands; i++) {
      push(i);
      if (type === "f32") f.op("f64.promote_f32");
    }
    f.call(context.functions.get(name) as number);
    if (type === "f32") f.op("f32.demote_f64");
  });
}

/** A function of integers printed beside the kernel. */
export function callIntegerLanes(context: Context, name: string, type: "i32" | "u32" | "i64"): void {
  perLane(context, [type, type], type, (push) => {
    push(0);
    push(1);
    context.f.call(context.functions.get(name) as number);
  });
}
