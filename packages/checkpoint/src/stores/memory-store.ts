import { bytesSource } from "../bytes/bytes-source.ts";
import { MemorySink } from "../bytes/memory-sink.ts";
import { checkFileName, noSuchFile } from "./file-name.ts";
import type { Store } from "./store.ts";

/**
 * Files in memory, gone with it: for tests, and to take a model back to what it was.
 *
 * @example
 * const store = memoryStore();
 * await saveCheckpoint({ store, name: "before.pt" }, { weights: Float32Array.of(1, 2), epoch: 3 });
 * await store.list(); // => ["before.pt"]
 */
export function memoryStore(name = "memory"): Store {
  const files = new Map<string, Uint8Array>();
  const list = (): string[] => [...files.keys()].sort();
  return {
    name,
    list: async () => list(),
    async open(file) {
      checkFileName(name, file);
      const bytes = files.get(file);
      if (!bytes) throw noSuchFile(name, file, list());
      return bytesSource(bytes, `${name}/${file}`);
    },
    async write(file, write) {
      checkFileName(name, file);
      const sink = new MemorySink();
      await write(sink);
      files.set(file, sink.bytes());
    },
    async remove(file) {
      checkFileName(name, file);
      files.delete(file);
    },
  };
}
