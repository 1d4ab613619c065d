// Runs in a page: the cases of the stores that only browsers have, and a training that is saved there.
import { downloadStore } from "../src/stores/download-store.ts";
import { indexedDBStore } from "../src/stores/indexed-db-store.ts";
import { opfsStore } from "../src/stores/opfs-store.ts";
import { CheckpointManager } from "../src/training/checkpoint-manager.ts";
import { plainPart } from "./plain-part.ts";
import { storeCases } from "./store-cases.ts";

const makers = {
  opfs: opfsStore,
  indexedDB: indexedDBStore,
  downloads: () => downloadStore(),
};

/** What the page offers to the test. */
export interface StorePage {
  /** Run a case on a store of its own. @returns null, or what went wrong */
  runCase(store: keyof typeof makers, title: string): Promise<string | null>;
  /** Save a training twice and restore it with the next manager. @returns what was restored */
  resume(store: keyof typeof makers): Promise<{ numbers: number[]; rest: unknown; names: string[] }>;
  opfsStore: typeof opfsStore;
  indexedDBStore: typeof indexedDBStore;
  downloadStore: typeof downloadStore;
}

declare global {
  var storePage: StorePage;
}

globalThis.storePage = {
  async runCase(store, title) {
    const found = storeCases.find((each) => each.title === title);
    try {
      await found?.run(makers[store](crypto.randomUUID()));
      return found ? null : "there is no such case";
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  },
  async resume(kind) {
    const store = makers[kind](crypto.randomUUID());
    const manager = new CheckpointManager({ store, keepBest: { metric: "loss" } });
    const part = plainPart(1, 2, 3);
    for (const loss of [0.25, 1, 2, 3]) {
      part.numbers.fill(loss);
      await manager.save({ part, loss });
    }
    await manager.close();
    const fresh = plainPart(0, 0, 0);
    const rest = await new CheckpointManager({ store }).resume({ part: fresh });
    return { numbers: [...fresh.numbers], rest: { ...rest }, names: await store.list() };
  },
  opfsStore,
  indexedDBStore,
  downloadStore,
};
