import type { PickledValue } from "../pt/pickle-value.ts";
import type { SnapshotMemory } from "./snapshot-memory.ts";

/**
 * The same with numbers that stay as they are at this moment, whatever happens to the tensors: they are copied, or where they have to be waited
 * for, asked for, before this function returns its promise. What a tensor gives by a promise must be a copy already.
 *
 * @param memory - where the copies lie until its `release()`
 */
export async function snapshotOf({ pickle, storages }: PickledValue, memory: SnapshotMemory): Promise<PickledValue> {
  const copies = storages.map((storage) => {
    if (storage.readInto) {
      const copy = memory.take(storage.byteLength);
      if (storage.readInto(copy)) return copy;
      memory.giveBack(copy);
    }
    const bytes = storage.read();
    if (bytes instanceof Promise) return bytes;
    const copy = memory.take(bytes.length);
    copy.set(bytes);
    return copy;
  });
  const numbers = await Promise.all(copies);
  return {
    pickle,
    storages: storages.map((storage, i) => ({ ...storage, read: () => numbers[i] ?? storage.read() })),
  };
}
