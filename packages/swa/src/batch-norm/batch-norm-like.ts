import { type Averageable, isAverageable } from "../averageable.ts";

/** A batch-norm, told by what it has. Those of `@anneal/nn` are such. */
export interface BatchNormLike {
  /** Share of a new batch in the running statistics, 0 to 1; null for the plain mean over all batches. */
  momentum: number | null;
  /** Running mean of each channel, [C]. */
  readonly runningMean: Averageable;
  /** Running variance of each channel, with correction, [C]. */
  readonly runningVar: Averageable;
  /** Batches they have seen. */
  readonly numBatchesTracked?: Averageable | null;
  /** Mean 0, variance 1, no batch seen. */
  resetRunningStats(): void;
  /** Call `hook` after each of its calls. For `exact`. */
  registerForwardHook?(hook: (module: unknown, inputs: readonly unknown[]) => void): { remove(): void };
}

/** A model with batch-norms inside. */
export interface NormalizedModel {
  /** The model itself and all inside it, batch-norms among them; what has a `training` of its own gets it back. */
  modules(): Iterable<object>;
  forward(...inputs: never[]): unknown;
}

/** Batch-norms that keep running statistics. */
export function isBatchNorm(module: object): module is BatchNormLike {
  const { momentum, runningMean, runningVar, resetRunningStats } = module as Partial<BatchNormLike>;
  return (
    momentum !== undefined &&
    isAverageable(runningMean) &&
    isAverageable(runningVar) &&
    typeof resetRunningStats === "function"
  );
}

/** Buffers that a forward in training changes. */
export const statisticsOf = ({ runningMean, runningVar, numBatchesTracked }: BatchNormLike): Averageable[] => [
  runningMean,
  runningVar,
  ...(numBatchesTracked ? [numBatchesTracked] : []),
];
