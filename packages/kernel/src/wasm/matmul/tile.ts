import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import { type Element, multiplyAdd } from "./element.ts";

/**
 * How big a tile of C is kept in registers, and how many steps of k make one round of the loop.
 *
 * With `madd`, 6 rows of 2 vectors fill 15 of the 16 registers of x86, and unrolling pays. A separate multiply and add needs one more for the
 * product, and older engines (V8 before 12) gather the updates of each sum of an unrolled loop and spill everything else: 4 rows, no unrolling.
 */
export const tileOf = (element: Element): { readonly rows: number; readonly unroll: number } =>
  element.madd ? { rows: 6, unroll: 4 } : { rows: 4, unroll: 1 };

/** Columns of a tile, in vectors. */
export const vectors = 2;

/** Where a tile finds A: `rows`, one address for each row, k contiguous; `panel`, one address, rows contiguous, `step` bytes to the next k. */
export type TileA =
  | { readonly kind: "rows"; readonly at: readonly Local[] }
  | { readonly kind: "panel"; readonly at: Local; readonly step: Local };

/**
 * Where a tile finds B: `stride`, vectors side by side, `step` bytes to the next k; `table`, each vector at its own address plus an offset in
 * bytes that a table in memory gives for each k.
 */
export type TileB =
  | { readonly kind: "stride"; readonly at: Local; readonly step: Local }
  | { readonly kind: "table"; readonly at: readonly Local[]; readonly table: Local };

/** Locals that tiles of one function share. */
export interface TileLocals {
  readonly sums: readonly (readonly Local[])[];
  readonly a: Local;
  readonly b: readonly Local[];
  readonly k: Local;
  readonly offset: Local;
}

export function tileLocals(f: FunctionBuilder, rows: number): TileLocals {
  const several = (count: number) => Array.from({ length: count }, () => f.local("v128"));
  return {
    sums: Array.from({ length: rows }, () => several(vectors)),
    a: f.local("v128"),
    b: several(vectors),
    k: f.local("i32"),
    offset: f.local("i32"),
  };
}

/**
 * Leave the sums over `depth` steps of k of a tile of C in `locals.sums`: as many rows as there are sums, `width` vectors. Moves the addresses
 * of A and B.
 */
export function emitTile(
  f: FunctionBuilder,
  {
    element,
    locals,
    width,
    a,
    b,
    depth,
  }: { element: Element; locals: TileLocals; width: number; a: TileA; b: TileB; depth: Local },
): void {
  const { sums, k } = locals;
  const { unroll } = tileOf(element);
  for (const row of sums) for (let v = 0; v < width; v++) f.v128(zeros).set(row[v] as Local);

  const round = (steps: number) => {
    for (let u = 0; u < steps; u++) emitStep(f, { element, locals, width, a, b, u });
    if (a.kind === "rows")
      for (const at of a.at)
        f.get(at)
          .i32(steps * element.bytes)
          .op("i32.add")
          .set(at);
    if (b.kind === "table")
      f.get(b.table)
        .i32(4 * steps)
        .op("i32.add")
        .set(b.table);
  };
  const rounds = (steps: number) => {
    f.get(k).if(() => {
      f.loop((again) => {
        round(steps);
        f.get(k).i32(1).op("i32.sub").tee(k).brIf(again);
      });
    });
  };
  if (unroll > 1) {
    f.get(depth).i32(Math.log2(unroll)).op("i32.shr_u").set(k);
    rounds(unroll);
    f.get(depth)
      .i32(unroll - 1)
      .op("i32.and")
      .set(k);
  } else f.get(depth).set(k);
  rounds(1);
}

const zeros: readonly number[] = new Array(16).fill(0);

/** Step `u` of an unrolled round. */
function emitStep(
  f: FunctionBuilder,
  {
    element,
    locals,
    width,
    a,
    b,
    u,
  }: { element: Element; locals: TileLocals; width: number; a: TileA; b: TileB; u: number },
): void {
  if (b.kind === "table")
    f.get(b.table)
      .memory("i32.load", 4 * u)
      .set(locals.offset);
  for (let v = 0; v < width; v++) {
    if (b.kind === "table")
      f.get(b.at[v] as Local)
        .get(locals.offset)
        .op("i32.add")
        .memory("v128.load");
    else f.get(b.at).memory("v128.load", 16 * v);
    f.set(locals.b[v] as Local);
  }
  for (const [i, row] of locals.sums.entries()) {
    if (a.kind === "rows") f.get(a.at[i] as Local).memory(element.splat, element.bytes * u);
    else f.get(a.at).memory(element.splat, element.bytes * i);
    f.set(locals.a);
    for (let v = 0; v < width; v++) multiplyAdd(f, element, locals.a, locals.b[v] as Local, row[v] as Local);
  }
  if (a.kind === "panel") f.get(a.at).get(a.step).op("i32.add").set(a.at);
  if (b.kind === "stride") f.get(b.at).get(b.step).op("i32.add").set(b.at);
}

/**
 * Store the sums of the vectors `from` to `to`, side by side: row i at `c + i * rowStride`. `add` (an i32 local) not zero: onto what is there.
 * Moves `c`.
 */
export function emitStoreVectors(
  f: FunctionBuilder,
  {
    element,
    locals,
    from,
    to,
    c,
    rowStride,
    add,
  }: { element: Element; locals: TileLocals; from: number; to: number; c: Local; rowStride: Local; add: Local },
): void {
  const store = (adding: boolean) => {
    for (const [i, row] of locals.sums.entries()) {
      for (let v = from; v < to; v++) {
        f.get(c).get(row[v] as Local);
        if (adding)
          f.get(c)
            .memory("v128.load", 16 * (v - from))
            .op(element.add);
        f.memory("v128.store", 16 * (v - from));
      }
      if (i + 1 < locals.sums.length) f.get(c).get(rowStride).op("i32.add").set(c);
    }
  };
  f.get(add).if(
    () => store(true),
    () => store(false),
  );
}

/** As `emitStoreVectors` for one vector, but element by element, `columnStride` bytes apart, and no more than `count` of them. Moves `c`. */
export function emitStoreLanes(
  f: FunctionBuilder,
  {
    element,
    locals,
    vector,
    c,
    rowStride,
    columnStride,
    count,
    add,
  }: {
    element: Element;
    locals: TileLocals;
    vector: number;
    c: Local;
    rowStride: Local;
    columnStride: Local;
    count: Local;
    add: Local;
  },
): void {
  const at = locals.k;
  for (let lane = 0; lane < element.lanes; lane++) {
    f.get(count)
      .i32(lane)
      .op("i32.gt_s")
      .if(() => {
        f.get(c).set(at);
        for (const [i, row] of locals.sums.entries()) {
          const sum = row[vector] as Local;
          f.get(add).if(() => {
            f.get(at).v128(zeros).laneMemory(element.loadLane, lane).get(sum).op(element.add).set(sum);
          });
          f.get(at).get(sum).laneMemory(element.storeLane, lane);
          if (i + 1 < locals.sums.length) f.get(at).get(rowStride).op("i32.add").set(at);
        }
        f.get(c).get(columnStride).op("i32.add").set(c);
      });
  }
}
