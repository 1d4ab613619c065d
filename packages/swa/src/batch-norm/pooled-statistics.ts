import type { Averageable } from "../averageable.ts";
import { hostOf } from "../hosts/host.ts";
import type { BatchNormLike } from "./batch-norm-like.ts";

/** What one call of a batch-norm saw of each channel: so many numbers, with this mean and variance. */
interface Seen {
  readonly count: number;
  readonly mean: Averageable;
  readonly variance: Averageable;
}

/**
 * Mean and variance of all numbers that went through a batch-norm, as if they had come at once.
 *
 * Its momentum must be 1: then its running statistics are those of the latest call.
 *
 * @see {@link https://doi.org/10.1007/978-3-642-51461-6_3 | Updating formulae for sample variances, Chan, Golub & LeVeque 1982}
 */
export class PooledStatistics {
  readonly #norm: BatchNormLike;
  readonly #hook: { remove(): void };
  readonly #seen: Seen[] = [];
  readonly #mean: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array;
  #count = 0;

  /** @throws {TypeError} if the batch-norm has no hooks */
  constructor(norm: BatchNormLike) {
    if (!norm.registerForwardHook) {
      throw new TypeError(
        "updateBn: exact needs batch-norms that have registerForwardHook, to see how large their inputs are.",
      );
    }
    this.#norm = norm;
    const channels = hostOf(norm.runningMean).shapeOf(norm.runningMean)[0] ?? 0;
    this.#mean = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
    this.#hook = norm.registerForwardHook((_, [input]) => this.#see(input));
  }

  /** Copies only: on some devices numbers can be read later only. */
  #see(input: unknown): void {
    const { shape } = input as { readonly shape: readonly number[] };
    const count = shape.reduce((product, size, d) => (d === 1 ? product : product * size), 1);
    const copy = (value: Averageable): Averageable => hostOf(value).clone(value);
    if (count > 0)
      this.#seen.push({ count, mean: copy(this.#norm.runningMean), variance: copy(this.#norm.runningVar) });
  }

  /** Take in what was seen since the last time. */
  async pool(): Promise<void> {
    const read = async (value: Averageable): Promise<Float64Array> =>
      Float64Array.from(await hostOf(value).read(value), Number);
    for (const { count, mean, variance } of this.#seen)
      this.#add(count, ...(await Promise.all([read(mean), read(variance)])));
    this.#forget();
  }

  #add(count: number, mean: Float64Array, variance: Float64Array): void {
    const before = this.#count;
    const total = before + count;
    for (const [c, each] of mean.entries()) {
      const [average, squares] = [this.#mean[c] as number, this.#squares[c] as number];
      const distance = each - average;
      const within = (variance[c] as number) * (count - 1);
      this.#mean[c] = average + (distance * count) / total;
      this.#squares[c] = squares + within + (distance * distance * before * count) / total;
    }
    this.#count = total;
  }

  /** Make them the batch-norm's running statistics. */
  write(): void {
    if (this.#count === 0) return;
    write(this.#norm.runningMean, this.#mean);
    write(
      this.#norm.runningVar,
      this.#squares.map((sum) => sum / (this.#count - 1)),
    );
  }

  /** Look at the batch-norm no longer. */
  stop(): void {
    this.#hook.remove();
    this.#forget();
  }

  #forget(): void {
    for (const { mean, variance } of this.#seen.splice(0)) {
      for (const each of [mean, variance]) hostOf(each).dispose(each);
    }
  }
}

function write(target: Averageable, data: Float64Array): void {
  const host = hostOf(target);
  const loaded = host.load(target, { shape: [data.length], data }, "updateBn: running statistics");
  host.copy(target, loaded);
  host.dispose(loaded);
}
