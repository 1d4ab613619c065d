import { CheckpointError } from "../checkpoint-error.ts";
import { type PickledValue, pickleValue } from "../pt/pickle-value.ts";
import { writePickled } from "../pt/save-pt.ts";
import type { Store } from "../stores/store.ts";
import {
  type CheckpointManagerOptions,
  type CheckpointManagerSettings,
  settingsOf,
} from "./checkpoint-manager-options.ts";
import { type CheckpointName, checkpointsAmong, nameOfCheckpoint } from "./checkpoint-names.ts";
import type { StoredFile } from "./checkpoint-place.ts";
import { type PartsToRestore, type ReadCheckpoint, readCheckpoint } from "./load-checkpoint.ts";
import { restoreParts } from "./restore-parts.ts";
import type { TrainingState } from "./save-checkpoint.ts";
import { eventLoopTurn, SignalWatch } from "./signals.ts";
import { snapshotOf } from "./snapshot.ts";
import { SnapshotMemory } from "./snapshot-memory.ts";
import { partsIn, statesIn } from "./stateful.ts";

/** A checkpoint of a manager, for `loadCheckpoint`. */
export interface ManagedCheckpoint extends StoredFile {
  /** Counts the checkpoints: the highest is the newest. */
  readonly number: number;
  /** How good it was: the number called `keepBest.metric`, where there was one. */
  readonly metric?: number;
}

/**
 * Saves a training again and again, keeps the newest checkpoints and the best one, and goes on from there.
 *
 * A new checkpoint is on the disk before an old one is removed, and each appears whole or not at all, so that a process can be killed at
 * any moment. Files that a manager did not name stay untouched. One manager at a time may save in a folder.
 *
 * @throws {TypeError} if an option does not exist
 * @throws {RangeError} if an option is not what it must be
 * @example
 * const rates = { lr: 0.1 };
 * const settings = { stateDict: () => ({ ...rates }), loadStateDict: (saved: object) => Object.assign(rates, saved) };
 * const manager = new CheckpointManager({ store: memoryStore(), keepBest: { metric: "loss" } });
 *
 * const resumed = await manager.resume({ settings }); // null the first time
 * for (let epoch = Number(resumed?.epoch ?? 0); epoch < 5; epoch++) {
 *   const loss = (epoch - 2) ** 2; // ... train
 *   await manager.step({ settings, epoch: epoch + 1, loss });
 * }
 * await manager.close();
 * (await manager.latest())?.name; // => "checkpoint-00000005-loss=4.pt"
 * (await manager.best())?.name; // => "checkpoint-00000003-loss=0.pt"
 */
export class CheckpointManager {
  readonly store: Store;
  readonly #settings: CheckpointManagerSettings;
  readonly #memory = new SnapshotMemory();
  readonly #signals: SignalWatch;
  /** Could not be read: they stay, but do not count. */
  readonly #damaged = new Set<string>();
  /** Settles when the checkpoint that is being written is, well or badly. */
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hasCleared = false;
  /** When it last saved, or began. */
  #lastEpoch = 0;
  #lastTime = performance.now();

  constructor(options: CheckpointManagerOptions) {
    this.#settings = settingsOf(options);
    this.store = this.#settings.store;
    this.#signals = new SignalWatch(this.#settings.onSignal);
  }

  /**
   * Save if it is time: after `everyEpochs`, after `everyMinutes`, or because a signal came. Call it after each epoch, and where time or signals
   * count, after each batch too: when nothing is to be done it costs next to nothing.
   *
   * @param state - what `saveCheckpoint` takes; `epoch`, the number of epochs that are complete, and the metric of `keepBest` are among it
   * @returns did it save?
   * @throws {TypeError} if there is no `epoch` to go by
   * @throws {CheckpointError} if this checkpoint, or the one before it, could not be saved
   */
  async step(state: TrainingState): Promise<boolean> {
    if (this.#writing || this.#signals.isWatching) await eventLoopTurn();
    const { received } = this.#signals;
    if (received === undefined && !this.#isTime(state)) return false;
    await this.save(state);
    if (received !== undefined) await this.close();
    return true;
  }

  /**
   * Save now, as `saveCheckpoint` does. Waits for the checkpoint before it to be written.
   *
   * @throws {CheckpointError} if something has no place in a file; if the checkpoint before it could not be written; without `background`, if
   * this one could not
   * @throws {TypeError} if the metric of `keepBest` is there and no number
   */
  async save(state: TrainingState): Promise<void> {
    const metric = this.#metricOf(state);
    // Another save may have begun when its turn comes.
    while (this.#writing) await this.#writing;
    this.#throwFailure();
    // No waiting from here to the snapshot: everything in it is of one moment.
    const states = pickleValue(statesIn(state), this.store.name);
    const snapshot = this.#settings.background ? snapshotOf(states, this.#memory) : Promise.resolve(states);
    this.#writing = this.#write(snapshot, metric);
    if (typeof state.epoch === "number") this.#lastEpoch = state.epoch;
    this.#lastTime = performance.now();
    const isTaken = await snapshot.then(
      () => true,
      () => false,
    );
    if (!isTaken || !this.#settings.background) await this.idle();
  }

  /**
   * Wait until everything is written.
   *
   * @throws {CheckpointError} if it could not be
   */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
    this.#throwFailure();
  }

  /** Wait until everything is written, and leave signals alone from now on: one that has come already ends the process then. */
  async close(): Promise<void> {
    // One that the process has, and its listeners do not yet, would be lost.
    if (this.#signals.isWatching) await eventLoopTurn();
    this.#signals.close();
    await this.idle();
    if (this.#signals.received !== undefined) process.kill(process.pid, this.#signals.received);
  }

  /** The newest checkpoint; null if there is none. */
  async latest(): Promise<ManagedCheckpoint | null> {
    await this.idle();
    const newest = (await this.#checkpoints()).at(-1);
    return newest ? this.#managed(newest) : null;
  }

  /** The best checkpoint by the metric of `keepBest`; null if none was measured. */
  async best(): Promise<ManagedCheckpoint | null> {
    await this.idle();
    const best = this.#bestOf(await this.#checkpoints());
    return best ? this.#managed(best) : null;
  }

  /**
   * Restore a training from the newest checkpoint that is whole, as `loadCheckpoint` does. Where a newer one is damaged, a warning names both.
   *
   * @param parts - what has `loadStateDict()` or `setState()`
   * @returns everything else that was saved, by name; null if there is no checkpoint
   * @throws {CheckpointError} if all are damaged, or the newest that is whole lacks a part or does not fit
   */
  async resume(parts: PartsToRestore): Promise<Record<string, unknown> | null> {
    const placed = partsIn("CheckpointManager.resume", parts);
    await this.idle();
    const read = await this.#readNewest();
    if (!read) return null;
    const rest = await restoreParts(read, placed);
    if (typeof rest.epoch === "number") this.#lastEpoch = rest.epoch;
    this.#lastTime = performance.now();
    return rest;
  }

  #isTime({ epoch }: TrainingState): boolean {
    const { everyEpochs, everyMinutes } = this.#settings;
    if (everyMinutes !== undefined && performance.now() - this.#lastTime >= everyMinutes * 60_000) return true;
    if (everyEpochs === undefined) return false;
    if (typeof epoch !== "number") {
      throw new TypeError(
        `CheckpointManager.step: with everyEpochs it needs epoch, the number of epochs that are complete, got ${String(epoch)}. ` +
          "Call step({ model, epoch, ... }), or save.",
      );
    }
    return epoch - this.#lastEpoch >= everyEpochs;
  }

  #metricOf(state: TrainingState): CheckpointName["metric"] {
    const name = this.#settings.keepBest?.metric;
    if (name === undefined) return undefined;
    const value = state[name];
    if (value === undefined) return undefined;
    if (typeof value === "number") return { name, value };
    throw new TypeError(
      `CheckpointManager: ${name}, by which the best is kept, must be a number, and is none. Of a tensor, save await ${name}.item().`,
    );
  }

  async #write(snapshot: Promise<PickledValue>, metric: CheckpointName["metric"]): Promise<void> {
    try {
      const pickled = await snapshot;
      if (!this.#hasCleared) await this.store.removeLeftovers?.();
      this.#hasCleared = true;
      const before = checkpointsAmong(await this.store.list()).at(-1)?.number ?? 0;
      await this.store.write(nameOfCheckpoint(before + 1, metric), (sink) => writePickled(pickled, sink));
      await this.#removeOld();
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#memory.release();
      this.#writing = undefined;
    }
  }

  async #removeOld(): Promise<void> {
    const checkpoints = await this.#checkpoints();
    const kept = new Set(checkpoints.slice(-this.#settings.keepLast));
    const best = this.#bestOf(checkpoints);
    for (const each of checkpoints) if (!kept.has(each) && each !== best) await this.store.remove(each.name);
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  /** The oldest first, without those that are known to be damaged. */
  async #checkpoints(): Promise<CheckpointName[]> {
    return checkpointsAmong(await this.store.list()).filter(({ name }) => !this.#damaged.has(name));
  }

  #bestOf(checkpoints: readonly CheckpointName[]): CheckpointName | undefined {
    const { keepBest } = this.#settings;
    if (!keepBest) return undefined;
    const sign = keepBest.mode === "min" ? 1 : -1;
    const measured = checkpoints.flatMap((checkpoint) => {
      const { metric } = checkpoint;
      return metric?.name === keepBest.metric && !Number.isNaN(metric.value)
        ? [{ checkpoint, badness: sign * metric.value }]
        : [];
    });
    return measured.sort((a, b) => a.badness - b.badness)[0]?.checkpoint;
  }

  #managed({ name, number, metric }: CheckpointName): ManagedCheckpoint {
    return { store: this.store, name, number, ...(metric && { metric: metric.value }) };
  }

  async #readNewest(): Promise<ReadCheckpoint | null> {
    const problems: string[] = [];
    for (const { name } of (await this.#checkpoints()).reverse()) {
      try {
        const read = await readCheckpoint({ store: this.store, name });
        for (const problem of problems)
          console.warn(`CheckpointManager: ${problem} Going on from ${name}, the one before it.`);
        return read;
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        this.#damaged.add(name);
        problems.push(error.message);
      }
    }
    if (problems.length === 0) return null;
    throw new CheckpointError(
      this.store.name,
      `has no checkpoint that can be read:\n\t${problems.join("\n\t")}\nNothing was restored`,
      "To begin anew, move them elsewhere.",
    );
  }
}
