import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { blockLayout } from "../block.ts";
import { i32Locals } from "../locals.ts";
import { type Element, multiplyAdd } from "./element.ts";

/**
 * A matrix [rows, k] times a vector [k]: memory is what it waits for, so each function reads the matrix once, along its lines. A work item is
 * `rowBlock` rows of one matrix. Strides in bytes.
 *
 * `dotRows`: k contiguous in the matrix and the vector. `combineColumns`: rows contiguous in the matrix and the result.
 */
const vectorBlock = blockLayout(
  "rowBlocks",
  "rowBlock",
  "rows",
  "k",
  "a",
  "aBatch",
  "aRow",
  "aK",
  "x",
  "xBatch",
  "xK",
  "c",
  "cBatch",
  "cRow",
  "add",
);

type Word = (typeof vectorBlock.names)[number];

const zeros: readonly number[] = new Array(16).fill(0);

/** Set up the loop over items: `a`, `x` and `c` at the item's first row, `rows` of them. */
function emitItems(
  m: ModuleBuilder,
  name: string,
  body: (
    f: FunctionBuilder,
    at: Record<"a" | "x" | "c" | "rows", Local>,
    word: (name: Word) => FunctionBuilder,
  ) => void,
): void {
  m.func(name, { params: ["i32", "i32", "i32"] }, (f) => {
    const [block, item, end] = [0, 1, 2] as const;
    const word = (key: Word) => vectorBlock.load(f, block, key);
    const { batch, row, ...at } = i32Locals(f, "batch", "row", "a", "x", "c", "rows");
    f.block((none) => {
      f.get(item).get(end).op("i32.ge_s").brIf(none);
      f.loop((next) => {
        f.get(item).get(item);
        word("rowBlocks").op("i32.div_u").tee(batch);
        word("rowBlocks").op("i32.mul").op("i32.sub");
        word("rowBlock").op("i32.mul").set(row);
        word("rows").get(row).op("i32.sub").set(at.rows);
        word("rowBlock").get(at.rows);
        word("rowBlock").get(at.rows).op("i32.lt_s").op("select").set(at.rows);
        word("a").get(batch);
        word("aBatch").op("i32.mul").op("i32.add").get(row);
        word("aRow").op("i32.mul").op("i32.add").set(at.a);
        word("x").get(batch);
        word("xBatch").op("i32.mul").op("i32.add").set(at.x);
        word("c").get(batch);
        word("cBatch").op("i32.mul").op("i32.add").get(row);
        word("cRow").op("i32.mul").op("i32.add").set(at.c);
        body(f, at, word);
        f.get(item).i32(1).op("i32.add").tee(item).get(end).op("i32.lt_s").brIf(next);
      });
    });
  });
}

/** Rows at a time in `dotRows`, and vectors of each: enough sums to keep the adders busy. */
const dotRows = 4;
const dotVectors = 2;

/** Adds the function `dotRows` to the module. */
export function emitDotRows(m: ModuleBuilder, element: Element): void {
  const one = element.bytes === 4 ? "v128.load32_zero" : "v128.load64_zero";
  emitItems(m, "dotRows", (f, { a, x, c, rows }, word) => {
    const { aRow, k, xAt } = i32Locals(f, "aRow", "k", "xAt");
    const at = Array.from({ length: dotRows }, () => f.local("i32"));
    const sums = at.map(() => Array.from({ length: dotVectors }, () => f.local("v128")));
    const xs = Array.from({ length: dotVectors }, () => f.local("v128"));
    const value = f.local("v128");
    word("aRow").set(aRow);
    f.loop((nextRows) => {
      // Past the last row: the last again, and not stored.
      for (const [i, row] of at.entries()) {
        if (i === 0) f.get(a);
        else {
          f.get(at[i - 1] as Local)
            .get(aRow)
            .op("i32.add")
            .get(at[i - 1] as Local);
          f.get(rows).i32(i).op("i32.gt_s").op("select");
        }
        f.set(row);
      }
      for (const row of sums) for (const sum of row) f.v128(zeros).set(sum);
      f.get(x).set(xAt);
      word("k").set(k);
      const step = (load: "v128.load" | typeof one, vectors: number, elements: number) => {
        f.block((done) => {
          f.get(k).i32(elements).op("i32.lt_s").brIf(done);
          f.loop((again) => {
            for (let v = 0; v < vectors; v++)
              f.get(xAt)
                .memory(load, 16 * v)
                .set(xs[v] as Local);
            for (const [i, row] of sums.entries()) {
              for (let v = 0; v < vectors; v++) {
                f.get(at[i] as Local)
                  .memory(load, 16 * v)
                  .set(value);
                multiplyAdd(f, element, value, xs[v] as Local, row[v] as Local);
              }
            }
            for (const pointer of [xAt, ...at])
              f.get(pointer)
                .i32(elements * element.bytes)
                .op("i32.add")
                .set(pointer);
            f.get(k).i32(elements).op("i32.sub").tee(k).i32(elements).op("i32.ge_s").brIf(again);
          });
        });
      };
      step("v128.load", dotVectors, dotVectors * element.lanes);
      step("v128.load", 1, element.lanes);
      step(one, 1, 1);
      for (const [i, row] of sums.entries()) {
        f.get(rows)
          .i32(i)
          .op("i32.gt_s")
          .if(() => {
            f.get(row[0] as Local);
            for (const sum of row.slice(1)) f.get(sum).op(element.add);
            f.set(value);
            for (let bytes = 8; bytes >= element.bytes; bytes >>= 1) {
              f.get(value).get(value).get(value);
              f.shuffle(Array.from({ length: 16 }, (_, j) => (j + bytes) % 16))
                .op(element.add)
                .set(value);
            }
            word("add").if(() =>
              f.get(c).v128(zeros).laneMemory(element.loadLane, 0).get(value).op(element.add).set(value),
            );
            f.get(c).get(value).laneMemory(element.storeLane, 0);
            f.get(c);
            word("cRow").op("i32.add").set(c);
          });
      }
      f.get(a).get(aRow).i32(dotRows).op("i32.mul").op("i32.add").set(a);
      f.get(rows).i32(dotRows).op("i32.sub").tee(rows).i32(0).op("i32.gt_s").brIf(nextRows);
    });
  });
}

/** Columns of the matrix that `combineColumns` adds in one pass over the rows. */
const columnsAtOnce = 8;

/** Adds the function `combineColumns` to the module. */
export function emitCombineColumns(m: ModuleBuilder, element: Element): void {
  const one = element.bytes === 4 ? "v128.load32_zero" : "v128.load64_zero";
  emitItems(m, "combineColumns", (f, { a, x, c, rows }, word) => {
    const { aK, xK, k, left, cAt, add } = i32Locals(f, "aK", "xK", "k", "left", "cAt", "add");
    const at = Array.from({ length: columnsAtOnce }, () => f.local("i32"));
    const xs = at.map(() => f.local("v128"));
    const [sum, value] = [f.local("v128"), f.local("v128")];
    word("aK").set(aK);
    word("xK").set(xK);
    word("k").set(k);
    word("add").set(add);

    const pass = (columns: number) => {
      for (let i = 0; i < columns; i++) {
        f.get(a)
          .set(at[i] as Local)
          .get(a)
          .get(aK)
          .op("i32.add")
          .set(a);
        f.get(x)
          .memory(element.splat)
          .set(xs[i] as Local)
          .get(x)
          .get(xK)
          .op("i32.add")
          .set(x);
      }
      f.get(c).set(cAt).get(rows).set(left);
      const along = (load: "v128.load" | typeof one, elements: number) => {
        f.block((done) => {
          f.get(left).i32(elements).op("i32.lt_s").brIf(done);
          f.loop((again) => {
            f.get(add).if(
              () => f.get(cAt).memory(load).set(sum),
              () => f.v128(zeros).set(sum),
            );
            for (let i = 0; i < columns; i++) {
              f.get(at[i] as Local)
                .memory(load)
                .set(value);
              multiplyAdd(f, element, value, xs[i] as Local, sum);
            }
            f.get(cAt).get(sum);
            if (elements === 1) f.laneMemory(element.storeLane, 0);
            else f.memory("v128.store");
            for (const pointer of [cAt, ...at.slice(0, columns)]) {
              f.get(pointer)
                .i32(elements * element.bytes)
                .op("i32.add")
                .set(pointer);
            }
            f.get(left).i32(elements).op("i32.sub").tee(left).i32(elements).op("i32.ge_s").brIf(again);
          });
        });
      };
      along("v128.load", element.lanes);
      along(one, 1);
      f.i32(1).set(add).get(k).i32(columns).op("i32.sub").set(k);
    };
    const passes = (columns: number) => {
      f.block((done) => {
        f.get(k).i32(columns).op("i32.lt_s").brIf(done);
        f.loop((again) => {
          pass(columns);
          f.get(k).i32(columns).op("i32.ge_s").brIf(again);
        });
      });
    };
    passes(columnsAtOnce);
    passes(1);
    // No columns at all: zeros.
    f.get(add)
      .op("i32.eqz")
      .if(() => {
        f.get(c).i32(0).get(rows).i32(element.bytes).op("i32.mul").memoryFill();
      });
  });
}
