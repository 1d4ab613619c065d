import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import { advance, copyPositions, newPositions, type Positions } from "./positions.ts";

/** Loops over the reduced dimensions but the last; `body` starts from the positions it is given and leaves them as they are. */
export function outerReducedLoops(context: Context, from: Positions, body: (from: Positions) => void): void {
  const { f, plan } = context;
  const loop = (dim: number, start: Positions): void => {
    if (dim >= plan.kept + plan.reduced - 1) {
      body(start);
      return;
    }
    const positions = newPositions(context, plan.valueCursors);
    const left = f.local("i32");
    copyPositions(context, positions, start);
    f.get(context.size(dim)).tee(left);
    f.if(() => {
      f.loop((next) => {
        loop(dim + 1, positions);
        advance(context, positions, dim);
        f.get(left).i32(1).op("i32.sub").tee(left).brIf(next);
      });
    });
  };
  loop(plan.kept, from);
}

/**
 * Runs `body` for pieces of a row of `size` elements, none longer than `longest`; between pieces, `flush` when about `longest` elements were
 * seen since the last time.
 */
export function inPieces(
  context: Context,
  size: Local,
  longest: number,
  since: Local,
  flush: (() => void) | undefined,
  body: (length: Local) => void,
): void {
  const { f } = context;
  if (!flush) {
    body(size);
    return;
  }
  const left = f.local("i32");
  const length = f.local("i32");
  f.get(size).tee(left);
  f.if(() => {
    f.loop((next) => {
      f.get(left).i32(longest).get(left).i32(longest).op("i32.lt_u").op("select").set(length);
      body(length);
      f.get(since).get(length).op("i32.add").tee(since).i32(longest).op("i32.ge_u");
      f.if(() => {
        flush();
        f.i32(0).set(since);
      });
      f.get(left).get(length).op("i32.sub").tee(left).brIf(next);
    });
  });
}
