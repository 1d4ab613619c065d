import type { TypedArray } from "@anneal/kernel";
import type { SortSpec } from "../core/device.ts";

/** Sort each run, stable, NaN as the largest; for devices whose memory the host can reach. */
export function sortRuns(spec: SortSpec, input: TypedArray, values: TypedArray, indices: Int32Array): void {
  const { rows, length, descending } = spec;
  const order = new Int32Array(length);
  for (let row = 0; row < rows; row++) {
    const start = spec.input.offset + row * length;
    const run = input.subarray(start, start + length);
    for (let i = 0; i < length; i++) order[i] = i;
    order.sort((i, j) => {
      const difference = compare(run[i] as number | bigint, run[j] as number | bigint);
      // Equal elements keep their order both ways.
      return difference === 0 ? i - j : descending ? -difference : difference;
    });
    const atValues = spec.values.offset + row * length;
    const atIndices = spec.indices.offset + row * length;
    for (let i = 0; i < length; i++) {
      const from = order[i] as number;
      indices[atIndices + i] = from;
      values[atValues + i] = run[from] as never;
    }
  }
}

function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  // One of them at least is NaN.
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
