/** [N, C] or [N, C, ...], row-major. */
export interface Batch {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type Hook = (module: unknown, inputs: readonly unknown[]) => void;

/** Batch normalization of no library, that only learns its statistics. */
export class PlainBatchNorm {
  training = true;
  momentum: number | null;
  readonly runningMean: Float64Array;
  readonly runningVar: Float64Array;
  readonly numBatchesTracked = new Int32Array(1);
  readonly #hooks = new Set<Hook>();

  constructor(channels: number, momentum: number | null = 0.1) {
    this.momentum = momentum;
    this.runningMean = new Float64Array(channels);
    this.runningVar = new Float64Array(channels).fill(1);
  }

  resetRunningStats(): void {
    this.runningMean.fill(0);
    this.runningVar.fill(1);
    this.numBatchesTracked.fill(0);
  }

  registerForwardHook(hook: Hook): { remove(): void } {
    this.#hooks.add(hook);
    return { remove: () => void this.#hooks.delete(hook) };
  }

  get hooks(): number {
    return this.#hooks.size;
  }

  forward(x: Batch): Batch {
    if (this.training) this.#learn(x);
    for (const hook of this.#hooks) hook(this, [x]);
    return x;
  }

  #learn({ shape, data }: Batch): void {
    this.numBatchesTracked[0] = (this.numBatchesTracked[0] ?? 0) + 1;
    const share = this.momentum ?? 1 / this.numBatchesTracked[0];
    const channels = this.runningMean.length;
    const area = shape.slice(2).reduce((product, size) => product * size, 1);
    for (let c = 0; c < channels; c++) {
      const own = data.filter((_, i) => Math.floor(i / area) % channels === c);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (own.length - 1);
      const towards = (running: Float64Array, value: number): void => {
        running[c] = (running[c] ?? 0) * (1 - share) + share * value;
      };
      towards(this.runningMean, mean);
      towards(this.runningVar, variance);
    }
  }
}
