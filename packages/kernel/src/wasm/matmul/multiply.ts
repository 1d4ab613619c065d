import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { blockLayout } from "../block.ts";
import { i32Locals } from "../locals.ts";
import type { Element } from "./element.ts";
import { emitStoreLanes, emitStoreVectors, emitTile, type TileA, tileLocals, tileOf, vectors } from "./tile.ts";

/**
 * C = A B, or C += A B. Work items are blocks of C, `rowBlock` by `columnBlock`, rows of blocks first, then the batch. Strides and pitches in
 * bytes.
 */
const multiplyBlock = blockLayout(
  "rowBlocks",
  "columnBlocks",
  "rowBlock",
  "columnBlock",
  "m",
  "n",
  "k",
  /** Steps of k at a time, so that a panel of A stays in the first cache and a block of B in the second. */
  "depth",
  /** Rows of one tile. */
  "rows",
  "a",
  "aBatch",
  /** From one tile's rows to the next's. */
  "aPanel",
  "aRow",
  "aK",
  "b",
  "bBatch",
  /** From one tile's columns to the next's. */
  "bTile",
  "bK",
  /** Not 0: a packed panel, of which the last columns are taken when they do not fill a tile. */
  "edge",
  "edgeBatch",
  "c",
  "cBatch",
  "cRow",
  "cColumn",
  "add",
);

/** How the tiles read A. */
export type KindOfA = TileA["kind"];

/** Adds the function `name` to the module. */
export function emitMultiply(m: ModuleBuilder, name: string, element: Element, kind: KindOfA): void {
  const panels = Array.from({ length: tileOf(element).rows }, (_, i) => emitPanel(m, element, kind, i + 1));
  m.func(name, { params: ["i32", "i32", "i32"] }, (f) => emitBlocks(f, element, panels));
}

/** One row of tiles over a range of columns and of k; returns its number. Parameters: block, a, b, bK, c, depth, columns, add. */
function emitPanel(m: ModuleBuilder, element: Element, kind: KindOfA, rows: number): number {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.func(null, { params }, (f) => {
    const [block, a, b, bK, c, depth, columns, add] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
    const locals = tileLocals(f, rows);
    const tileColumns = vectors * element.lanes;
    const { aK, aRow, bTile, rowStride, columnStride, unit, bAt, cAt, rest } = i32Locals(
      f,
      "aK",
      "aRow",
      "bTile",
      "rowStride",
      "columnStride",
      "unit",
      "bAt",
      "cAt",
      "rest",
    );
    const aAt = Array.from({ length: kind === "rows" ? rows : 1 }, () => f.local("i32"));
    multiplyBlock.load(f, block, "aK").set(aK);
    multiplyBlock.load(f, block, "aRow").set(aRow);
    multiplyBlock.load(f, block, "bTile").set(bTile);
    multiplyBlock.load(f, block, "cRow").set(rowStride);
    multiplyBlock.load(f, block, "cColumn").tee(columnStride).i32(element.bytes).op("i32.eq").set(unit);

    const tile = (width: number) => {
      for (const [i, at] of aAt.entries()) {
        if (i === 0) f.get(a);
        else
          f.get(aAt[i - 1] as Local)
            .get(aRow)
            .op("i32.add");
        f.set(at);
      }
      f.get(b).set(bAt).get(c).set(cAt);
      const tileA: TileA = kind === "rows" ? { kind, at: aAt } : { kind, at: aAt[0] as Local, step: aK };
      emitTile(f, { element, locals, width, a: tileA, b: { kind: "stride", at: bAt, step: bK }, depth });
      f.get(unit)
        .get(columns)
        .i32(width * element.lanes)
        .op("i32.ge_s")
        .op("i32.and")
        .if(
          () => emitStoreVectors(f, { element, locals, from: 0, to: width, c: cAt, rowStride, add }),
          () => {
            f.get(columns).set(rest);
            for (let vector = 0; vector < width; vector++) {
              emitStoreLanes(f, { element, locals, vector, c: cAt, rowStride, columnStride, count: rest, add });
              if (vector + 1 < width) f.get(rest).i32(element.lanes).op("i32.sub").set(rest);
            }
          },
        );
    };
    f.loop((again) => {
      f.get(columns)
        .i32(element.lanes)
        .op("i32.gt_s")
        .if(
          () => tile(vectors),
          () => tile(1),
        );
      f.get(b).get(bTile).op("i32.add").set(b);
      f.get(c).get(columnStride).i32(tileColumns).op("i32.mul").op("i32.add").set(c);
      f.get(columns).i32(tileColumns).op("i32.sub").tee(columns).i32(0).op("i32.gt_s").brIf(again);
    });
  });
}

/** The loop over work items: blocks of k outermost, then rows of tiles. */
function emitBlocks(f: FunctionBuilder, element: Element, panels: readonly number[]): void {
  const [block, item, end] = [0, 1, 2] as const;
  const word = (name: (typeof multiplyBlock.names)[number]) => multiplyBlock.load(f, block, name);
  const { batch, row, column, rowEnd, columns, tail, rows, k0, depth, add, a, b, edge, c, aAt, cAt, left } = i32Locals(
    f,
    "batch",
    "row",
    "column",
    "rowEnd",
    "columns",
    "tail",
    "rows",
    "k0",
    "depth",
    "add",
    "a",
    "b",
    "edge",
    "c",
    "aAt",
    "cAt",
    "left",
  );
  const tileColumns = vectors * element.lanes;

  const least = (value: Local, bound: () => void) => {
    bound();
    f.set(left).get(left).get(value).get(left).get(value).op("i32.lt_s").op("select").set(value);
  };
  const call = (start: Local, step: () => void, count: Local, shift: () => void) => {
    // The panel functions, by how many rows the tile has.
    f.block((done) => {
      for (const [i, index] of panels.entries()) {
        f.get(left)
          .i32(i + 1)
          .op("i32.eq")
          .if(() => {
            f.get(block).get(aAt).get(start);
            step();
            f.get(cAt);
            shift();
            f.get(depth).get(count).get(add).call(index).br(done);
          });
      }
    });
  };

  f.block((none) => {
    f.get(item).get(end).op("i32.ge_s").brIf(none);
    f.loop((nextItem) => {
      // item = (batch * rowBlocks + row block) * columnBlocks + column block
      f.get(item).get(item);
      word("columnBlocks").op("i32.div_u").tee(batch);
      word("columnBlocks").op("i32.mul").op("i32.sub");
      word("columnBlock").op("i32.mul").set(column);
      f.get(batch).get(batch);
      word("rowBlocks").op("i32.div_u").tee(batch);
      word("rowBlocks").op("i32.mul").op("i32.sub");
      word("rowBlock").op("i32.mul").tee(rowEnd).set(row);
      f.get(rowEnd);
      word("rowBlock").op("i32.add").set(rowEnd);
      least(rowEnd, () => word("m"));
      word("columnBlock").set(columns);
      least(columns, () => word("n").get(column).op("i32.sub"));

      word("a").get(batch);
      word("aBatch").op("i32.mul").op("i32.add").get(row);
      word("rows").op("i32.div_u");
      word("aPanel").op("i32.mul").op("i32.add").set(a);
      word("b").get(batch);
      word("bBatch").op("i32.mul").op("i32.add").get(column).i32(tileColumns).op("i32.div_u");
      word("bTile").op("i32.mul").op("i32.add").set(b);
      word("c").get(batch);
      word("cBatch").op("i32.mul").op("i32.add").get(row);
      word("cRow").op("i32.mul").op("i32.add").get(column);
      word("cColumn").op("i32.mul").op("i32.add").set(c);
      // The columns that do not fill a tile, at the end of B, come from the packed edge, where there is one.
      f.i32(0).set(tail);
      word("edge").if(() => {
        word("edge").get(batch);
        word("edgeBatch").op("i32.mul").op("i32.add").set(edge);
        f.get(columns)
          .i32(tileColumns - 1)
          .op("i32.and")
          .tee(tail);
        f.get(columns).op("i32.sub").i32(-1).op("i32.mul").set(columns);
      });

      f.i32(0).set(k0);
      word("add").set(add);
      f.loop((nextDepth) => {
        word("depth").set(depth);
        least(depth, () => word("k").get(k0).op("i32.sub"));
        f.get(a).set(aAt).get(c).set(cAt).get(rowEnd).get(row).op("i32.sub").set(rows);
        f.loop((nextRow) => {
          word("rows").set(left);
          f.get(left).get(rows).get(left).get(rows).op("i32.lt_s").op("select").set(left);
          f.get(columns).if(() =>
            call(
              b,
              () => word("bK"),
              columns,
              () => {},
            ),
          );
          f.get(tail).if(() =>
            call(
              edge,
              () => f.i32(tileColumns * element.bytes),
              tail,
              () => {
                f.get(columns);
                word("cColumn").op("i32.mul").op("i32.add");
              },
            ),
          );
          f.get(aAt);
          word("aPanel").op("i32.add").set(aAt);
          f.get(cAt).get(left);
          word("cRow").op("i32.mul").op("i32.add").set(cAt);
          f.get(rows).get(left).op("i32.sub").tee(rows).i32(0).op("i32.gt_s").brIf(nextRow);
        });
        f.get(a).get(depth);
        word("aK").op("i32.mul").op("i32.add").set(a);
        f.get(b).get(depth);
        word("bK").op("i32.mul").op("i32.add").set(b);
        f.get(edge)
          .get(depth)
          .i32(tileColumns * element.bytes)
          .op("i32.mul")
          .op("i32.add")
          .set(edge);
        f.i32(1).set(add);
        f.get(k0).get(depth).op("i32.add").tee(k0);
        word("k").op("i32.lt_s").brIf(nextDepth);
      });
      f.get(item).i32(1).op("i32.add").tee(item).get(end).op("i32.lt_s").brIf(nextItem);
    });
  });
}
