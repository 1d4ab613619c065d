import { pickleValue } from "../pt/pickle-value.ts";
import { savePt, writePickled } from "../pt/save-pt.ts";
import { type CheckpointTarget, isStoredFile } from "./checkpoint-place.ts";
import { statesIn } from "./stateful.ts";

/**
 * What a training is made of, under names of your own: parts with `stateDict()` (models, optimizers, schedulers, averages, data loaders) or
 * `getState()` (generators), alone, in lists or in plain objects; and data that `savePt` takes (numbers, texts, arrays, tensors).
 */
export type TrainingState = Readonly<Record<string, unknown>>;

/**
 * Save a training in one file that `torch.load` opens: a dict with the state of each part under its name.
 *
 * Wait for it before training goes on: what is saved is read while it is written. `CheckpointManager` saves while training goes on.
 *
 * @param target - a path, `{ store, name }`, or whatever takes bytes. The file is replaced whole or not at all
 * @param state - all that continues the training. The random numbers of `@anneal/tensor` are `generator: defaultGenerator()`. What is undefined
 * is left out
 * @throws {CheckpointError} if something has no place in a file, which is named by its path, or the file cannot be written
 * @example
 * const weights = { shape: [2], data: Float32Array.of(1, 2) };
 * const model = { stateDict: () => ({ weights }), loadStateDict: () => {} };
 * const place = { store: memoryStore(), name: "last.pt" }; // or a path: "runs/last.pt"
 * await saveCheckpoint(place, { model, epoch: 3, note: "before the rate falls" });
 * await loadCheckpoint(place, { model }); // => { epoch: 3, note: "before the rate falls" }
 * @see {@link https://docs.pytorch.org/tutorials/recipes/recipes/saving_and_loading_a_general_checkpoint.html}
 */
export async function saveCheckpoint(target: CheckpointTarget, state: TrainingState): Promise<void> {
  const states = statesIn(state);
  if (!isStoredFile(target)) return savePt(states, target);
  const { store, name } = target;
  const pickled = pickleValue(states, `${store.name}/${name}`);
  await store.write(name, (sink) => writePickled(pickled, sink));
}
