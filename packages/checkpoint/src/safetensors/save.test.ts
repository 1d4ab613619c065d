import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { encodeSafetensors, loadSafetensors, openSafetensors, SavedTensor, saveSafetensors } from "../index.ts";

const folder = await mkdtemp(join(tmpdir(), "anneal-save-"));
afterAll(() => rm(folder, { recursive: true }));

describe("saveSafetensors", () => {
  it("writes what encodeSafetensors gives", async () => {
    const tensors = new Map<string, Float32Array | { shape: number[]; data: number[] }>([
      ["b", Float32Array.of(1, 2, 3)],
      ["a", { shape: [2, 2], data: [1, 2, 3, 4] }],
    ]);
    const path = join(folder, "model.safetensors");
    await saveSafetensors(tensors, pathToFileURL(path));
    const loaded = await loadSafetensors(path);
    expect([...loaded.keys()]).toEqual(["a", "b"]);
    expect(loaded.get("a")).toMatchObject({ dtype: "float32", shape: [2, 2] });
    expect((await stat(path)).size).toBe((await encodeSafetensors(tensors)).length);
  });

  it("lays the largest elements first, and begins the data on a multiple of 8 bytes", async () => {
    const bytes = await encodeSafetensors({
      a: Uint8Array.of(1),
      b: Float64Array.of(2),
      c: Float32Array.of(3),
      d: Int16Array.of(4),
    });
    await using file = await openSafetensors(bytes);
    expect(file.names).toEqual(["b", "c", "d", "a"]);
    for (const name of file.names) {
      const { data } = await file.get(name);
      // A view of the bytes where they are: out of alignment it would be a copy.
      expect(data.buffer, name).toBe(bytes.buffer);
    }
  });

  it("orders names as UTF-8 does, like the reference", async () => {
    const names = ["\u{1f600}", "\ue000", "b", "a\u0000", "a", "", "10", "9"];
    const bytes = await encodeSafetensors(names.map((name) => [name, Float32Array.of(1)] as const));
    await using file = await openSafetensors(bytes);
    expect(file.names).toEqual(["", "10", "9", "a", "a\u0000", "b", "\ue000", "\u{1f600}"]);
  });

  it("tells Hugging Face's libraries whose layout it is, unless metadata are given", async () => {
    await using standard = await openSafetensors(await encodeSafetensors({}));
    expect([...standard.metadata]).toEqual([["format", "pt"]]);
    const metadata = new Map([
      ["__proto__", "a"],
      ["epoch", "3"],
    ]);
    await using own = await openSafetensors(await encodeSafetensors({}, { metadata }));
    expect([...own.metadata]).toEqual([...metadata]);
    await using none = await openSafetensors(await encodeSafetensors({}, { metadata: {} }));
    expect(none.metadata.size).toBe(0);
  });

  it("writes tied weights under both names", async () => {
    const weight = { shape: [1], data: Float32Array.of(5) };
    const loaded = await loadSafetensors(
      await encodeSafetensors({ "embedding.weight": weight, "head.weight": weight }),
    );
    expect([...loaded.values()].map(({ data }) => data[0])).toEqual([5, 5]);
  });

  it("reads one tensor at a time, and lets go of it before the next", async () => {
    const events: string[] = [];
    const tensor = (name: string) => ({
      shape: [2],
      dtype: "float32",
      async data() {
        events.push(`read ${name}`);
        return new Float32Array(2);
      },
    });
    const sink = { write: async (bytes: Uint8Array) => void events.push(`write ${bytes.length}`) };
    await saveSafetensors({ a: tensor("a"), b: tensor("b") }, sink, { metadata: {} });
    expect(events).toEqual(["write 120", "read a", "write 8", "read b", "write 8"]);
  });

  it("leaves the old file when a tensor cannot be read", async () => {
    const path = join(folder, "kept", "model.safetensors");
    await saveSafetensors({ a: Float32Array.of(1) }, path);
    const failing = { shape: [1], dtype: "float32", data: () => Promise.reject(new Error("the device is lost")) };
    await expect(saveSafetensors({ a: failing }, path)).rejects.toThrow("the device is lost");
    expect((await loadSafetensors(path)).get("a")?.data[0]).toBe(1);
    expect(await readdir(join(folder, "kept"))).toEqual(["model.safetensors"]);
  });

  it("refuses a tensor that its storage is too short for, and a header that no reader takes", async () => {
    const short = new SavedTensor({ dtype: "float32", shape: [2], storage: { bytes: new Uint8Array(4) } });
    await expect(encodeSafetensors({ short })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[RangeError: "short" has 4 bytes, and its shape [2] takes 8. A tensor must be whole, and stay as it is while it is saved.]`,
    );
    const metadata = { text: "a".repeat(100_000_000) };
    await expect(encodeSafetensors({}, { metadata })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[RangeError: encodeSafetensors: names, shapes and metadata take 100000032 bytes, and readers take 100000000. Save less metadata, or the tensors in several files with maxShardSize.]`,
    );
  });

  it("refuses what the format has no place for", async () => {
    const numbers = Float32Array.of(1);
    const inputs: Record<string, [tensors: unknown, options?: unknown]> = {
      "no tensors": [null],
      "a nested state": [{ state: { 0: { step: 1 } } }],
      "a number": [{ lr: 0.1 }],
      "a null": [{ bias: null }],
      complex128: [{ z: { shape: [1], data: Float64Array.of(1, 2), dtype: "complex128" } }],
      "the name of the metadata": [{ __metadata__: numbers }],
      "a name twice": [
        [
          ["a", numbers],
          ["a", numbers],
        ],
      ],
      "a name that is a number": [[[1, numbers]]],
      "half a surrogate pair": [[["\ud800", numbers]]],
      "metadata of numbers": [{}, { metadata: { epoch: 3 } }],
      "an unknown option": [{}, { metaData: {} }],
      "another unknown option": [{}, { xyz: 1 }],
      "a size in words": [{}, { maxShardSize: "5GB" }],
      "a size of 0": [{}, { maxShardSize: 0 }],
      "shards of no path": [{}, { maxShardSize: 1e9 }],
    };
    const messages: Record<string, string> = {};
    for (const [title, [tensors, options]] of Object.entries(inputs)) {
      const sink = { write: async () => {}, toString: () => "a sink" };
      messages[title] = await saveSafetensors(tensors as never, sink, options as never).then(() => "none", String);
    }
    expect(messages).toMatchInlineSnapshot(`
      {
        "a name that is a number": "TypeError: saveSafetensors: the name must be a string, got 1. Turn it into text, with JSON.stringify perhaps.",
        "a name twice": "TypeError: saveSafetensors: there are two tensors called "a". Rename one.",
        "a nested state": "TypeError: saveSafetensors: "state" is an object of Object, and a safetensors file holds tensors only. Save other things with savePt.",
        "a null": "TypeError: saveSafetensors: "bias" is null, and a safetensors file holds tensors only. Save other things with savePt.",
        "a number": "TypeError: saveSafetensors: "lr" is 0.1, and a safetensors file holds tensors only. Save other things with savePt.",
        "a size in words": "RangeError: saveSafetensors: maxShardSize must be bytes, above 0, got 5GB. 5 GB are 5e9.",
        "a size of 0": "RangeError: saveSafetensors: maxShardSize must be bytes, above 0, got 0. 5 GB are 5e9.",
        "an unknown option": "TypeError: saveSafetensors: there is no option metaData. Did you mean metadata?",
        "another unknown option": "TypeError: saveSafetensors: there is no option xyz. The options are metadata, maxShardSize.",
        "complex128": "TypeError: saveSafetensors: "z" is of complex128, which the format does not have. Save it with savePt, or as two tensors of float64.",
        "half a surrogate pair": "TypeError: saveSafetensors: the name "\\ud800" has half of a surrogate pair, which no file can hold. Mend it with toWellFormed().",
        "metadata of numbers": "TypeError: saveSafetensors: metadata "epoch" must be a string, got 3. Turn it into text, with JSON.stringify perhaps.",
        "no tensors": "TypeError: saveSafetensors: the tensors are null. Give a Map or an object of tensors by name.",
        "shards of no path": "TypeError: saveSafetensors: with maxShardSize the target must be a path that ends in .safetensors, got a sink. The files of the model are named after it.",
        "the name of the metadata": "TypeError: saveSafetensors: no tensor can be called __metadata__, which the format keeps for itself. Rename it.",
      }
    `);
  });
});
