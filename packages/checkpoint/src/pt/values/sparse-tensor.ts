import type { SavedTensor } from "../../tensors/saved-tensor.ts";

/** What a sparse tensor is made of. */
export interface SparseTensorInit {
  readonly indices: SavedTensor;
  readonly values: SavedTensor;
  readonly shape: readonly number[];
  readonly isCoalesced: boolean;
}

/**
 * A sparse tensor of PyTorch in the COO layout: the numbers that are not 0, and where they stand. Whether its indices lie within its shape is
 * not checked when it is loaded.
 */
export class SparseTensor {
  /** int64, [sparse dimensions, count] */
  readonly indices: SavedTensor;
  /** [count, ...dense dimensions] */
  readonly values: SavedTensor;
  readonly shape: readonly number[];
  /** Are the indices sorted, each there once? */
  readonly isCoalesced: boolean;

  constructor({ indices, values, shape, isCoalesced }: SparseTensorInit) {
    this.indices = indices;
    this.values = values;
    this.shape = shape;
    this.isCoalesced = isCoalesced;
  }
}
