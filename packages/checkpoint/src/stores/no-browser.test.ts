import { expect, it } from "vitest";
import { downloadStore } from "./download-store.ts";
import { indexedDBStore } from "./indexed-db-store.ts";
import { opfsStore } from "./opfs-store.ts";

it("the stores of browsers say where they are not, and what to use there", () => {
  expect(() => opfsStore()).toThrowErrorMatchingInlineSnapshot(
    `[Error: opfsStore: there is no private file system here. It takes a current browser and a page from https or localhost; use indexedDBStore or memoryStore elsewhere.]`,
  );
  expect(() => indexedDBStore()).toThrowErrorMatchingInlineSnapshot(
    `[Error: indexedDBStore: there is no IndexedDB here. Use directoryStore in Node, memoryStore elsewhere.]`,
  );
  expect(() => downloadStore()).toThrowErrorMatchingInlineSnapshot(
    `[Error: downloadStore: there is no page here. Use directoryStore in Node, memoryStore elsewhere.]`,
  );
});
