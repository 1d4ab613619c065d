import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { LaneMemoryOp, MemoryOp, PlainOp } from "../assembler/opcodes.ts";

/** What the tile needs to know of the elements it multiplies. */
export interface Element {
  readonly bytes: number;
  /** How many of them a vector holds. */
  readonly lanes: number;
  /** Load one element into every lane. */
  readonly splat: MemoryOp;
  readonly loadLane: LaneMemoryOp;
  readonly storeLane: LaneMemoryOp;
  readonly add: PlainOp;
  readonly mul: PlainOp;
  /** One instruction for multiply and add. */
  readonly madd: PlainOp | null;
}

export type ElementType = "float32" | "float64" | "int32";

const word = {
  bytes: 4,
  lanes: 4,
  splat: "v128.load32_splat",
  loadLane: "v128.load32_lane",
  storeLane: "v128.store32_lane",
} as const;
const long = {
  bytes: 8,
  lanes: 2,
  splat: "v128.load64_splat",
  loadLane: "v128.load64_lane",
  storeLane: "v128.store64_lane",
} as const;

/** The element of a dtype. */
export function elementOf(type: ElementType, relaxedMadd: boolean): Element {
  switch (type) {
    case "float32":
      return { ...word, add: "f32x4.add", mul: "f32x4.mul", madd: relaxedMadd ? "f32x4.relaxed_madd" : null };
    case "float64":
      return { ...long, add: "f64x2.add", mul: "f64x2.mul", madd: relaxedMadd ? "f64x2.relaxed_madd" : null };
    case "int32":
      return { ...word, add: "i32x4.add", mul: "i32x4.mul", madd: null };
    default:
      return type satisfies never;
  }
}

/** Leave `c + a * b` in `c`. */
export function multiplyAdd(f: FunctionBuilder, element: Element, a: number, b: number, c: number): void {
  if (element.madd) f.get(a).get(b).get(c).op(element.madd).set(c);
  else f.get(a).get(b).op(element.mul).get(c).op(element.add).set(c);
}
