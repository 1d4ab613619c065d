/** Memory that views look at; written in place. */
type Memory = Float32Array;

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Every point of a shape, in row-major order. */
function points(shape: readonly number[]): number[][] {
  let list: number[][] = [[]];
  for (const size of shape) list = list.flatMap((point) => Array.from({ length: size }, (_, i) => [...point, i]));
  return list;
}

const placeOf = (point: readonly number[], shape: readonly number[]): number =>
  point.reduce((place, index, d) => place * (shape[d] as number) + index, 0);

/**
 * What a float32 tensor should be, in the plainest way: a list of the addresses of its elements, everything computed at once, one op after
 * the other.
 */
export class Model {
  readonly memory: Memory;
  readonly shape: readonly number[];
  readonly addresses: readonly number[];

  constructor(memory: Memory, shape: readonly number[], addresses: readonly number[]) {
    this.memory = memory;
    this.shape = shape;
    this.addresses = addresses;
  }

  static of(numbers: readonly number[], shape: readonly number[]): Model {
    return new Model(Float32Array.from(numbers), shape, [...numbers.keys()]);
  }

  get numbers(): number[] {
    return this.addresses.map((address) => this.memory[address] as number);
  }

  // --- views: the same memory ------------------------------------------------------------------------------------------------------

  /** The element at each point of `shape` is that at `from(point)` here. */
  #look(shape: readonly number[], from: (point: readonly number[]) => readonly number[]): Model {
    const addresses = points(shape).map((point) => this.addresses[placeOf(from(point), this.shape)] as number);
    return new Model(this.memory, shape, addresses);
  }

  permute(dims: readonly number[]): Model {
    const shape = dims.map((d) => this.shape[d] as number);
    return this.#look(shape, (point) => this.shape.map((_, d) => point[dims.indexOf(d)] as number));
  }

  flip(dim: number): Model {
    return this.#look(this.shape, (point) => point.map((i, d) => (d === dim ? (this.shape[d] as number) - 1 - i : i)));
  }

  slice(dim: number, start: number, length: number, step: number): Model {
    const shape = this.shape.map((size, d) => (d === dim ? length : size));
    return this.#look(shape, (point) => point.map((i, d) => (d === dim ? start + i * step : i)));
  }

  expand(shape: readonly number[]): Model {
    const added = shape.length - this.shape.length;
    return this.#look(shape, (point) => this.shape.map((size, d) => (size === 1 ? 0 : (point[d + added] as number))));
  }

  /** In the same memory; see {@link clone} for when it is not. */
  reshape(shape: readonly number[]): Model {
    return new Model(this.memory, shape, this.addresses);
  }

  // --- new numbers -----------------------------------------------------------------------------------------------------------------

  clone(): Model {
    return Model.of(this.numbers, this.shape);
  }

  map(fn: (x: number) => number): Model {
    return Model.of(this.numbers.map(fn), this.shape);
  }

  zip(other: Model, fn: (x: number, y: number) => number): Model {
    const rank = Math.max(this.shape.length, other.shape.length);
    const shape = Array.from({ length: rank }, (_, d) =>
      Math.max(this.shape[d - rank + this.shape.length] ?? 1, other.shape[d - rank + other.shape.length] ?? 1),
    );
    const [a, b] = [this.expand(shape).numbers, other.expand(shape).numbers];
    return Model.of(
      a.map((x, i) => fn(x, b[i] as number)),
      shape,
    );
  }

  sum(dim: number): Model {
    const shape = this.shape.filter((_, d) => d !== dim);
    const sums = new Float64Array(count(shape));
    const numbers = this.numbers;
    for (const point of points(this.shape)) {
      const at = placeOf(
        point.filter((_, d) => d !== dim),
        shape,
      );
      sums[at] = (sums[at] as number) + (numbers[placeOf(point, this.shape)] as number);
    }
    return Model.of([...sums], shape);
  }

  pad(dim: number, before: number, after: number): Model {
    const shape = this.shape.map((size, d) => (d === dim ? size + before + after : size));
    const numbers = this.numbers;
    const padded = points(shape).map((point) => {
      const at = (point[dim] as number) - before;
      if (at < 0 || at >= (this.shape[dim] as number)) return 0;
      return numbers[
        placeOf(
          point.map((i, d) => (d === dim ? at : i)),
          this.shape,
        )
      ] as number;
    });
    return Model.of(padded, shape);
  }

  /** `index` picks along dimension 0. */
  take(index: readonly number[]): Model {
    const shape = [index.length, ...this.shape.slice(1)];
    return this.#look(shape, ([i, ...rest]) => [index[i as number] as number, ...rest]).clone();
  }

  // --- in place --------------------------------------------------------------------------------------------------------------------

  /** Everybody who looks at this memory sees the numbers of `source`, which broadcasts. */
  write(source: Model): void {
    const numbers = source.expand(this.shape).numbers;
    this.addresses.forEach((address, i) => {
      this.memory[address] = numbers[i] as number;
    });
  }
}
