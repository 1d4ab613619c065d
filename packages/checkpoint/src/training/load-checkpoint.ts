import { openSource } from "../bytes/open-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { loadPt } from "../pt/load-pt.ts";
import { type CheckpointSource, isStoredFile } from "./checkpoint-place.ts";
import { isPlain } from "./is-plain.ts";
import { restoreParts } from "./restore-parts.ts";
import { partsIn } from "./stateful.ts";

/** The parts of a training to restore, under the names that they were saved under; alone, in lists or in plain objects. */
export type PartsToRestore = Readonly<Record<string, unknown>>;

/**
 * Restore a training from a file of `saveCheckpoint`, or of `torch.save`.
 *
 * Everything is restored or nothing: where a part is missing or does not fit, those that were restored before it are put back, and one error
 * lists all that is wrong. Optimizers come after schedulers, as PyTorch advises, and generators last, whatever the order they are given in.
 *
 * @param source - a path, `{ store, name }`, a URL, a `Blob` or `File`, bytes
 * @param parts - what has `loadStateDict()` or `setState()`
 * @returns everything else that was saved, by name: the epoch, say
 * @throws {CheckpointError} if the file cannot be read, is damaged, lacks a part, or holds what does not fit
 * @throws {TypeError} if `parts` has something that cannot be restored
 * @example
 * const rates = { lr: 0.1 };
 * const settings = { stateDict: () => ({ ...rates }), loadStateDict: (saved: object) => Object.assign(rates, saved) };
 * const place = { store: memoryStore(), name: "settings.pt" };
 * await saveCheckpoint(place, { settings, epoch: 2 });
 * rates.lr = 0;
 * const { epoch } = await loadCheckpoint(place, { settings });
 * [epoch, rates.lr]; // => [2, 0.1]
 */
export async function loadCheckpoint(
  source: CheckpointSource,
  parts: PartsToRestore = {},
): Promise<Record<string, unknown>> {
  const placed = partsIn("loadCheckpoint", parts);
  return restoreParts(await readCheckpoint(source), placed);
}

/** What a file holds, by name. */
export interface ReadCheckpoint {
  /** What messages call the file. */
  readonly file: string;
  readonly saved: ReadonlyMap<string, unknown>;
}

/**
 * Read a checkpoint, all of it.
 *
 * @throws {CheckpointError} if it cannot be read, is damaged, or is no checkpoint
 */
export async function readCheckpoint(source: CheckpointSource): Promise<ReadCheckpoint> {
  const bytes = await (isStoredFile(source) ? source.store.open(source.name) : openSource(source));
  try {
    return { file: bytes.name, saved: entriesOf(bytes.name, await loadPt(bytes)) };
  } finally {
    await bytes.close();
  }
}

function entriesOf(file: string, value: unknown): Map<string, unknown> {
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [String(key), each]));
  if (isPlain(value)) return new Map(Object.entries(value));
  const what = Array.isArray(value)
    ? "a list"
    : value === null
      ? "None"
      : `a ${value?.constructor?.name ?? typeof value}`;
  throw new CheckpointError(file, `holds ${what}, not the parts of a training by name`, "Read it with loadPt.");
}
