import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testStore } from "../../test/store-suite.ts";
import { directoryStore } from "./directory-store.ts";

let directory = "";
const make = (): void => {
  directory = mkdtempSync(join(tmpdir(), "anneal-store-"));
};
const clear = (): void => rmSync(directory, { recursive: true, force: true });

testStore(
  "a store in a folder",
  () => {
    make();
    return directoryStore(join(directory, "made", "when needed"));
  },
  clear,
);

describe("a store in a folder", () => {
  beforeEach(make);
  afterEach(clear);

  it("finds what another one wrote there, and no folders", async () => {
    await directoryStore(directory).write("a.pt", (sink) => sink.write(Uint8Array.of(1)));
    await directoryStore(join(directory, "folder")).write("b.pt", (sink) => sink.write(Uint8Array.of(1)));
    expect(await directoryStore(directory).list()).toEqual(["a.pt"]);
  });

  it("removes the temporary files of processes that are no more, and of those before it that had its number", async () => {
    // Numbers of processes end far below it.
    const [dead, own, before] = [2 ** 31 - 2, process.pid, process.pid].map((pid, i) => `a.pt.${pid}.abc${i}.tmp`);
    const other = `a.pt.${process.ppid}.abc.tmp`;
    for (const name of [dead, own, before, other, "mine.tmp", "a.pt"])
      writeFileSync(join(directory, name ?? ""), "half");
    const yesterday = Date.now() / 1000 - 86_400;
    utimesSync(join(directory, before ?? ""), yesterday, yesterday);
    const store = directoryStore(directory);
    expect(await store.list()).toEqual(["a.pt", "mine.tmp"]);
    await store.removeLeftovers?.();
    expect(readdirSync(directory).sort()).toEqual(["a.pt", own, other, "mine.tmp"].sort());
  });

  it.skipIf(process.getuid?.() === 0)(
    "of somebody else is an error that leaves it alone (skipped for root, who may)",
    async () => {
      const store = directoryStore(directory);
      await store.write("a.pt", (sink) => sink.write(Uint8Array.of(1)));
      chmodSync(directory, 0o555);
      await expect(store.write("a.pt", (sink) => sink.write(Uint8Array.of(2)))).rejects.toThrow(
        /cannot be written \(EACCES\)\. What was there before is untouched/,
      );
      await expect(store.remove("a.pt")).rejects.toThrow(/cannot be removed \(EACCES\)/);
      chmodSync(directory, 0o755);
      expect(await (await store.open("a.pt")).read(0, 1)).toEqual(Uint8Array.of(1));
    },
  );

  it("that is a file is an error", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const store = directoryStore(file);
    await expect(store.list()).rejects.toThrow(
      /file: is a file, and no folder\. Give the folder that checkpoints are in\./,
    );
    await expect(store.write("a.pt", async () => {})).rejects.toThrow(/its folder cannot be made \(EEXIST\)/);
  });
});
