import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import type { Cursor } from "./plan.ts";

/** Where each cursor is: a local variable. */
export type Positions = ReadonlyMap<Cursor, Local>;

/** A local variable for each cursor. */
export const newPositions = (context: Context, cursors: readonly Cursor[]): Positions =>
  new Map(cursors.map((cursor) => [cursor, context.f.local("i32")]));

/** Sets `to` to where `from` is. */
export function copyPositions(context: Context, to: Positions, from: Positions): void {
  for (const [cursor, local] of to) context.f.get(from.get(cursor) as Local).set(local);
}

/** Moves all cursors `times` steps along a dimension. */
export function advance(context: Context, positions: Positions, dim: number, times = 1): void {
  const { f, plan } = context;
  const isKept = dim === plan.kept - 1;
  const isReduced = plan.reduced > 0 && dim === plan.kept + plan.reduced - 1;
  for (const [cursor, local] of positions) {
    const layout = isKept ? cursor.layouts.kept : isReduced ? cursor.layouts.reduced : "strided";
    if (layout === "broadcast") continue;
    f.get(local);
    if (layout === "contiguous") f.i32(times * cursor.unit);
    else f.get(context.stride(cursor, dim, times));
    f.op("i32.add").set(local);
  }
}

/** Sets all cursors to the start, and `index` steps further along each dimension given. */
export function startPositions(
  context: Context,
  positions: Positions,
  indices: readonly { readonly dim: number; readonly index: Local }[],
): void {
  const { f } = context;
  for (const [cursor, local] of positions) {
    context.pushStart(cursor);
    for (const { dim, index } of indices) {
      f.get(index).get(context.stride(cursor, dim)).op("i32.mul").op("i32.add");
    }
    f.set(local);
  }
}
