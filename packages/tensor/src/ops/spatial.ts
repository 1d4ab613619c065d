import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../tensor.ts";

/** What ops over sequences, images and volumes call their dimensions. */
const letters: readonly string[] = ["", "L", "H, W", "D, H, W"];

/** A batch or one of it: `spatial` dimensions after the channels. */
export function checkSpatial(where: string, x: Tensor, spatial: number): void {
  if (x.ndim === spatial + 1 || x.ndim === spatial + 2) return;
  const sizes = letters[spatial];
  throw new ShapeError(where, `x has the shape ${formatShape(x.shape)}`, `It takes [N, C, ${sizes}] or [C, ${sizes}].`);
}

/** One number for all, or one each; integers from `least` on. */
export function perDimension(
  where: string,
  name: string,
  value: number | readonly number[],
  count: number,
  least: number,
): number[] {
  const list = typeof value === "number" ? new Array<number>(count).fill(value) : [...value];
  if (list.length !== count || list.some((each) => !Number.isInteger(each) || each < least)) {
    throw new OptionError(
      where,
      `${name} is ${typeof value === "number" ? value : formatShape(value)}`,
      `Give an integer from ${least} on${orSeveral(count)}.`,
    );
  }
  return list;
}

/** `, or 2 of them`: what else an option for `count` dimensions may be. */
export const orSeveral = (count: number): string => (count === 1 ? "" : `, or ${count} of them`);
