import type { FloatArray } from "./array-shape.ts";
import type { RowGradient } from "./row-gradient.ts";

const ascends = (indices: ArrayLike<number>): boolean => {
  for (let k = 1; k < indices.length; k++) if (Number(indices[k]) <= Number(indices[k - 1])) return false;
  return true;
};

/**
 * The same gradient with every row once, in ascending order: itself, where it is so already.
 *
 * @param shape - of the parameter that it is for
 * @throws {RangeError} if it does not fit the parameter
 */
export function coalesced(
  gradient: RowGradient<FloatArray>,
  shape: readonly number[],
  size: number,
): RowGradient<FloatArray> {
  const { indices, values } = gradient;
  const [rows = 0] = shape;
  const row = rows === 0 ? 0 : size / rows;
  if (shape.length === 0 || values.length !== indices.length * row) {
    throw new RangeError(
      `arrayParameter: grad has ${indices.length} rows and ${values.length} values, a row of the parameter of shape ` +
        `[${shape.join(", ")}] has ${shape.length === 0 ? "no" : row} elements.`,
    );
  }
  const stray = Array.from(indices).find((index) => !(index >= 0 && index < rows));
  if (stray !== undefined) {
    throw new RangeError(
      `arrayParameter: grad names row ${stray}, the parameter of shape [${shape.join(", ")}] has ${rows} rows.`,
    );
  }
  if (ascends(indices)) return gradient;

  const places = Array.from(indices, (index, place) => ({ index, place })).sort((a, b) => a.index - b.index);
  const unique = [...new Set(places.map(({ index }) => index))];
  const sums = values.slice(0, unique.length * row);
  let at = -1;
  for (const [k, { index, place }] of places.entries()) {
    const isNew = index !== places[k - 1]?.index;
    if (isNew) at++;
    for (let i = 0; i < row; i++) {
      const value = Number(values[place * row + i]);
      sums[at * row + i] = isNew ? value : Number(sums[at * row + i]) + value;
    }
  }
  return { indices: unique, values: sums };
}

/** The gradient of all `size` elements that a coalesced one stands for. */
export function dense({ indices, values }: RowGradient<FloatArray>, size: number): FloatArray {
  const all = values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  const row = indices.length === 0 ? 0 : values.length / indices.length;
  for (let k = 0; k < indices.length; k++) all.set(values.subarray(k * row, (k + 1) * row), Number(indices[k]) * row);
  return all;
}
