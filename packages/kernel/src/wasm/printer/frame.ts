import type { DistinctNode } from "../../distinct-nodes.ts";
import type { Expr } from "../../expr.ts";
import type { Local, Point } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import type { Axis, Cursor } from "./plan.ts";

/** Which lanes take part: the first few, or those whose bit is set in a local variable. The others hold anything, and touch no memory. */
export type Lanes = number | { readonly bits: Local };

/** Values that stay the same in a loop, computed in front of it. */
export interface Hoist {
  readonly point: Point;
  readonly known: Map<DistinctNode, Local[]>;
}

/** Where in the loops an expression is evaluated. */
export interface Frame {
  /** What the lanes follow. */
  readonly axis: Axis;
  /** What the innermost loop follows. */
  readonly loop: Axis;
  readonly lanes: Lanes;
  /** How many vectors side by side one round of the loop computes. */
  readonly copies: number;
  /** Where each cursor is, for lane 0 of copy 0. */
  readonly positions: ReadonlyMap<Cursor, Local>;
  /** Absent where there is no loop. */
  readonly hoist?: Hoist;
  /** Push the result of the reduction, of copy `copy`. */
  readonly pushReduced?: (copy: number) => void;
  readonly pushReducedIndex?: (copy: number) => void;
}

export const newHoist = (context: Context): Hoist => ({ point: context.f.point(), known: new Map() });

/** The constant's bytes in every lane. */
export function constantBytes({ type, value }: Expr): number[] {
  const view = new DataView(new ArrayBuffer(16));
  const bytes = type === "f64" || type === "i64" ? 8 : 4;
  for (let at = 0; at < 16; at += bytes) {
    if (type === "f64") view.setFloat64(at, value, true);
    else if (type === "f32") view.setFloat32(at, value, true);
    else if (type === "i64") view.setBigInt64(at, BigInt(Math.trunc(value)), true);
    else view.setInt32(at, type === "bool" ? (value === 0 ? 0 : -1) : value, true);
  }
  return Array.from({ length: 16 }, (_, i) => view.getUint8(i));
}
