import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import { type Frame, newHoist } from "./frame.ts";
import { writeOutputs } from "./outputs.ts";
import { advance, copyPositions, newPositions, startPositions } from "./positions.ts";
import { forUnits, splitDigit, tileExtent } from "./units.ts";
import { Values } from "./values.ts";

/** How many vectors one round of the loop computes: more where they are cheap. */
function copiesFor(context: Context): number {
  const cost = context.plan.nodes.length + context.plan.outputs.length;
  return cost <= 8 ? 4 : cost <= 20 ? 2 : 1;
}

/** Every output at every point, tile by tile; a tile's rows run along one kept dimension and its columns along the last one. */
export function printTiles(context: Context): void {
  const { f, plan, lanes } = context;
  const { kept } = plan;
  const last = kept - 1;
  const cursors = plan.outputCursors;
  const rowPositions = newPositions(context, cursors);
  const positions = kept > 1 ? newPositions(context, cursors) : rowPositions;
  const [rest, columns, rows, left, bits] = [0, 0, 0, 0, 0].map(() => f.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const indices = Array.from({ length: kept }, (_, dim) => ({ dim, index: f.local("i32") }));
  const indexOf = (dim: number): Local => indices[dim]?.index as Local;
  forUnits(context, (unit) => {
    f.get(unit).set(rest);
    splitDigit(context, rest, context.header("columnTiles"), indexOf(last));
    if (kept > 1) splitDigit(context, rest, context.header("rowTiles"), indexOf(last - 1));
    for (let dim = kept - 3; dim >= 0; dim--) splitDigit(context, rest, context.size(dim), indexOf(dim));
    tileExtent(context, indexOf(last), context.header("tileColumns"), context.size(last), columns);
    if (kept > 1) {
      tileExtent(context, indexOf(last - 1), context.header("tileRows"), context.size(last - 1), rows);
    }
    startPositions(context, rowPositions, indices);
    const row = (): void => {
      f.get(columns).set(left);
      const hoist = newHoist(context);
      const frame: Frame = { axis: "kept", loop: "kept", lanes, copies: 1, positions, hoist };
      const vectors = (copies: number): void => {
        const inner = { ...frame, copies };
        f.get(left)
          .i32(copies * lanes)
          .op("i32.ge_u");
        f.if(() => {
          f.loop((next) => {
            const values = new Values(context, inner);
            for (let copy = 0; copy < copies; copy++) writeOutputs(context, inner, values, copy);
            advance(context, positions, last, copies * lanes);
            f.get(left)
              .i32(copies * lanes)
              .op("i32.sub")
              .tee(left);
            f.i32(copies * lanes)
              .op("i32.ge_u")
              .brIf(next);
          });
        });
      };
      const copies = copiesFor(context);
      if (copies > 1) vectors(copies);
      vectors(1);
      f.get(left);
      f.if(() => {
        f.i32(1).get(left).op("i32.shl").i32(1).op("i32.sub").set(bits);
        const tail: Frame = { ...frame, lanes: { bits } };
        writeOutputs(context, tail, new Values(context, tail), 0);
      });
    };
    if (kept === 1) {
      row();
      return;
    }
    f.loop((next) => {
      copyPositions(context, positions, rowPositions);
      row();
      advance(context, rowPositions, last - 1);
      f.get(rows).i32(1).op("i32.sub").tee(rows).brIf(next);
    });
  });
}
