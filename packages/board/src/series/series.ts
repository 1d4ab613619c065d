/**
 * What a run has of one tag: steps, times and numbers in columns, ordered by step.
 *
 * As in TensorBoard's data server, a step that is not above the last one says that the training went back there: what is at that step and
 * later goes.
 */
export class Series {
  /** Changes with every change. */
  revision = 0;
  #length = 0;
  #columns: Float64Array<ArrayBuffer>[];

  /** @param width - numbers per point, beside step and time */
  constructor(width: number) {
    this.#columns = Array.from({ length: width + 2 }, () => new Float64Array(8));
  }

  get length(): number {
    return this.#length;
  }

  get steps(): Float64Array {
    return this.#column(0);
  }

  /** Seconds since 1970. */
  get wallTimes(): Float64Array {
    return this.#column(1);
  }

  /** The k-th number of every point. */
  numbers(k: number): Float64Array {
    return this.#column(k + 2);
  }

  /** @returns by how much the series is longer now */
  add(step: number, wallTime: number, ...numbers: readonly number[]): number {
    const before = this.#length;
    if (before > 0 && !(step > (this.#columns[0]?.[before - 1] ?? 0))) this.#length = this.indexAt(step);
    const at = this.#length;
    if (at === this.#columns[0]?.length) this.#resize(at + (at >> 2) + 8);
    const columns = this.#columns;
    for (let k = 0; k < columns.length; k += 1) {
      const column = columns[k];
      if (column !== undefined) column[at] = k === 0 ? step : k === 1 ? wallTime : (numbers[k - 2] ?? Number.NaN);
    }
    this.#length = at + 1;
    this.revision += 1;
    return this.#length - before;
  }

  /** The first index whose step is not below `step`. */
  indexAt(step: number): number {
    const steps = this.steps;
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((steps[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Keeps the points at these indices, which ascend. */
  keep(indices: Uint32Array): void {
    for (const column of this.#columns) {
      for (let k = 0; k < indices.length; k += 1) column[k] = column[indices[k] ?? 0] ?? 0;
    }
    this.#length = indices.length;
    this.#resize(indices.length + 8);
    this.revision += 1;
  }

  #column(k: number): Float64Array {
    return (this.#columns[k] ?? new Float64Array(0)).subarray(0, this.#length);
  }

  #resize(capacity: number): void {
    this.#columns = this.#columns.map((column) => {
      const larger = new Float64Array(capacity);
      larger.set(column.subarray(0, this.#length));
      return larger;
    });
  }
}
