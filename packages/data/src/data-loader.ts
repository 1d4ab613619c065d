import { openScope } from "@anneal/tensor";
import type { Dataset } from "./dataset.ts";
import { checkSeed, permutation } from "./random/permutation.ts";

export interface DataLoaderOptions {
  /**
   * Samples in a batch.
   * @defaultValue 1
   */
  batchSize?: number;
  /**
   * Take the samples in a new random order each time.
   * @defaultValue false
   */
  shuffle?: boolean;
  /**
   * Where the orders come from: the same seed gives the same orders on every machine.
   * @defaultValue 0
   */
  seed?: number;
  /**
   * Leave out the last batch where it is smaller than the others.
   * @defaultValue false
   */
  dropLast?: boolean;
}

/** Where a loader is. */
export interface DataLoaderState {
  seed: number;
  /** Which order it is in, or comes next: how many loops were begun before it. */
  epoch: number;
  /** How many batches of that order were given. Missing in states of before it was saved: none. */
  batch?: number;
}

/**
 * The batches of a data set, in order or shuffled anew for each epoch.
 *
 * Each batch has a memory scope of its own: what the body of the loop makes is freed when the next batch comes, or the loop ends, breaks or
 * throws. `keep(tensor)` what shall live on. Loops may be nested, but two loaders must not be read in turns.
 *
 * @throws {RangeError} if `batchSize` is not a whole number above 0, or `seed` not one from 0 to 2^53 - 1
 * @example
 * const dataset = new TensorDataset(tensor([1, 2, 3, 4, 5]));
 * const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true, seed: 1 });
 * loader.length; // => 3
 * for (const [x] of loader) console.log(x.shape); // [2], [2], [1]
 * @see {@link https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader}
 */
export class DataLoader<Batch> implements Iterable<Batch> {
  readonly dataset: Dataset<Batch>;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  #seed: number;
  /** The next loop's. */
  #epoch = 0;
  /** How many batches the next loop leaves out: they were given before the state was saved. */
  #skip = 0;
  /** Where the loop is that began last; null between loops. */
  #position: { readonly epoch: number; batch: number } | null = null;

  constructor(
    dataset: Dataset<Batch>,
    { batchSize = 1, shuffle = false, seed = 0, dropLast = false }: DataLoaderOptions = {},
  ) {
    if (!(Number.isInteger(batchSize) && batchSize > 0)) {
      throw new RangeError(`DataLoader: batchSize must be a whole number of samples above 0, got ${batchSize}.`);
    }
    checkSeed("DataLoader", seed);
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.dropLast = dropLast;
    this.#seed = seed;
  }

  /** Number of batches in an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Generator<Batch, void, undefined> {
    const { dataset, batchSize, length } = this;
    const position = { epoch: this.#epoch++, batch: this.#skip };
    this.#skip = 0;
    this.#position = position;
    const order = this.#orderOf(position.epoch);
    try {
      while (position.batch < length) {
        const scope = openScope();
        try {
          const start = batchSize * position.batch++;
          yield dataset.batch(order.slice(start, start + batchSize));
        } finally {
          scope.close();
        }
      }
    } finally {
      // What was broken off is over too; but another loop may have begun meanwhile, or a state been loaded.
      if (this.#position === position) this.#position = null;
    }
  }

  /**
   * Three integers, from which everything that is still to come follows. Saved inside a loop it tells which batch was given last, so that a
   * resumed run goes on with the one after it; between loops, that the next loop begins a new order.
   */
  stateDict(): Required<DataLoaderState> {
    const { epoch, batch } = this.#position ?? { epoch: this.#epoch, batch: this.#skip };
    return { seed: this.#seed, epoch, batch };
  }

  /**
   * Go on where a saved state was: the next loop gives the batches that were still to come in its order.
   *
   * @throws {RangeError} if the state is not one of a loader like this
   */
  loadStateDict({ seed, epoch, batch = 0 }: DataLoaderState): void {
    checkSeed("DataLoader.loadStateDict", seed);
    checkCount("epoch", epoch);
    checkCount("batch", batch);
    if (batch > this.length) {
      throw new RangeError(
        `DataLoader.loadStateDict: batch is ${batch}, and an epoch has ${this.length} batches. ` +
          "Build the loader with the data set and the batchSize it was saved with.",
      );
    }
    this.#seed = seed;
    this.#epoch = epoch;
    this.#skip = batch;
    this.#position = null;
  }

  #orderOf(epoch: number): Int32Array {
    const count = this.dataset.length;
    return this.shuffle
      ? permutation(count, { seed: this.#seed, epoch })
      : Int32Array.from({ length: count }, (_, i) => i);
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`DataLoader.loadStateDict: ${name} must be a whole number from 0 up, got ${value}.`);
}
