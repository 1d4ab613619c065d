import type { DistinctNode } from "../../distinct-nodes.ts";
import type { Reduction } from "../../kernel.ts";
import type { Local } from "../assembler/function-builder.ts";
import { newAccumulators } from "./accumulators.ts";
import { is64, widenMask } from "./casts.ts";
import type { Context } from "./context.ts";
import { type Frame, newHoist } from "./frame.ts";
import { identityBytes } from "./identity.ts";
import { writeOutputs } from "./outputs.ts";
import { advance, copyPositions, newPositions, startPositions } from "./positions.ts";
import { inPieces, outerReducedLoops } from "./reduced-loops.ts";
import { forUnits, splitDigit } from "./units.ts";
import { Values } from "./values.ts";

/** Elements of a row that are gathered in float32 before they go to float64. */
const longestRun = 4096;

/** A reduction whose lanes follow the last reduced dimension: one output after the other. */
export function printRows(context: Context, reduction: Reduction): void {
  const { f, plan, lanes } = context;
  const { kept, reduced } = plan;
  const value = plan.value as DistinctNode;
  const { type } = reduction.value;
  const last = kept + reduced - 1;
  const copies = plan.nodes.length <= 12 ? 4 : 2;
  const [rest, since, left, bits, seen] = [0, 0, 0, 0, 0].map(() => f.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const places = f.local("v128");
  const isArg = reduction.op === "argmax" || reduction.op === "argmin";
  const accumulators = newAccumulators(context, reduction, { copies, by: "rows", places });
  const flush = accumulators.flush && (() => accumulators.flush?.(copies));
  const indices = Array.from({ length: kept }, (_, dim) => ({ dim, index: f.local("i32") }));
  const start = newPositions(context, plan.cursors);
  const positions = newPositions(context, plan.valueCursors);

  const row = (): void => {
    const hoist = newHoist(context);
    const frame: Frame = { axis: "reduced", loop: "reduced", lanes, copies: 1, positions, hoist };
    if (isArg) {
      f.get(seen).op("i32x4.splat").get(context.laneNumbers()).op("i32x4.add").set(places);
    }
    inPieces(context, context.size(last), longestRun, since, flush, (length) => {
      f.get(length).set(left);
      for (const side of [copies, 1]) {
        const vectors: Frame = { ...frame, copies: side };
        f.get(left)
          .i32(side * lanes)
          .op("i32.ge_u");
        f.if(() => {
          f.loop((next) => {
            const values = new Values(context, vectors);
            for (let copy = 0; copy < side; copy++) {
              values.push(value, copy);
              accumulators.take(copy);
            }
            advance(context, positions, last, side * lanes);
            if (isArg) {
              f.get(places)
                .get(context.bytes([0, 1, 2, 3].flatMap(() => [side * lanes, 0, 0, 0])))
                .op("i32x4.add")
                .set(places);
            }
            f.get(left)
              .i32(side * lanes)
              .op("i32.sub")
              .tee(left);
            f.i32(side * lanes)
              .op("i32.ge_u")
              .brIf(next);
          });
        });
      }
      f.get(left);
      f.if(() => {
        f.i32(1).get(left).op("i32.shl").i32(1).op("i32.sub").set(bits);
        const tail: Frame = { ...frame, lanes: { bits } };
        new Values(context, tail).push(value, 0);
        f.get(context.bytes(identityBytes(reduction.op, type)));
        f.get(left).op("i32x4.splat").get(context.laneNumbers()).op("i32x4.gt_s");
        if (is64(type)) widenMask(context);
        f.op("v128.bitselect");
        accumulators.take(0);
      });
    });
    if (isArg) f.get(seen).get(context.size(last)).op("i32.add").set(seen);
  };

  forUnits(context, (unit) => {
    f.get(unit).set(rest);
    for (let dim = kept - 1; dim >= 0; dim--) {
      splitDigit(context, rest, context.size(dim), indices[dim]?.index as Local);
    }
    startPositions(context, start, indices);
    accumulators.clear(copies);
    if (flush) f.i32(0).set(since);
    if (isArg) f.i32(0).set(seen);
    outerReducedLoops(context, start, (from) => {
      copyPositions(context, positions, from);
      row();
    });
    accumulators.fold(copies);
    const frame: Frame = {
      axis: "kept",
      loop: "kept",
      lanes: 1,
      copies: 1,
      positions: start,
      pushReduced: (copy) => accumulators.pushResult(copy),
      pushReducedIndex: (copy) => accumulators.pushIndex?.(copy),
    };
    writeOutputs(context, frame, new Values(context, frame), 0);
  });
}
