import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { blockLayout } from "../block.ts";
import { i32Locals } from "../locals.ts";
import { type Element, multiplyAdd } from "../matmul/element.ts";
import { type TileLocals, tileLocals, tileOf, vectors } from "../matmul/tile.ts";

/**
 * The gradient of the weights: weight (o, t) gets the sum over images and pixels of output gradient plane o times the input moved by tap t,
 * where t counts input channels and taps as `k` does in `convolve`, and has the same table of offsets. Vectors run along rows of pixels; a
 * tile is two planes by as many taps as a tile of `convolve` has rows, summed over its lanes at the end.
 *
 * Work items are blocks of taps by blocks of planes, then channel groups. The images are taken in strips that the first cache holds:
 * several images, or some rows of one. Strides in bytes.
 */
const correlateBlock = blockLayout(
  "tapBlocks",
  "planeBlocks",
  "tapBlock",
  "planeBlock",
  /** Taps of a group: its input channels times the kernel's size. */
  "taps",
  /** Output planes of a group. */
  "planes",
  "images",
  "stripImages",
  "rows",
  "stripRows",
  /** Vectors of one row. */
  "rowVectors",
  "table",
  "x",
  "xImage",
  "xGroup",
  "xRow",
  "g",
  "gImage",
  "gGroup",
  "gPlane",
  "gRow",
  "c",
  "cGroup",
  "cPlane",
  "add",
);

/** Adds the function `name` to the module. */
export function emitCorrelate(m: ModuleBuilder, name: string, element: Element): void {
  const panels = Array.from({ length: tileOf(element).rows }, (_, i) => emitPanel(m, element, i + 1));
  m.func(name, { params: ["i32", "i32", "i32"] }, (f) => emitBlocks(f, panels));
}

const lanes32 = (...lanes: readonly number[]): number[] =>
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
const even = lanes32(0, 2, 4, 6);
const odd = lanes32(1, 3, 5, 7);
const zeros: readonly number[] = new Array(16).fill(0);

/**
 * `taps` taps by a range of planes over one strip. Parameters: block, the taps' part of the table, x, g, c, images, rows, planes, add.
 */
function emitPanel(m: ModuleBuilder, element: Element, taps: number): number {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.func(null, { params }, (f) => {
    const [block, table, x, g, c, images, rows, planes, add] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
    const locals = tileLocals(f, taps);
    const word = (name: (typeof correlateBlock.names)[number]) => correlateBlock.load(f, block, name);
    const { gPlane, cPlane, rowVectors, xGap, gGap, xImageGap, gImageGap, image, row } = i32Locals(
      f,
      "gPlane",
      "cPlane",
      "rowVectors",
      "xGap",
      "gGap",
      "xImageGap",
      "gImageGap",
      "image",
      "row",
    );
    const xAt = Array.from({ length: taps }, () => f.local("i32"));
    const gAt = Array.from({ length: vectors }, () => f.local("i32"));
    word("gPlane").set(gPlane);
    word("cPlane").set(cPlane);
    word("rowVectors").set(rowVectors);
    word("xRow").get(rowVectors).i32(16).op("i32.mul").op("i32.sub").set(xGap);
    word("gRow").get(rowVectors).i32(16).op("i32.mul").op("i32.sub").set(gGap);
    word("xImage").get(rows);
    word("xRow").op("i32.mul").op("i32.sub").set(xImageGap);
    word("gImage").get(rows);
    word("gRow").op("i32.mul").op("i32.sub").set(gImageGap);

    const tile = (width: number) => {
      const move = (xBy: () => void, gBy: () => void) => {
        for (const at of xAt) {
          f.get(at);
          xBy();
          f.op("i32.add").set(at);
        }
        for (let v = 0; v < width; v++) {
          f.get(gAt[v] as Local);
          gBy();
          f.op("i32.add").set(gAt[v] as Local);
        }
      };
      for (const [i, at] of xAt.entries())
        f.get(x)
          .get(table)
          .memory("i32.load", 4 * i)
          .op("i32.add")
          .set(at);
      f.get(g).set(gAt[0] as Local);
      if (width > 1)
        f.get(g)
          .get(gPlane)
          .op("i32.add")
          .set(gAt[1] as Local);
      for (const sums of locals.sums) for (let v = 0; v < width; v++) f.v128(zeros).set(sums[v] as Local);
      f.get(images).set(image);
      f.loop((nextImage) => {
        f.get(rows).set(row);
        f.loop((nextRow) => {
          emitSums(f, { element, locals, width, xAt, gAt, depth: rowVectors });
          move(
            () => f.get(xGap),
            () => f.get(gGap),
          );
          f.get(row).i32(1).op("i32.sub").tee(row).brIf(nextRow);
        });
        move(
          () => f.get(xImageGap),
          () => f.get(gImageGap),
        );
        f.get(image).i32(1).op("i32.sub").tee(image).brIf(nextImage);
      });
      for (let v = 0; v < width; v++) {
        emitTotals(f, { element, sums: locals.sums.map((sums) => sums[v] as Local), c, add, total: locals.a });
        if (v + 1 < width) f.get(c).get(cPlane).op("i32.add").set(c);
      }
    };
    f.block((single) => {
      f.get(planes).i32(vectors).op("i32.lt_s").brIf(single);
      f.loop((again) => {
        tile(vectors);
        f.get(c).get(cPlane).op("i32.add").set(c);
        f.get(g).get(gPlane).i32(vectors).op("i32.mul").op("i32.add").set(g);
        f.get(planes).i32(vectors).op("i32.sub").tee(planes).i32(vectors).op("i32.ge_s").brIf(again);
      });
    });
    f.get(planes).if(() => tile(1));
  });
}

/** Multiply and add along a row: `depth` vectors. Moves the addresses. */
function emitSums(
  f: FunctionBuilder,
  {
    element,
    locals,
    width,
    xAt,
    gAt,
    depth,
  }: {
    element: Element;
    locals: TileLocals;
    width: number;
    xAt: readonly Local[];
    gAt: readonly Local[];
    depth: Local;
  },
): void {
  const { k, a, b, sums } = locals;
  const round = (steps: number) => {
    for (let u = 0; u < steps; u++) {
      for (let v = 0; v < width; v++)
        f.get(gAt[v] as Local)
          .memory("v128.load", 16 * u)
          .set(b[v] as Local);
      for (const [i, row] of sums.entries()) {
        f.get(xAt[i] as Local)
          .memory("v128.load", 16 * u)
          .set(a);
        for (let v = 0; v < width; v++) multiplyAdd(f, element, a, b[v] as Local, row[v] as Local);
      }
    }
    for (const at of xAt)
      f.get(at)
        .i32(16 * steps)
        .op("i32.add")
        .set(at);
    for (let v = 0; v < width; v++)
      f.get(gAt[v] as Local)
        .i32(16 * steps)
        .op("i32.add")
        .set(gAt[v] as Local);
  };
  const rounds = (steps: number) => {
    f.get(k).if(() => {
      f.loop((again) => {
        round(steps);
        f.get(k).i32(1).op("i32.sub").tee(k).brIf(again);
      });
    });
  };
  const { unroll } = tileOf(element);
  if (unroll > 1) {
    f.get(depth).i32(Math.log2(unroll)).op("i32.shr_u").set(k);
    rounds(unroll);
    for (let steps = unroll >> 1; steps > 0; steps >>= 1)
      f.get(depth)
        .i32(steps)
        .op("i32.and")
        .if(() => round(steps));
  } else {
    f.get(depth).set(k);
    rounds(1);
  }
}

/** Store the totals over the lanes of `sums`, side by side from `c`. */
function emitTotals(
  f: FunctionBuilder,
  { element, sums, c, add, total }: { element: Element; sums: readonly Local[]; c: Local; add: Local; total: Local },
): void {
  const pairs = (first: () => void, second: () => void) => {
    first();
    second();
    f.shuffle(even);
    first();
    second();
    f.shuffle(odd).op(element.add);
  };
  for (let i = 0; i < sums.length; i += 4) {
    const sum = (j: number) => f.get(sums[Math.min(i + j, sums.length - 1)] as Local);
    const [low, high] = [f.local("v128"), f.local("v128")];
    pairs(
      () => sum(0),
      () => sum(1),
    );
    f.set(low);
    pairs(
      () => sum(2),
      () => sum(3),
    );
    f.set(high);
    pairs(
      () => f.get(low),
      () => f.get(high),
    );
    f.set(total);
    if (sums.length - i >= 4) {
      f.get(add).if(() =>
        f
          .get(total)
          .get(c)
          .memory("v128.load", 4 * i)
          .op(element.add)
          .set(total),
      );
      f.get(c)
        .get(total)
        .memory("v128.store", 4 * i);
    } else {
      for (let j = 0; i + j < sums.length; j++) {
        const offset = 4 * (i + j);
        f.get(add).if(() => {
          f.get(c).v128(zeros).laneMemory(element.loadLane, j, offset).get(total).op(element.add).set(total);
        });
        f.get(c).get(total).laneMemory(element.storeLane, j, offset);
      }
    }
  }
}

/** The loop over work items: strips outermost, then tiles of taps, then planes. */
function emitBlocks(f: FunctionBuilder, panels: readonly number[]): void {
  const [block, item, end] = [0, 1, 2] as const;
  const word = (name: (typeof correlateBlock.names)[number]) => correlateBlock.load(f, block, name);
  const { rest, tap, plane, taps, planes, x, g, c, xAt, gAt, cAt, table, left, add, image, images, row, rows, count } =
    i32Locals(
      f,
      "rest",
      "tap",
      "plane",
      "taps",
      "planes",
      "x",
      "g",
      "c",
      "xAt",
      "gAt",
      "cAt",
      "table",
      "left",
      "add",
      "image",
      "images",
      "row",
      "rows",
      "count",
    );
  const split = (blocks: (typeof correlateBlock.names)[number], target: Local) => {
    f.get(rest);
    f.get(rest);
    word(blocks).op("i32.div_u").tee(rest);
    word(blocks).op("i32.mul").op("i32.sub").set(target);
  };
  const least = (value: Local, bound: () => void) => {
    bound();
    f.set(count).get(count).get(value).get(count).get(value).op("i32.lt_s").op("select").set(value);
  };
  f.block((none) => {
    f.get(item).get(end).op("i32.ge_s").brIf(none);
    f.loop((nextItem) => {
      f.get(item).set(rest);
      split("tapBlocks", tap);
      split("planeBlocks", plane);
      f.get(tap);
      word("tapBlock").op("i32.mul").set(tap);
      f.get(plane);
      word("planeBlock").op("i32.mul").set(plane);
      word("tapBlock").set(taps);
      least(taps, () => word("taps").get(tap).op("i32.sub"));
      word("planeBlock").set(planes);
      least(planes, () => word("planes").get(plane).op("i32.sub"));
      word("x").get(rest);
      word("xGroup").op("i32.mul").op("i32.add").set(x);
      word("g").get(rest);
      word("gGroup").op("i32.mul").op("i32.add").get(plane);
      word("gPlane").op("i32.mul").op("i32.add").set(g);
      word("c").get(rest);
      word("cGroup").op("i32.mul").op("i32.add").get(plane);
      word("cPlane").op("i32.mul").op("i32.add").get(tap).i32(4).op("i32.mul").op("i32.add").set(c);

      word("add").set(add);
      f.i32(0).set(image);
      f.loop((nextImages) => {
        word("stripImages").set(images);
        least(images, () => word("images").get(image).op("i32.sub"));
        f.i32(0).set(row);
        f.loop((nextRows) => {
          word("stripRows").set(rows);
          least(rows, () => word("rows").get(row).op("i32.sub"));
          f.get(x).get(image);
          word("xImage").op("i32.mul").op("i32.add").get(row);
          word("xRow").op("i32.mul").op("i32.add").set(xAt);
          f.get(g).get(image);
          word("gImage").op("i32.mul").op("i32.add").get(row);
          word("gRow").op("i32.mul").op("i32.add").set(gAt);
          word("table").get(tap).i32(4).op("i32.mul").op("i32.add").set(table);
          f.get(c).set(cAt).get(taps).set(left);
          f.loop((nextTaps) => {
            f.i32(panels.length).set(count);
            f.get(left).get(count).get(left).get(count).op("i32.lt_s").op("select").set(count);
            f.block((done) => {
              for (const [i, index] of panels.entries()) {
                f.get(count)
                  .i32(i + 1)
                  .op("i32.eq")
                  .if(() => {
                    f.get(block).get(table).get(xAt).get(gAt).get(cAt).get(images).get(rows).get(planes).get(add);
                    f.call(index).br(done);
                  });
              }
            });
            f.get(table)
              .i32(4 * panels.length)
              .op("i32.add")
              .set(table);
            f.get(cAt)
              .i32(4 * panels.length)
              .op("i32.add")
              .set(cAt);
            f.get(left).i32(panels.length).op("i32.sub").tee(left).i32(0).op("i32.gt_s").brIf(nextTaps);
          });
          f.i32(1).set(add);
          f.get(row).get(rows).op("i32.add").tee(row);
          word("rows").op("i32.lt_s").brIf(nextRows);
        });
        f.get(image).get(images).op("i32.add").tee(image);
        word("images").op("i32.lt_s").brIf(nextImages);
      });
      f.get(item).i32(1).op("i32.add").tee(item).get(end).op("i32.lt_s").brIf(nextItem);
    });
  });
}
