import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import type { Numbers, ShapedNumbers } from "../values/numbers.ts";
import { asNumbers, readNumbers } from "../values/read-numbers.ts";

/** The numbers of a picture, here. Those of dtype uint8 are bytes. */
export interface Pixels {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: ArrayLike<number>;
}

/**
 * {@link readNumbers} for what is drawn or heard.
 *
 * @param check - throws if the shape does not fit: so it does at once, where the shape is known before the numbers are
 */
export function readPixels(
  where: string,
  what: string,
  numbers: Numbers,
  check: (shape: readonly number[]) => unknown = () => {},
): MaybePromise<Pixels> {
  if (typeof numbers === "object" && "shape" in numbers) check(numbers.shape);
  return whenThere(readNumbers(where, what, numbers), (values) => ({
    shape: values.shape,
    dtype: values.dtype,
    data: asNumbers(values),
  }));
}

/** {@link readPixels} of several, in their order. */
export function readAllPixels(
  where: string,
  what: string,
  list: readonly Numbers[],
  check?: (shape: readonly number[]) => unknown,
): MaybePromise<Pixels[]> {
  const read = list.map((each, i) => readPixels(where, `${what} ${i}`, each, check));
  const isHere = (each: MaybePromise<Pixels>): each is Pixels => !(each instanceof Promise);
  return read.every(isHere) ? read : Promise.all(read);
}

/** Is this a list of pictures, and not one that is written as lists of numbers? */
export const isPictures = (images: Numbers | readonly ShapedNumbers[]): images is readonly ShapedNumbers[] =>
  Array.isArray(images) && images.every((each) => typeof each === "object" && each !== null && "shape" in each);
