import { directoryStore } from "../stores/directory-store.ts";
import type { Store } from "../stores/store.ts";
import { refuseUnknownOptions } from "../unknown-option.ts";
import { hasSignals, type Signal } from "./signals.ts";

/** Which checkpoint is the best. */
export interface KeepBest {
  /** The name of a number among what is saved: `accuracy` for `step({ model, accuracy })`. */
  readonly metric: string;
  /** Is the smallest or the largest number the best? @defaultValue "min" */
  readonly mode?: "min" | "max";
}

export interface CheckpointManagerOptions {
  /** The folder that they are in; made when the first is saved. Give it or a `store`. */
  readonly directory?: string;
  /** The store that they are in. */
  readonly store?: Store;
  /**
   * How many of the newest are kept; Infinity keeps all. With two, a damaged one costs no more than the way from the one before it.
   * @defaultValue 2
   */
  readonly keepLast?: number;
  /** Keep the best one too, however old. Not given: none. */
  readonly keepBest?: KeepBest;
  /** `step` saves when `epoch` has grown by so many since it last saved. @defaultValue 1, if there is no everyMinutes */
  readonly everyEpochs?: number;
  /** `step` saves when so many minutes have passed since it last saved. Not given: it does not look at the time. */
  readonly everyMinutes?: number;
  /**
   * Write while training goes on: `save` and `step` resolve as soon as everything is copied, which takes as much memory again as what is
   * saved. With `false` they resolve when it is on the disk, and copy nothing.
   * @defaultValue true
   */
  readonly background?: boolean;
  /**
   * Signals of the process at which the next `step` saves and ends the process, as the signal would have; a second one ends it at once.
   * @defaultValue []
   */
  readonly onSignal?: readonly Signal[];
}

/** The options with their defaults. */
export interface CheckpointManagerSettings {
  readonly store: Store;
  readonly keepLast: number;
  readonly keepBest: Required<KeepBest> | undefined;
  readonly everyEpochs: number | undefined;
  readonly everyMinutes: number | undefined;
  readonly background: boolean;
  readonly onSignal: readonly Signal[];
}

const names = ["directory", "store", "keepLast", "keepBest", "everyEpochs", "everyMinutes", "background", "onSignal"];

/** @throws {TypeError | RangeError} if an option is not what it must be */
export function settingsOf(options: CheckpointManagerOptions): CheckpointManagerSettings {
  refuseUnknownOptions("CheckpointManager", options, names);
  const { directory, store, keepLast = 2, keepBest, everyMinutes, background = true, onSignal = [] } = options;
  const { everyEpochs = everyMinutes === undefined ? 1 : undefined } = options;
  must((directory === undefined) !== (store === undefined), "give a directory or a store, and not both");
  must(
    keepLast === Number.POSITIVE_INFINITY || isCount(keepLast),
    `keepLast must be a whole number from 1 on, or Infinity, got ${keepLast}`,
  );
  must(
    everyEpochs === undefined || isCount(everyEpochs),
    `everyEpochs must be a whole number of epochs from 1 on, got ${everyEpochs}`,
  );
  must(
    everyMinutes === undefined || everyMinutes > 0,
    `everyMinutes must be a number of minutes above 0, got ${everyMinutes}`,
  );
  must(
    onSignal.length === 0 || hasSignals(),
    "onSignal needs a process that gets signals, as in Node. Leave it out here",
  );
  return {
    store: store ?? directoryStore(directory ?? ""),
    keepLast,
    keepBest: keepBest && checkedKeepBest(keepBest),
    everyEpochs,
    everyMinutes,
    background,
    onSignal,
  };
}

function checkedKeepBest(keepBest: KeepBest): Required<KeepBest> {
  refuseUnknownOptions("CheckpointManager: keepBest", keepBest, ["metric", "mode"]);
  const { metric, mode = "min" } = keepBest;
  must(
    typeof metric === "string" && metric !== "",
    `keepBest.metric must be the name of a number that is saved, got ${JSON.stringify(metric)}`,
  );
  must(mode === "min" || mode === "max", `keepBest.mode must be "min" or "max", got ${JSON.stringify(mode)}`);
  return { metric, mode };
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

function must(holds: boolean, message: string): void {
  if (!holds) throw new RangeError(`CheckpointManager: ${message}.`);
}
