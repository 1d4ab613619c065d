// Where there is no browser: IndexedDB as fake-indexeddb has it. browser-stores.test.ts runs the same in a real one.
import "fake-indexeddb/auto";
import { testStore } from "../../test/store-suite.ts";
import { indexedDBStore } from "./indexed-db-store.ts";

testStore("a store in IndexedDB", () => indexedDBStore(crypto.randomUUID()));
