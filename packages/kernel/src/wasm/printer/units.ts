import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";

/** Parameters of `run`. */
export const [blockParameter, beginParameter, endParameter] = [0, 1, 2];

/** Runs `body` for the units whose first item lies in the range `run` was given; see `work.ts`. */
export function forUnits(context: Context, body: (unit: Local) => void): void {
  const { f } = context;
  const unit = f.local("i32");
  const end = f.local("i32");
  const weight = context.header("weight");
  const units = context.header("units");
  const firstFrom = (item: Local): unknown =>
    // The number of units that start before the item, rounded up.
    f.get(item).get(weight).op("i32.add").i32(1).op("i32.sub").get(weight).op("i32.div_u");
  firstFrom(beginParameter);
  f.set(unit);
  firstFrom(endParameter);
  f.tee(end).get(units).get(end).get(units).op("i32.lt_u").op("select").set(end);
  f.get(unit).get(end).op("i32.lt_u");
  f.if(() => {
    f.loop((next) => {
      body(unit);
      f.get(unit).i32(1).op("i32.add").tee(unit).get(end).op("i32.lt_u").brIf(next);
    });
  });
}

/** Splits off the last digit of a mixed-radix number: `digit = rest % base`, `rest = rest / base`. */
export function splitDigit(context: Context, rest: Local, base: Local, digit: Local): void {
  const { f } = context;
  f.get(rest).get(rest).get(base).op("i32.div_u").tee(rest).get(base).op("i32.mul").op("i32.sub").set(digit);
}

/** `to = min(limit, size - index * limit)`, with `index * limit` left in `index`. */
export function tileExtent(context: Context, index: Local, limit: Local, size: Local, to: Local): void {
  const { f } = context;
  f.get(index).get(limit).op("i32.mul").set(index);
  f.get(size).get(index).op("i32.sub").tee(to).get(limit).get(to).get(limit).op("i32.lt_u").op("select").set(to);
}
