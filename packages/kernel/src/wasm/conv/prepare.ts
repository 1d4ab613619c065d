import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { blockLayout } from "../block.ts";
import { i32Locals } from "../locals.ts";
import type { Element } from "../matmul/element.ts";
import { emitPackPanel } from "../matmul/pack.ts";
import { tileOf } from "../matmul/tile.ts";

/** What has to lie ready before a convolution begins: several jobs in one step, each with its own block behind the count of jobs. */
export const jobKinds = { planes: 0, table: 1, weights: 2, matrix: 3 } as const;

/** The words every job begins with. */
const head = ["kind", "items"] as const;

/**
 * Copy planes into larger ones with zeros around them; with strides, into one plane for each remainder of row and column, so that
 * neighbours in the output always have neighbours in a plane. A work item is one plane. Padding may be negative: it crops.
 */
const planesBlock = blockLayout(
  ...head,
  "source",
  "target",
  "sourcePlane",
  "targetPlane",
  "height",
  "width",
  "top",
  "left",
  "strideH",
  "strideW",
  "phasesH",
  "phasesW",
  "rows",
  "columns",
);

/**
 * The offset in bytes of each step of k = (channel, tap of a row, tap of a column) from a span's place. With x = tap * scale + shift, the
 * offset of a tap along an axis is (x mod stride) * phase + (x div stride) * step. A work item is one channel.
 */
const tableBlock = blockLayout(
  ...head,
  "target",
  "channel",
  "tapsH",
  "scaleH",
  "shiftH",
  "strideH",
  "phaseH",
  "stepH",
  "tapsW",
  "scaleW",
  "shiftW",
  "strideW",
  "phaseW",
  "stepW",
);

/**
 * Pack weights into panels as tall as a tile, k = (channel, tap of a row, tap of a column). A work item is one panel of one group. Where k lies
 * in one line, the kind `matrix` does the same faster: its words are those of `packBlock`.
 */
const weightsBlock = blockLayout(
  ...head,
  "source",
  "target",
  "panelBytes",
  /** Panels of a group. */
  "panels",
  "groupStride",
  /** Rows of a group. */
  "across",
  "acrossStride",
  "channels",
  "channelStride",
  "tapsH",
  "strideH",
  "tapsW",
  "strideW",
);

/** Words of a job, whichever it is. */
export const jobWords = 16;

/** Adds the function `name` to the module. */
export function emitPrepare(m: ModuleBuilder, name: string, element: Element): void {
  const jobs = [emitPlanes(m), emitTable(m), emitWeights(m, element), emitPackPanel(m, element, tileOf(element).rows)];
  m.func(name, { params: ["i32", "i32", "i32"] }, (f) => {
    const [block, item, end] = [0, 1, 2] as const;
    const { job, first, items } = i32Locals(f, "job", "first", "items");
    f.get(block).i32(4).op("i32.add").set(job);
    f.block((none) => {
      f.get(item).get(end).op("i32.ge_s").brIf(none);
      f.loop((again) => {
        planesBlock.load(f, job, "items").set(items);
        f.get(item)
          .get(first)
          .op("i32.sub")
          .get(items)
          .op("i32.ge_s")
          .if(
            () => {
              f.get(first).get(items).op("i32.add").set(first);
              f.get(job)
                .i32(4 * jobWords)
                .op("i32.add")
                .set(job);
            },
            () => {
              f.block((done) => {
                for (const [kind, index] of jobs.entries()) {
                  planesBlock
                    .load(f, job, "kind")
                    .i32(kind)
                    .op("i32.eq")
                    .if(() => {
                      f.get(job);
                      // The words of `packBlock` begin with the number of items.
                      if (kind === jobKinds.matrix) f.i32(4).op("i32.add");
                      f.get(item).get(first).op("i32.sub").call(index).br(done);
                    });
                }
              });
              f.get(item).i32(1).op("i32.add").set(item);
            },
          );
        f.get(item).get(end).op("i32.lt_s").brIf(again);
      });
    });
  });
}

const zeros: readonly number[] = new Array(16).fill(0);

/** One plane. Parameters: the job, the plane. */
function emitPlanes(m: ModuleBuilder): number {
  return m.func(null, { params: ["i32", "i32"] }, (f) => {
    const [job, plane] = [0, 1] as const;
    const word = (name: (typeof planesBlock.names)[number]) => planesBlock.load(f, job, name);
    const { phaseH, phaseW, row, y, source, target, at, from, strideW, width, columns, left, first, last, count, x } =
      i32Locals(
        f,
        "phaseH",
        "phaseW",
        "row",
        "y",
        "source",
        "target",
        "at",
        "from",
        "strideW",
        "width",
        "columns",
        "left",
        "first",
        "last",
        "count",
        "x",
      );
    const clamp = (value: Local, low: () => void, high: () => void) => {
      low();
      f.set(x).get(value).get(x).get(value).get(x).op("i32.gt_s").op("select").set(value);
      high();
      f.set(x).get(value).get(x).get(value).get(x).op("i32.lt_s").op("select").set(value);
    };
    word("strideW").set(strideW);
    word("width").set(width);
    word("columns").set(columns);
    word("source").get(plane);
    word("sourcePlane").op("i32.mul").op("i32.add").set(source);
    word("target").get(plane);
    word("targetPlane").op("i32.mul").op("i32.add").set(target);

    f.loop((nextPhaseH) => {
      f.i32(0).set(phaseW);
      f.loop((nextPhaseW) => {
        // Column c of this phase is column c * strideW + phaseW - left of the source: those from `first` to `last` are inside it.
        word("left").get(phaseW).op("i32.sub").set(left);
        f.get(left).get(strideW).op("i32.add").i32(1).op("i32.sub").get(strideW).op("i32.div_s").set(first);
        clamp(
          first,
          () => f.i32(0),
          () => f.get(columns),
        );
        f.get(width)
          .get(left)
          .op("i32.add")
          .get(strideW)
          .op("i32.add")
          .i32(1)
          .op("i32.sub")
          .get(strideW)
          .op("i32.div_s")
          .set(last);
        clamp(
          last,
          () => f.get(first),
          () => f.get(columns),
        );
        f.i32(0).set(row);
        f.loop((nextRow) => {
          f.get(row);
          word("strideH").op("i32.mul").get(phaseH).op("i32.add");
          word("top").op("i32.sub").tee(y);
          word("height")
            .op("i32.lt_u")
            .if(
              () => {
                emitZeros(f, target, first, at, count);
                f.get(source).get(y).get(width).op("i32.mul");
                f.get(first)
                  .get(strideW)
                  .op("i32.mul")
                  .op("i32.add")
                  .get(left)
                  .op("i32.sub")
                  .i32(4)
                  .op("i32.mul")
                  .op("i32.add")
                  .set(from);
                f.get(target).get(first).i32(4).op("i32.mul").op("i32.add").set(at);
                f.get(last).get(first).op("i32.sub").set(count);
                emitRow(f, { from, at, count, strideW });
                f.get(columns).get(last).op("i32.sub").set(x);
                f.get(target).get(last).i32(4).op("i32.mul").op("i32.add").set(from);
                emitZeros(f, from, x, at, count);
              },
              () => emitZeros(f, target, columns, at, count),
            );
          f.get(target).get(columns).i32(4).op("i32.mul").op("i32.add").set(target);
          f.get(row).i32(1).op("i32.add").tee(row);
          word("rows").op("i32.lt_s").brIf(nextRow);
        });
        f.get(phaseW).i32(1).op("i32.add").tee(phaseW);
        word("phasesW").op("i32.lt_s").brIf(nextPhaseW);
      });
      f.get(phaseH).i32(1).op("i32.add").tee(phaseH);
      word("phasesH").op("i32.lt_s").brIf(nextPhaseH);
    });
  });
}

/** At least `length` zeros, in vectors: what lies behind is written later, or never read. */
function emitZeros(f: FunctionBuilder, target: Local, length: Local, at: Local, count: Local): void {
  f.get(length).set(count).get(target).set(at);
  f.block((done) => {
    f.get(count).i32(0).op("i32.le_s").brIf(done);
    f.loop((again) => {
      f.get(at).v128(zeros).memory("v128.store");
      f.get(at).i32(16).op("i32.add").set(at);
      f.get(count).i32(4).op("i32.sub").tee(count).i32(0).op("i32.gt_s").brIf(again);
    });
  });
}

const lanes32 = (...lanes: readonly number[]): number[] =>
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));

/** Copy `count` elements, each `strideW`th of the source, never reading past the last. */
function emitRow(
  f: FunctionBuilder,
  { from, at, count, strideW }: { from: Local; at: Local; count: Local; strideW: Local },
): void {
  const vectorsOf = (read: number, load: () => void, least: number) => {
    f.block((done) => {
      f.get(count).i32(least).op("i32.lt_s").brIf(done);
      f.loop((again) => {
        f.get(at);
        load();
        f.memory("v128.store");
        f.get(at).i32(16).op("i32.add").set(at);
        f.get(from).i32(read).op("i32.add").set(from);
        f.get(count).i32(4).op("i32.sub").tee(count).i32(least).op("i32.ge_s").brIf(again);
      });
    });
  };
  f.get(strideW)
    .i32(1)
    .op("i32.eq")
    .if(
      () => vectorsOf(16, () => f.get(from).memory("v128.load"), 4),
      () => {
        f.get(strideW)
          .i32(2)
          .op("i32.eq")
          .if(() => {
            // Eight elements are read for four: the last of them must be inside too.
            const pairs = () =>
              f
                .get(from)
                .memory("v128.load")
                .get(from)
                .memory("v128.load", 16)
                .shuffle(lanes32(0, 2, 4, 6));
            vectorsOf(32, pairs, 5);
          });
      },
    );
  f.block((done) => {
    f.get(count).i32(0).op("i32.le_s").brIf(done);
    f.loop((again) => {
      f.get(at).get(from).memory("i32.load").memory("i32.store");
      f.get(at).i32(4).op("i32.add").set(at);
      f.get(from).get(strideW).i32(4).op("i32.mul").op("i32.add").set(from);
      f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
    });
  });
}

/** The table's part for one channel. Parameters: the job, the channel. */
function emitTable(m: ModuleBuilder): number {
  return m.func(null, { params: ["i32", "i32"] }, (f) => {
    const [job, channel] = [0, 1] as const;
    const word = (name: (typeof tableBlock.names)[number]) => tableBlock.load(f, job, name);
    const { h, w, target, base, row, x } = i32Locals(f, "h", "w", "target", "base", "row", "x");
    const offset = (tap: Local, axis: "H" | "W") => {
      f.get(tap);
      word(`scale${axis}`).op("i32.mul");
      word(`shift${axis}`).op("i32.add").tee(x);
      word(`stride${axis}`).op("i32.rem_u");
      word(`phase${axis}`).op("i32.mul").get(x);
      word(`stride${axis}`).op("i32.div_u");
      word(`step${axis}`).op("i32.mul").op("i32.add");
    };
    f.get(channel);
    word("channel").op("i32.mul").set(base);
    word("target").get(channel);
    word("tapsH").op("i32.mul");
    word("tapsW").op("i32.mul").i32(4).op("i32.mul").op("i32.add").set(target);
    f.loop((nextH) => {
      offset(h, "H");
      f.get(base).op("i32.add").set(row);
      f.i32(0).set(w);
      f.loop((nextW) => {
        f.get(target);
        offset(w, "W");
        f.get(row).op("i32.add").memory("i32.store");
        f.get(target).i32(4).op("i32.add").set(target);
        f.get(w).i32(1).op("i32.add").tee(w);
        word("tapsW").op("i32.lt_s").brIf(nextW);
      });
      f.get(h).i32(1).op("i32.add").tee(h);
      word("tapsH").op("i32.lt_s").brIf(nextH);
    });
  });
}

/** One panel. Parameters: the job, the panel. */
function emitWeights(m: ModuleBuilder, element: Element): number {
  const { rows } = tileOf(element);
  return m.func(null, { params: ["i32", "i32"] }, (f) => {
    const [job, panel] = [0, 1] as const;
    const word = (name: (typeof weightsBlock.names)[number]) => weightsBlock.load(f, job, name);
    const {
      group,
      first,
      count,
      source,
      target,
      from,
      at,
      channel,
      h,
      w,
      i,
      across,
      channelStride,
      strideH,
      strideW,
      rowAt,
      rowTarget,
      tapsH,
      tapsW,
    } = i32Locals(
      f,
      "group",
      "first",
      "count",
      "source",
      "target",
      "from",
      "at",
      "channel",
      "h",
      "w",
      "i",
      "across",
      "channelStride",
      "strideH",
      "strideW",
      "rowAt",
      "rowTarget",
      "tapsH",
      "tapsW",
    );
    word("acrossStride").set(across);
    word("channelStride").set(channelStride);
    word("strideH").set(strideH);
    word("strideW").set(strideW);
    word("tapsH").set(tapsH);
    word("tapsW").set(tapsW);
    word("target").get(panel);
    word("panelBytes").op("i32.mul").op("i32.add").set(target);
    f.get(panel).get(panel);
    word("panels").op("i32.div_u").tee(group);
    word("panels").op("i32.mul").op("i32.sub").i32(rows).op("i32.mul").set(first);
    word("across").get(first).op("i32.sub").set(count);
    f.get(count).i32(rows).get(count).i32(rows).op("i32.lt_s").op("select").set(count);
    word("source").get(group);
    word("groupStride").op("i32.mul").op("i32.add").get(first).get(across).op("i32.mul").op("i32.add").set(source);
    // Rows past the end are never read: the tile has a form for every number of rows.
    f.loop((nextChannel) => {
      f.get(source).set(from).get(target).set(rowTarget).i32(0).set(i);
      f.loop((nextRow) => {
        f.get(from).set(rowAt).get(rowTarget).set(at).i32(0).set(h);
        f.loop((nextH) => {
          f.get(rowAt).set(first).i32(0).set(w);
          f.loop((nextW) => {
            f.get(at).get(first).memory("i32.load").memory("i32.store");
            f.get(at)
              .i32(rows * element.bytes)
              .op("i32.add")
              .set(at);
            f.get(first).get(strideW).op("i32.add").set(first);
            f.get(w).i32(1).op("i32.add").tee(w).get(tapsW).op("i32.lt_s").brIf(nextW);
          });
          f.get(rowAt).get(strideH).op("i32.add").set(rowAt);
          f.get(h).i32(1).op("i32.add").tee(h).get(tapsH).op("i32.lt_s").brIf(nextH);
        });
        f.get(from).get(across).op("i32.add").set(from);
        f.get(rowTarget).i32(element.bytes).op("i32.add").set(rowTarget);
        f.get(i).i32(1).op("i32.add").tee(i).get(count).op("i32.lt_s").brIf(nextRow);
      });
      f.get(source).get(channelStride).op("i32.add").set(source);
      f.get(target)
        .get(tapsH)
        .get(tapsW)
        .op("i32.mul")
        .i32(rows * element.bytes)
        .op("i32.mul")
        .op("i32.add")
        .set(target);
      f.get(channel).i32(1).op("i32.add").tee(channel);
      word("channels").op("i32.lt_s").brIf(nextChannel);
    });
  });
}
