import { CheckpointManager } from "@anneal/checkpoint";
import { type Epoch, UsageError } from "@anneal/examples-shared";
import type { Options } from "./options.ts";

/** What a training has come to, besides the state of its parts. */
export interface Results {
  readonly history: readonly Epoch[];
  /** What the test images were taken for after the last epoch. */
  readonly guesses: readonly number[];
}

/** The checkpoints of a training, and where it begins: at the last of them, or at the beginning. */
export interface Checkpoints {
  readonly begin: Results;
  /** Save what has come to be after an epoch. */
  save(results: Results): Promise<void>;
  /** Wait until all is written. */
  close(): Promise<void>;
}

/**
 * Open the checkpoints that the command line asks for, and restore `parts` where it says so.
 *
 * @param parts - all that a training goes on from: model, optimizer, scheduler, loader, generator
 * @throws {UsageError} if there are checkpoints and nobody said to go on from them, or they are of a training with other options
 */
export async function openCheckpoints(
  options: Options,
  parts: Readonly<Record<string, unknown>>,
): Promise<Checkpoints> {
  const { checkpoint: directory, resume } = options;
  if (directory === undefined) {
    return { begin: { history: [], guesses: [] }, save: async () => {}, close: async () => {} };
  }
  const manager = new CheckpointManager({ directory });
  const newest = await manager.latest();
  if (newest && !resume) {
    throw new UsageError(`${directory} has checkpoints. Add --resume to go on from them, or give another folder.`);
  }
  const training = optionsThatMatter(options);
  const restored = resume ? await manager.resume(parts) : null;
  if (restored) checkSameOptions(restored.options as Record<string, unknown>, training);
  const begin: Results = restored
    ? { history: restored.history as Epoch[], guesses: restored.guesses as number[] }
    : { history: [], guesses: [] };
  if (restored) console.log(`Going on after epoch ${begin.history.length}, from ${directory}.\n`);
  return {
    begin,
    save: async ({ history, guesses }) => {
      await manager.step({ ...parts, epoch: history.length, history, guesses, options: training });
    },
    close: () => manager.close(),
  };
}

/** The options on which the numbers depend. */
const optionsThatMatter = ({
  epochs,
  batchSize,
  lr,
  seed,
  mnist = null,
}: Omit<Options, "mnist"> & { mnist?: string | null }) => ({
  epochs,
  "batch-size": batchSize,
  lr,
  seed,
  mnist,
});

function checkSameOptions(saved: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(now)) {
    if (saved[name] === value) continue;
    const was = saved[name] === null ? `without --${name}` : `with --${name} ${saved[name]}`;
    throw new UsageError(
      `The training there was begun ${was}. Go on the same way, or begin another in another folder.`,
    );
  }
}
