import type { AverageableTensor } from "../src/index.ts";

type Saved = { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

/** The least that can be averaged: a tensor of no library. Counts those not disposed of, and writes that a graph would have recorded. */
export class PlainTensor implements AverageableTensor {
  static live = 0;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly device: string;
  readonly values: Float64Array;
  readonly #hasGraph: boolean;
  #disposed = false;

  constructor(
    shape: readonly number[],
    values: Float64Array,
    {
      dtype = "float64",
      device = "here",
      hasGraph = true,
    }: { dtype?: string; device?: string; hasGraph?: boolean } = {},
  ) {
    this.shape = shape;
    this.values = values;
    this.dtype = dtype;
    this.device = device;
    this.#hasGraph = hasGraph;
    PlainTensor.live++;
  }

  detach(): PlainTensor {
    return this.#with(this.values);
  }

  zeros(): PlainTensor {
    return this.#with(new Float64Array(this.values.length));
  }

  copy_(source: PlainTensor): void {
    this.#write(source.values);
  }

  lerp_(end: PlainTensor, weight: number): void {
    if (end.dtype !== this.dtype || end.device !== this.device || !this.dtype.startsWith("float")) {
      throw new TypeError("lerp_ wants floats of one dtype on one device");
    }
    this.#write(this.values.map((value, i) => value + weight * ((end.values[i] ?? 0) - value)));
  }

  dispose(): void {
    if (!this.#disposed) PlainTensor.live--;
    this.#disposed = true;
  }

  loadState(saved: unknown): PlainTensor {
    return this.#with(
      saved instanceof PlainTensor ? saved.values.slice() : Float64Array.from((saved as Saved).data, Number),
    );
  }

  async data(): Promise<Float64Array> {
    return this.values.slice();
  }

  #with(values: Float64Array): PlainTensor {
    return new PlainTensor(this.shape, values, { dtype: this.dtype, device: this.device, hasGraph: false });
  }

  #write(values: Float64Array): void {
    if (this.#hasGraph) throw new Error("this change would be recorded: detach() first");
    this.values.set(this.dtype.startsWith("float") ? values : values.map(Math.trunc));
  }
}
