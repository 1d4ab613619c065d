/** Something that gives batches of its samples: the least a DataLoader needs. */
export interface Dataset<Batch> {
  /** Number of samples. */
  readonly length: number;
  /** The samples at these places, as one batch. */
  batch(indices: Int32Array): Batch;
}
