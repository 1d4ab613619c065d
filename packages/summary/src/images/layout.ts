import { OptionError } from "../options/option-error.ts";

/** Where the elements along one dimension are: how many, and how far from one to the next. */
export interface Axis {
  readonly size: number;
  readonly stride: number;
}

/** The dimensions of a picture by their letters. Those that are not there have one element. */
export type Axes<Letter extends string> = { readonly [L in Letter]: Axis };

/**
 * Read a string such as "CHW", in any case and order.
 *
 * @param allowed - the orders' letters, the fullest first: each must be there as a whole
 * @throws {OptionError} if the letters are not those of `allowed`, or not as many as the shape has dimensions
 */
export function axesOf<Letter extends string>(
  where: string,
  shape: readonly number[],
  dataformats: string,
  allowed: readonly (readonly Letter[])[],
): Axes<Letter> {
  const letters = [...dataformats.toUpperCase()];
  const order = allowed.find((each) => each.length === letters.length && each.every((one) => letters.includes(one)));
  if (!order) {
    throw new OptionError(
      `${where}: dataformats is "${dataformats}". Give the letters of ${list(allowed.map((each) => each.join("")))} once each, in the order of the dimensions.`,
    );
  }
  if (letters.length !== shape.length) {
    throw new OptionError(
      `${where}: dataformats "${dataformats}" names ${letters.length} dimensions, the argument has [${shape.join(", ")}]. Give a letter for each.`,
    );
  }
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, size) => product * size, 1));
  const axes = {} as Record<Letter, Axis>;
  for (const letter of allowed[0] ?? []) {
    const d = letters.indexOf(letter);
    axes[letter] = d < 0 ? { size: 1, stride: 0 } : { size: shape[d] as number, stride: strides[d] as number };
  }
  return axes;
}

const list = (names: readonly string[]): string =>
  names.length === 1 ? String(names[0]) : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
