import { allocateFor, Value } from "../core/value.ts";
import type { View } from "../core/view.ts";
import { arange } from "../creation/arange.ts";
import { Tensor } from "../tensor.ts";
import { writable } from "./assign.ts";
import { lookupChecked, type Positions, scatterChecked } from "./lookup.ts";

// A row is what one index of dimension 0 selects. Indices are int32, [n], and known to be inside.

/** How `x` and the indices walk over the rows together. */
function walk({ shape, layout }: Tensor, indices: Tensor): { base: View; positions: readonly Positions[] } {
  const [size = 0, ...row] = shape;
  const [stride = 0, ...strides] = layout.strides;
  const column = indices.reshape([indices.numel, ...row.map(() => 1)]);
  return {
    base: { shape: [indices.numel, ...row], strides: [0, ...strides], offset: layout.offset },
    positions: [{ indices: column, size, stride }],
  };
}

/** The rows, [n, ...row], as a recipe. */
export function takeRows(x: Tensor, indices: Tensor): Tensor {
  const { base, positions } = walk(x, indices);
  return lookupChecked(x, base, positions);
}

/** Put rows in the place of others, or add them to what is there, without a look at the rest. */
export function putRows(x: Tensor, indices: Tensor, rows: Tensor, combine: "add" | "set"): void {
  const { base, positions } = walk(x, indices);
  scatterChecked(writable(x), base, positions, rows, combine);
}

/**
 * For each of the indices below `size` one place in their list, the same for all that are equal: [n], int32. Takes room for `size` numbers
 * and no time for them.
 */
export function sharedPlaces(indices: Tensor, size: number): Tensor {
  const { device } = indices;
  // Whatever is in it: only where a place was put is one looked up.
  const places = Tensor.ofValue(new Value(device, "int32", [size], { buffer: allocateFor(device, "int32", [size]) }));
  putRows(places, indices, arange(indices.numel, { dtype: "int32", device }), "set");
  return takeRows(places, indices).realize();
}
