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

/** Where a loader is: which order comes next. */
export interface DataLoaderState {
  seed: number;
  epoch: number;
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
  #epoch = 0;

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
    const order = this.#nextOrder();
    for (let batch = 0; batch < length; batch++) {
      const scope = openScope();
      try {
        yield dataset.batch(order.slice(batch * batchSize, (batch + 1) * batchSize));
      } finally {
        scope.close();
      }
    }
  }

  /** Two integers, from which the next epochs' orders follow. */
  stateDict(): DataLoaderState {
    return { seed: this.#seed, epoch: this.#epoch };
  }

  /** Go on with the orders of a saved state. */
  loadStateDict({ seed, epoch }: DataLoaderState): void {
    checkSeed("DataLoader.loadStateDict", seed);
    if (!(Number.isSafeInteger(epoch) && epoch >= 0)) {
      throw new RangeError(`DataLoader.loadStateDict: epoch must be a whole number from 0 up, got ${epoch}.`);
    }
    this.#seed = seed;
    this.#epoch = epoch;
  }

  #nextOrder(): Int32Array {
    const epoch = this.#epoch++;
    const count = this.dataset.length;
    return this.shuffle
      ? permutation(count, { seed: this.#seed, epoch })
      : Int32Array.from({ length: count }, (_, i) => i);
  }
}
