import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeValue } from "../../test/describe-value.ts";
import { serve } from "../../test/file-server.ts";
import { encodePt, loadPt, type SavedTensor } from "../index.ts";

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

  it("reads a file of a web server by a few requests", async () => {
    const file = await encodePt(Array.from({ length: 200 }, (_, i) => new Float32Array(1000).fill(i)));
    await using server = await serve({ "many.pt": file });
    const loaded = await loadPt<SavedTensor[]>(new URL("many.pt", server.url));
    expect(loaded.map(({ data }) => data[999])).toEqual(Array.from({ length: 200 }, (_, i) => i));
    // The beginning, the directory, and once all the rest.
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  it("gives views of a file in memory, in copies where numbers cannot lie there", async () => {
    const file = await encodePt(Float32Array.of(1, 2));
    expect((await loadPt<SavedTensor>(file)).storage.bytes.buffer).toBe(file.buffer);
    const moved = new Uint8Array(file.length + 1);
    moved.set(file, 1);
    expect([...(await loadPt<SavedTensor>(moved.subarray(1))).data]).toEqual([1, 2]);
  });
});
