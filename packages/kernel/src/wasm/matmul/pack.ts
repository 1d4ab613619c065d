import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { blockLayout } from "../block.ts";
import { i32Locals } from "../locals.ts";
import type { Element } from "./element.ts";
import { tileOf, vectors } from "./tile.ts";

/**
 * Copy a matrix, through any strides, into panels as wide as a tile: for each k the elements across, side by side, zeros where the matrix
 * ends. A block describes two such jobs, of B and then of A, one of which may have no items; a work item is one panel. Strides in bytes.
 */
const packBlock = blockLayout(
  "items",
  "source",
  "target",
  "batchStride",
  "acrossStride",
  "kStride",
  "across",
  "k",
  /** Panels of one matrix of the batch. */
  "panels",
  "panelBytes",
);

/** Bytes of one job in the block. */
const jobBytes = 4 * packBlock.names.length;

/** Adds the function `name` to the module. */
export function emitPack(m: ModuleBuilder, name: string, element: Element): void {
  const packB = emitPackPanel(m, element, vectors * element.lanes);
  const packA = emitPackPanel(m, element, tileOf(element).rows);
  m.func(name, { params: ["i32", "i32", "i32"] }, (f) => {
    const [block, item, end] = [0, 1, 2] as const;
    const first = f.local("i32");
    packBlock.load(f, block, "items").set(first);
    f.block((none) => {
      f.get(item).get(end).op("i32.ge_s").brIf(none);
      f.loop((again) => {
        f.get(item)
          .get(first)
          .op("i32.lt_s")
          .if(
            () => f.get(block).get(item).call(packB),
            () => f.get(block).i32(jobBytes).op("i32.add").get(item).get(first).op("i32.sub").call(packA),
          );
        f.get(item).i32(1).op("i32.add").tee(item).get(end).op("i32.lt_s").brIf(again);
      });
    });
  });
}

/** One panel; returns the function's number. Parameters: the job, the panel's number. */
export function emitPackPanel(m: ModuleBuilder, element: Element, width: number): number {
  return m.func(null, { params: ["i32", "i32"] }, (f) => {
    const [job, panel] = [0, 1] as const;
    const { batch, first, count, source, target, across, step, k } = i32Locals(
      f,
      "batch",
      "first",
      "count",
      "source",
      "target",
      "across",
      "step",
      "k",
    );
    const word = (name: (typeof packBlock.names)[number]) => packBlock.load(f, job, name);
    word("acrossStride").set(across);
    word("kStride").set(step);
    word("k").set(k);
    word("target").get(panel);
    word("panelBytes").op("i32.mul").op("i32.add").set(target);
    f.get(panel).get(panel);
    word("panels").op("i32.div_u").tee(batch);
    word("panels").op("i32.mul").op("i32.sub").i32(width).op("i32.mul").set(first);
    word("across").get(first).op("i32.sub").set(count);
    word("source").get(batch);
    word("batchStride").op("i32.mul").op("i32.add").get(first).get(across).op("i32.mul").op("i32.add").set(source);

    f.block((done) => {
      f.get(count)
        .i32(width)
        .op("i32.ge_s")
        .if(() => {
          f.get(across)
            .i32(element.bytes)
            .op("i32.eq")
            .if(() => {
              emitCopy(f, { width: width * element.bytes, source, step, target, k });
              f.br(done);
            });
          if (element.bytes === 4) {
            f.get(step)
              .i32(4)
              .op("i32.eq")
              .if(() => emitTranspose(f, { width, source, across, target, k }));
          }
        });
      emitElements(f, { element, width, source, across, step, count, target, k });
    });
  });
}

/** Neighbours across lie side by side: copy `width` bytes for each k. */
function emitCopy(
  f: FunctionBuilder,
  { width, source, step, target, k }: { width: number; source: Local; step: Local; target: Local; k: Local },
): void {
  f.get(k).if(() => {
    f.loop((again) => {
      let at = 0;
      for (; at + 16 <= width; at += 16) f.get(target).get(source).memory("v128.load", at).memory("v128.store", at);
      for (; at < width; at += 8) f.get(target).get(source).memory("i64.load", at).memory("i64.store", at);
      f.get(source).get(step).op("i32.add").set(source);
      f.get(target).i32(width).op("i32.add").set(target);
      f.get(k).i32(1).op("i32.sub").tee(k).brIf(again);
    });
  });
}

const lanes32 = (...lanes: readonly number[]): number[] =>
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
const lowPairs = lanes32(0, 4, 1, 5);
const highPairs = lanes32(2, 6, 3, 7);
const lowHalves = lanes32(0, 1, 4, 5);
const highHalves = lanes32(2, 3, 6, 7);

/** Neighbours in k lie side by side: transpose four steps of k at a time in registers. Leaves less than four. */
function emitTranspose(
  f: FunctionBuilder,
  { width, source, across, target, k }: { width: number; source: Local; across: Local; target: Local; k: Local },
): void {
  const at = Array.from({ length: width }, () => f.local("i32"));
  const rows = Array.from({ length: 4 }, () => f.local("v128"));
  const pairs = Array.from({ length: 4 }, () => f.local("v128"));
  const bytes = 4 * width;
  for (const [i, row] of at.entries()) {
    if (i === 0) f.get(source).set(row);
    else
      f.get(at[i - 1] as Local)
        .get(across)
        .op("i32.add")
        .set(row);
  }
  f.get(k)
    .i32(4)
    .op("i32.ge_s")
    .if(() => {
      f.loop((again) => {
        for (let i = 0; i < width; i += 4) {
          const here = Math.min(4, width - i);
          for (let j = 0; j < here; j++)
            f.get(at[i + j] as Local)
              .memory("v128.load")
              .set(rows[j] as Local);
          for (let j = 0; j < here; j += 2) {
            const [even, odd] = [rows[j] as Local, rows[j + 1] as Local];
            f.get(even)
              .get(odd)
              .shuffle(lowPairs)
              .set(pairs[j] as Local);
            f.get(even)
              .get(odd)
              .shuffle(highPairs)
              .set(pairs[j + 1] as Local);
          }
          for (let step = 0; step < 4; step++) {
            const offset = step * bytes + 4 * i;
            const pair = pairs[step >> 1] as Local;
            f.get(target);
            if (here === 4) {
              f.get(pair)
                .get(pairs[2 + (step >> 1)] as Local)
                .shuffle(step & 1 ? highHalves : lowHalves);
              f.memory("v128.store", offset);
            } else f.get(pair).laneMemory("v128.store64_lane", step & 1, offset);
          }
        }
        for (const row of at) f.get(row).i32(16).op("i32.add").set(row);
        f.get(target)
          .i32(4 * bytes)
          .op("i32.add")
          .set(target);
        f.get(k).i32(4).op("i32.sub").tee(k).i32(4).op("i32.ge_s").brIf(again);
      });
    });
  f.get(at[0] as Local).set(source);
}

/** Any strides, any number across: element by element, with zeros to the width. */
function emitElements(
  f: FunctionBuilder,
  {
    element,
    width,
    source,
    across,
    step,
    count,
    target,
    k,
  }: {
    element: Element;
    width: number;
    source: Local;
    across: Local;
    step: Local;
    count: Local;
    target: Local;
    k: Local;
  },
): void {
  const { from, to, left, column } = i32Locals(f, "from", "to", "left", "column");
  const [load, store] =
    element.bytes === 4 ? (["i32.load", "i32.store"] as const) : (["i64.load", "i64.store"] as const);
  f.get(k).if(() => {
    f.loop((again) => {
      f.get(source).set(from).get(target).set(to).get(k).set(left);
      f.get(column)
        .get(count)
        .op("i32.lt_s")
        .if(
          () =>
            f.loop((next) => {
              f.get(to).get(from).memory(load).memory(store);
              f.get(from).get(step).op("i32.add").set(from);
              f.get(to)
                .i32(width * element.bytes)
                .op("i32.add")
                .set(to);
              f.get(left).i32(1).op("i32.sub").tee(left).brIf(next);
            }),
          () =>
            f.loop((next) => {
              f.get(to);
              if (element.bytes === 4) f.i32(0);
              else f.i64(0);
              f.memory(store);
              f.get(to)
                .i32(width * element.bytes)
                .op("i32.add")
                .set(to);
              f.get(left).i32(1).op("i32.sub").tee(left).brIf(next);
            }),
        );
      f.get(source).get(across).op("i32.add").set(source);
      f.get(target).i32(element.bytes).op("i32.add").set(target);
      f.get(column).i32(1).op("i32.add").tee(column).i32(width).op("i32.lt_s").brIf(again);
    });
  });
}
