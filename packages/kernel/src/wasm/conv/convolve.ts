import type { FunctionBuilder, Local } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { blockLayout } from "../block.ts";
import { i32Locals } from "../locals.ts";
import type { Element } from "../matmul/element.ts";
import { emitStoreLanes, emitStoreVectors, emitTile, tileLocals, tileOf, vectors } from "../matmul/tile.ts";

/**
 * Output planes from packed weights and padded input planes. Columns of the product are pixels, in spans of one vector along a row; the
 * input of step k of a span lies at the span's place plus an offset from a table, so that nothing is ever unfolded.
 *
 * Work items are blocks of channels by blocks of spans, then channel groups, then images. Strides in bytes.
 */
const convolveBlock = blockLayout(
  "channelBlocks",
  "spanBlocks",
  "channelBlock",
  "spanBlock",
  "groups",
  /** Output channels of a group. */
  "channels",
  "spans",
  /** Spans of one row. */
  "rowSpans",
  /** Pixels of the last span of a row. */
  "lastSpan",
  "k",
  /** Steps of k at a time, so that a panel of weights and the rows it meets stay in the first cache. */
  "depth",
  "table",
  "a",
  "aGroup",
  "aPanel",
  "b",
  "bImage",
  "bGroup",
  "bRow",
  "c",
  "cImage",
  "cGroup",
  "cChannel",
  "cRow",
  "cColumn",
);

/** Adds the function `name` to the module. */
export function emitConvolve(m: ModuleBuilder, name: string, element: Element): void {
  const panels = Array.from({ length: tileOf(element).rows }, (_, i) => emitPanel(m, element, i + 1));
  m.func(name, { params: ["i32", "i32", "i32"] }, (f) => emitBlocks(f, element, panels));
}

/** One row of tiles. Parameters: block, a, table, depth, b, c, the first span's place in its row, spans, add. */
function emitPanel(m: ModuleBuilder, element: Element, rows: number): number {
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
  return m.func(null, { params }, (f) => {
    const [block, a, table, depth, b, c, place, spans, add] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
    const locals = tileLocals(f, rows);
    const { aStep, rowSpans, lastSpan, rowStride, columnStride, unit, bGap, cGap, cSpan, aAt, tableAt, at } = i32Locals(
      f,
      "aStep",
      "rowSpans",
      "lastSpan",
      "rowStride",
      "columnStride",
      "unit",
      "bGap",
      "cGap",
      "cSpan",
      "aAt",
      "tableAt",
      "at",
    );
    const bAt = Array.from({ length: vectors }, () => f.local("i32"));
    const cAt = Array.from({ length: vectors }, () => f.local("i32"));
    const counts = Array.from({ length: vectors }, () => f.local("i32"));
    const word = (name: (typeof convolveBlock.names)[number]) => convolveBlock.load(f, block, name);
    f.i32(tileOf(element).rows * element.bytes).set(aStep);
    word("rowSpans").set(rowSpans);
    word("lastSpan").set(lastSpan);
    word("cChannel").set(rowStride);
    word("cColumn").tee(columnStride).i32(element.bytes).op("i32.eq").set(unit);
    f.get(columnStride).i32(element.lanes).op("i32.mul").set(cSpan);
    word("bRow").get(rowSpans).i32(16).op("i32.mul").op("i32.sub").set(bGap);
    word("cRow").get(rowSpans).get(cSpan).op("i32.mul").op("i32.sub").set(cGap);

    /** Take the span at `b` and `c`, and move them to the next. */
    const take = (v: number) => {
      f.get(b)
        .set(bAt[v] as Local)
        .get(c)
        .set(cAt[v] as Local);
      f.get(b).i32(16).op("i32.add").set(b);
      f.get(c).get(cSpan).op("i32.add").set(c);
      f.i32(element.lanes).set(counts[v] as Local);
      f.get(place).i32(1).op("i32.add").tee(place).get(rowSpans).op("i32.ge_s");
      f.if(() => {
        f.get(lastSpan).set(counts[v] as Local);
        f.i32(0).set(place);
        f.get(b).get(bGap).op("i32.add").set(b);
        f.get(c).get(cGap).op("i32.add").set(c);
      });
    };
    const tile = (width: number) => {
      for (let v = 0; v < width; v++) take(v);
      f.get(a).set(aAt).get(table).set(tableAt);
      emitTile(f, {
        element,
        locals,
        width,
        a: { kind: "panel", at: aAt, step: aStep },
        b: { kind: "table", at: bAt, table: tableAt },
        depth,
      });
      for (let v = 0; v < width; v++) {
        const count = counts[v] as Local;
        f.get(cAt[v] as Local).set(at);
        f.get(unit).get(count).i32(element.lanes).op("i32.eq").op("i32.and");
        f.if(
          () => emitStoreVectors(f, { element, locals, from: v, to: v + 1, c: at, rowStride, add }),
          () => emitStoreLanes(f, { element, locals, vector: v, c: at, rowStride, columnStride, count, add }),
        );
      }
    };
    f.block((single) => {
      f.get(spans).i32(vectors).op("i32.lt_s").brIf(single);
      f.loop((again) => {
        tile(vectors);
        f.get(spans).i32(vectors).op("i32.sub").tee(spans).i32(vectors).op("i32.ge_s").brIf(again);
      });
    });
    f.get(spans).if(() => tile(1));
  });
}

/** The loop over work items: blocks of k outermost, then rows of tiles. */
function emitBlocks(f: FunctionBuilder, element: Element, panels: readonly number[]): void {
  const [block, item, end] = [0, 1, 2] as const;
  const word = (name: (typeof convolveBlock.names)[number]) => convolveBlock.load(f, block, name);
  const {
    rest,
    image,
    group,
    channel,
    span,
    row,
    place,
    a,
    b,
    c,
    aAt,
    cAt,
    table,
    k0,
    depth,
    spans,
    left,
    rows,
    add,
    panelRows,
  } = i32Locals(
    f,
    "rest",
    "image",
    "group",
    "channel",
    "span",
    "row",
    "place",
    "a",
    "b",
    "c",
    "aAt",
    "cAt",
    "table",
    "k0",
    "depth",
    "spans",
    "left",
    "rows",
    "add",
    "panelRows",
  );
  /** rest, target = divmod(rest, count) */
  const split = (count: (typeof convolveBlock.names)[number], target: Local) => {
    f.get(rest);
    f.get(rest);
    word(count).op("i32.div_u").tee(rest);
    word(count).op("i32.mul").op("i32.sub").set(target);
  };
  const least = (value: Local, bound: () => void) => {
    bound();
    f.set(left).get(left).get(value).get(left).get(value).op("i32.lt_s").op("select").set(value);
  };

  f.block((none) => {
    f.get(item).get(end).op("i32.ge_s").brIf(none);
    f.loop((nextItem) => {
      f.get(item).set(rest);
      split("spanBlocks", span);
      split("channelBlocks", channel);
      split("groups", group);
      f.get(rest).set(image);
      f.get(span);
      word("spanBlock").op("i32.mul").set(span);
      f.get(channel);
      word("channelBlock").op("i32.mul").set(channel);
      word("spanBlock").set(spans);
      least(spans, () => word("spans").get(span).op("i32.sub"));
      word("channelBlock").set(rows);
      least(rows, () => word("channels").get(channel).op("i32.sub"));
      f.get(span);
      word("rowSpans").op("i32.div_u").tee(row);
      word("rowSpans").op("i32.mul").get(span).op("i32.sub").i32(-1).op("i32.mul").set(place);

      word("a").get(group);
      word("aGroup").op("i32.mul").op("i32.add").get(channel).i32(panels.length).op("i32.div_u");
      word("aPanel").op("i32.mul").op("i32.add").set(a);
      word("b").get(image);
      word("bImage").op("i32.mul").op("i32.add").get(group);
      word("bGroup").op("i32.mul").op("i32.add").get(row);
      word("bRow").op("i32.mul").op("i32.add").get(place).i32(16).op("i32.mul").op("i32.add").set(b);
      word("c").get(image);
      word("cImage").op("i32.mul").op("i32.add").get(group);
      word("cGroup").op("i32.mul").op("i32.add").get(channel);
      word("cChannel").op("i32.mul").op("i32.add").get(row);
      word("cRow").op("i32.mul").op("i32.add").get(place).i32(element.lanes).op("i32.mul");
      word("cColumn").op("i32.mul").op("i32.add").set(c);
      word("table").set(table);

      f.i32(0).set(k0).i32(0).set(add);
      f.loop((nextDepth) => {
        word("depth").set(depth);
        least(depth, () => word("k").get(k0).op("i32.sub"));
        f.get(a).set(aAt).get(c).set(cAt).get(rows).set(left);
        f.loop((nextRow) => {
          f.i32(panels.length).get(left).get(left).i32(panels.length).op("i32.gt_s").op("select").set(panelRows);
          f.block((done) => {
            for (const [i, index] of panels.entries()) {
              f.get(panelRows)
                .i32(i + 1)
                .op("i32.eq")
                .if(() => {
                  f.get(block).get(aAt).get(table).get(depth).get(b).get(cAt).get(place).get(spans).get(add);
                  f.call(index).br(done);
                });
            }
          });
          f.get(aAt);
          word("aPanel").op("i32.add").set(aAt);
          f.get(cAt);
          word("cChannel").i32(panels.length).op("i32.mul").op("i32.add").set(cAt);
          f.get(left).i32(panels.length).op("i32.sub").tee(left).i32(0).op("i32.gt_s").brIf(nextRow);
        });
        f.get(a)
          .get(depth)
          .i32(panels.length * element.bytes)
          .op("i32.mul")
          .op("i32.add")
          .set(a);
        f.get(table).get(depth).i32(4).op("i32.mul").op("i32.add").set(table);
        f.i32(1).set(add);
        f.get(k0).get(depth).op("i32.add").tee(k0);
        word("k").op("i32.lt_s").brIf(nextDepth);
      });
      f.get(item).i32(1).op("i32.add").tee(item).get(end).op("i32.lt_s").brIf(nextItem);
    });
  });
}
