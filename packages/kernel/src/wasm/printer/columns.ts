import type { DistinctNode } from "../../distinct-nodes.ts";
import type { Layout, Reduction } from "../../kernel.ts";
import type { Local } from "../assembler/function-builder.ts";
import { newAccumulators } from "./accumulators.ts";
import type { Context } from "./context.ts";
import { type Frame, type Lanes, newHoist } from "./frame.ts";
import { writeOutputs } from "./outputs.ts";
import type { Axis, Plan } from "./plan.ts";
import { advance, copyPositions, newPositions, startPositions } from "./positions.ts";
import { inPieces, outerReducedLoops } from "./reduced-loops.ts";
import { forUnits, splitDigit, tileExtent } from "./units.ts";
import { Values } from "./values.ts";

/** Rows that are gathered in float32 before they go to float64. */
const longestRun = 256;

/** Must columns come one by one? Where there is but one, and where a scan scatters: a column's writes all come before the next one's. */
const oneByOne = ({ kernel: { rank, reduce, outputs } }: Plan): boolean =>
  rank === 0 || (reduce?.scan === true && outputs.some(({ scatter }) => scatter !== undefined));

/** How many columns a unit of work has. */
export const columnsPerUnit = (plan: Plan): number =>
  oneByOne(plan) ? 1 : plan.lanes * (columnWidths(plan)[0] as number);

/** How many vectors of columns are reduced side by side, the widest first; a unit of work is as wide as the first. */
function columnWidths(plan: Plan): number[] {
  const { kernel, nodes, cursors, value } = plan;
  if (oneByOne(plan)) return [1];
  const isSideBySide = cursors.some(({ layouts, side }) => side === "inputs" && layouts.kept === "contiguous");
  const cost = nodes.length;
  if (!value) return [1];
  if (!isSideBySide || kernel.reduce?.scan) return cost <= 12 && (isSideBySide || !kernel.reduce?.scan) ? [4, 1] : [1];
  return cost <= 4 ? [16, 4, 2, 1] : cost <= 8 ? [8, 2, 1] : cost <= 16 ? [4, 1] : cost <= 32 ? [2, 1] : [1];
}

/**
 * Do the lanes of a reduction better follow the kept dimension than the reduced one? Where its inputs lie side by side, that is; outputs one
 * by one are otherwise less work.
 */
export function reducesColumns({ kernel, valueCursors }: Plan, { scan }: Reduction): boolean {
  if (scan) return true;
  if (kernel.rank === 0) return false;
  const count = (axis: Axis, layout: Layout): number =>
    valueCursors.filter(({ kind, layouts }) => kind === "address" && layouts[axis] === layout).length;
  const strided = count("kept", "strided") - count("reduced", "strided");
  if (strided !== 0) return strided < 0;
  return count("kept", "contiguous") > 0 && count("reduced", "contiguous") === 0;
}

/** A reduction or scan whose lanes follow the last kept dimension: neighbouring outputs together, one step of all after the other. */
export function printColumns(context: Context, reduction: Reduction): void {
  const { f, plan, lanes } = context;
  const { kept, reduced } = plan;
  const value = plan.value as DistinctNode;
  const isScan = reduction.scan === true;
  const last = kept + reduced - 1;
  const widths = columnWidths(plan);
  const [rest, since, columns, left, bits] = [0, 0, 0, 0, 0].map(() => f.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const places = f.local("v128");
  const isArg = reduction.op === "argmax" || reduction.op === "argmin";
  const accumulators = newAccumulators(context, reduction, { copies: widths[0] as number, by: "columns", places });
  const indices = Array.from({ length: kept }, (_, dim) => ({ dim, index: f.local("i32") }));
  const start = newPositions(context, plan.cursors);
  const positions = newPositions(context, isScan ? plan.cursors : plan.valueCursors);
  const results = {
    pushReduced: (copy: number) => accumulators.pushResult(copy),
    pushReducedIndex: (copy: number) => accumulators.pushIndex?.(copy),
  };

  const block = (copies: number, active: Lanes): void => {
    accumulators.clear(copies);
    if (isArg) f.get(context.bytes(Array(16).fill(0))).set(places);
    f.i32(0).set(since);
    const flush = accumulators.flush && (() => accumulators.flush?.(copies));
    outerReducedLoops(context, start, (from) => {
      copyPositions(context, positions, from);
      const hoist = newHoist(context);
      const frame: Frame = { axis: "kept", loop: "reduced", lanes: active, copies, positions, hoist, ...results };
      inPieces(context, context.size(last), longestRun, since, flush, (length) => {
        f.get(length).tee(left);
        f.if(() => {
          f.loop((next) => {
            const values = new Values(context, frame);
            for (let copy = 0; copy < copies; copy++) {
              values.push(value, copy);
              accumulators.take(copy);
              if (isScan) writeOutputs(context, frame, values, copy);
            }
            advance(context, positions, last);
            if (isArg) {
              f.get(places)
                .get(context.bytes([0, 1, 2, 3].flatMap(() => [1, 0, 0, 0])))
                .op("i32x4.add")
                .set(places);
            }
            f.get(left).i32(1).op("i32.sub").tee(left).brIf(next);
          });
        });
      });
    });
    if (isScan) return;
    flush?.();
    const frame: Frame = { axis: "kept", loop: "kept", lanes: active, copies, positions: start, ...results };
    const values = new Values(context, frame);
    for (let copy = 0; copy < copies; copy++) writeOutputs(context, frame, values, copy);
  };

  forUnits(context, (unit) => {
    f.get(unit).set(rest);
    splitDigit(context, rest, context.header("columnTiles"), indices[kept - 1]?.index as Local);
    for (let dim = kept - 2; dim >= 0; dim--) {
      splitDigit(context, rest, context.size(dim), indices[dim]?.index as Local);
    }
    const tileColumns = context.header("tileColumns");
    tileExtent(context, indices[kept - 1]?.index as Local, tileColumns, context.size(kept - 1), columns);
    startPositions(context, start, indices);
    if (oneByOne(plan)) {
      block(1, 1);
      return;
    }
    for (const width of widths) {
      f.get(columns)
        .i32(width * lanes)
        .op("i32.ge_u");
      f.if(() => {
        f.loop((next) => {
          block(width, lanes);
          advance(context, start, kept - 1, width * lanes);
          f.get(columns)
            .i32(width * lanes)
            .op("i32.sub")
            .tee(columns);
          f.i32(width * lanes)
            .op("i32.ge_u")
            .brIf(next);
        });
      });
    }
    f.get(columns);
    f.if(() => {
      f.i32(1).get(columns).op("i32.shl").i32(1).op("i32.sub").set(bits);
      block(1, { bits });
    });
  });
}
