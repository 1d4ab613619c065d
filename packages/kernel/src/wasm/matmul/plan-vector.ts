import type { Plan } from "../plan.ts";

/** A matrix [batch, rows, k] times a vector [batch, k]; strides in bytes. */
export interface VectorProduct {
  readonly module: string;
  readonly bytes: number;
  readonly batch: number;
  readonly rows: number;
  readonly k: number;
  readonly matrix: { readonly address: number; readonly batch: number; readonly row: number; readonly k: number };
  readonly vector: { readonly address: number; readonly batch: number; readonly k: number };
  readonly result: { readonly address: number; readonly batch: number; readonly row: number };
  readonly accumulate: boolean;
}

/** What a call should be worth at least, in bytes of the matrix: some ten microseconds. */
const callBytes = 1 << 18;

/** One step that reads the matrix once along its lines, or null where neither its rows nor its columns lie in lines. */
export function planVector(product: VectorProduct): Plan | null {
  const { module, bytes, batch, rows, k, matrix, vector, result } = product;
  const dot = matrix.k === bytes && vector.k === bytes;
  if (!dot && (matrix.row !== bytes || result.row !== bytes)) return null;
  // Long lines for the one, short results for the other, several items of each for several threads.
  const most = dot ? 64 : 512;
  const rowBlock = Math.max(16, Math.min(most, 16 * Math.ceil(rows / 256)));
  const rowBlocks = Math.ceil(rows / rowBlock);
  return {
    scratchBytes: 0,
    steps: () => [
      {
        module,
        entry: dot ? "dotRows" : "combineColumns",
        block: [
          rowBlocks,
          rowBlock,
          rows,
          k,
          matrix.address,
          matrix.batch,
          matrix.row,
          matrix.k,
          vector.address,
          vector.batch,
          vector.k,
          result.address,
          result.batch,
          result.row,
          product.accumulate ? 1 : 0,
        ],
        items: batch * rowBlocks,
        grain: Math.ceil(callBytes / (rowBlock * Math.max(1, k) * bytes)),
      },
    ],
  };
}
