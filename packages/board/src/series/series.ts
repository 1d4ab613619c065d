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
  #steps = new Float64Array(8);
  #wallTimes = new Float64Array(8);
  #numbers: Float64Array[];

  /** @param width - numbers per point, beside step and time */
  constructor(width: number) {
    this.#numbers = Array.from({ length: width }, () => new Float64Array(8));
  }

  get length(): number {
    return this.#length;
  }

  get steps(): Float64Array {
    return this.#steps.subarray(0, this.#length);
  }

  /** Seconds since 1970. */
  get wallTimes(): Float64Array {
    return this.#wallTimes.subarray(0, this.#length);
  }

  /** The k-th number of every point. */
  numbers(k: number): Float64Array {
    return (this.#numbers[k] ?? new Float64Array(0)).subarray(0, this.#length);
  }

  /** @returns by how much the series is longer now */
  add(step: number, wallTime: number, ...numbers: readonly number[]): number {
    const before = this.#length;
    if (before > 0 && !(step > (this.#steps[before - 1] ?? 0))) this.#length = this.indexAt(step);
    const at = this.#length;
    if (at === this.#steps.length) this.#resize(at + (at >> 2) + 8);
    this.#steps[at] = step;
    this.#wallTimes[at] = wallTime;
    for (let k = 0; k < this.#numbers.length; k += 1) {
      const column = this.#numbers[k];
      if (column !== undefined) column[at] = numbers[k] ?? Number.NaN;
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
    for (const column of [this.#steps, this.#wallTimes, ...this.#numbers]) {
      for (let k = 0; k < indices.length; k += 1) column[k] = column[indices[k] ?? 0] ?? 0;
    }
    this.#length = indices.length;
    this.#resize(indices.length + 8);
    this.revision += 1;
  }

  #resize(capacity: number): void {
    const resized = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(capacity);
      larger.set(column.subarray(0, this.#length));
      return larger;
    };
    this.#steps = resized(this.#steps);
    this.#wallTimes = resized(this.#wallTimes);
    this.#numbers = this.#numbers.map(resized);
  }
}
