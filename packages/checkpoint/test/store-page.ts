// Runs in a page: the cases of the stores that only browsers have.
import { downloadStore } from "../src/stores/download-store.ts";
import { indexedDBStore } from "../src/stores/indexed-db-store.ts";
import { opfsStore } from "../src/stores/opfs-store.ts";
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
  opfsStore,
  indexedDBStore,
  downloadStore,
};
