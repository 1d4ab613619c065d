import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

describe("makeFolder", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "anneal-folder-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("makes a folder and those around it, by whoever is quickest", async () => {
    const path = join(folder, "a", "b", "c");
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, "a"))]);
    expect(statSync(path).isDirectory()).toBe(true);
    await makeFolder(path);
  });

  it("ends where there can be none", async () => {
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    writeFileSync(join(folder, "file"), "");
    await expect(makeFolder(join(folder, "link", "a"))).rejects.toThrow("ENOENT");
    await expect(makeFolder(join(folder, "file", "a", "b"))).rejects.toThrow("ENOTDIR");
  });
});
