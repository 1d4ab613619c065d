import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeValue } from "../../test/describe-value.ts";
import { encodePt, loadPt } from "../index.ts";

// Expected values: reference/generate_pt.py, torch 2.13. Bytes are compared, so there is no tolerance.
const reference = join(import.meta.dirname, "../../reference");
const { files } = JSON.parse(readFileSync(join(reference, "pt.json"), "utf8")) as { files: Record<string, unknown> };

describe("loadPt", () => {
  it.each(Object.keys(files))("gives what PyTorch gives for %s", async (file) => {
    expect(describeValue(await loadPt(join(reference, "pt", file)))).toEqual(files[file]);
  });

  it.each(Object.keys(files))("gives the same again when %s is saved by savePt", async (file) => {
    const loaded = await loadPt(join(reference, "pt", file));
    expect(describeValue(await loadPt(await encodePt(loaded)))).toEqual(files[file]);
  });
});
