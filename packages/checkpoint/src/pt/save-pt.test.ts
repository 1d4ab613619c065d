import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeValue } from "../../test/describe-value.ts";
import { bytesSource } from "../bytes/bytes-source.ts";
import {
  type ByteSink,
  Complex,
  encodePt,
  loadPt,
  PythonBytes,
  SavedTensor,
  savePt,
  TorchDevice,
  TorchDType,
  Tuple,
} from "../index.ts";
import { readZipDirectory } from "../zip/zip-directory.ts";
import { isWholeNumberKey } from "./keys.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "save-pt-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const again = async (value: unknown): Promise<unknown> => loadPt(await encodePt(value));

const values = fc.letrec<{ value: unknown; key: unknown; tensor: SavedTensor }>((tie) => ({
  key: fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
  tensor: fc
    .record({ rows: fc.nat(3), columns: fc.nat(3), bytes: fc.uint8Array({ minLength: 36, maxLength: 36 }) })
    .map(({ rows, columns, bytes }) => {
      return new SavedTensor({ dtype: "float32", shape: [rows, columns], strides: [1, 3], storage: { bytes } });
    }),
  value: fc.oneof(
    { depthSize: "small" },
    tie("key"),
    tie("tensor"),
    fc.bigInt({ min: 2n ** 53n }),
    fc.bigInt({ max: -(2n ** 53n) }),
    fc.uint8Array().map((bytes) => new PythonBytes(bytes)),
    fc.tuple(fc.double(), fc.double()).map(([re, im]) => new Complex(re, im)),
    fc.constantFrom(new TorchDType("bfloat16"), new TorchDevice("cuda", 1), new TorchDevice("cpu")),
    fc.array(tie("value")),
    fc.array(tie("value")).map((items) => Tuple.from(items)),
    fc.array(tie("key")).map((items) => new Set(items)),
    fc.array(fc.tuple(tie("key"), tie("value"))).map((entries) => new Map(entries)),
    fc.dictionary(
      fc.string({ unit: "binary" }).filter((key) => !isWholeNumberKey(key)),
      tie("value"),
    ),
  ),
}));

describe("savePt", () => {
  it("gives back what it is given", async () => {
    await fc.assert(
      fc.asyncProperty(values.value, async (value) => {
        expect(describeValue(await again(value))).toEqual(describeValue(value));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps what is one object one, and what shares memory sharing it", async () => {
    const numbers = Float32Array.of(1, 2, 3, 4);
    const list = [1];
    const loaded = (await again({
      lists: [list, list],
      flat: numbers,
      square: { shape: [2, 2], data: numbers },
      other: { shape: [4], data: numbers, dtype: "bfloat16" },
    })) as { lists: unknown[]; flat: SavedTensor; square: SavedTensor; other: SavedTensor };
    expect(loaded.lists[0]).toBe(loaded.lists[1]);
    expect(loaded.flat.storage).toBe(loaded.square.storage);
    expect(loaded.flat.storage).not.toBe(loaded.other.storage);
    expect([...loaded.other.data]).toEqual([1, 2, 3, 4]);
  });

  it("writes keys that all are whole numbers as ints, as PyTorch's optimizers look them up", async () => {
    expect(await again({ state: { 0: { step: 1 }, 1: {} } })).toEqual({
      state: new Map([
        [0, { step: 1 }],
        [1, {}],
      ]),
    });
    expect(await again({ "123456789012345678901": 1 })).toEqual(new Map([[123456789012345678901n, 1]]));
    expect(await again(new Map([["10", 1]]))).toEqual(new Map([["10", 1]]));
    expect(await again({ 0: 1, a: 2 })).toEqual(
      new Map<unknown, unknown>([
        ["0", 1],
        ["a", 2],
      ]),
    );
    expect(await again({})).toEqual({});
  });

  it("asks tensors for their numbers one at a time", async () => {
    let open = 0;
    const tensor = (value: number) => ({
      shape: [2],
      dtype: "float32",
      async data() {
        expect(++open).toBe(1);
        await Promise.resolve();
        open--;
        return Float32Array.of(value, value);
      },
    });
    const loaded = (await again([tensor(1), tensor(2), tensor(3)])) as SavedTensor[];
    expect(loaded.map(({ data }) => [...data])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it("says what has no place in a file, where it is, and what to do", async () => {
    const cycle: Record<string, unknown> = { name: "a" };
    cycle.self = { cycle };
    const deep = Array.from({ length: 2000 }).reduce((inner) => [inner], 0);
    class Net {
      stateDict() {}
    }
    const problems = [
      undefined,
      { optimizer: { state: [{}, { exp_avg: undefined }] } },
      { model: { "0.weight": () => 1 } },
      { a: [Symbol("s")] },
      new Array(1),
      { model: new Net() },
      { date: new Date(0) },
      { buffer: new ArrayBuffer(2) },
      cycle,
      deep,
      { n: 2n ** 2050n },
      { s: "\ud800" },
      { "\ud800": 1 },
      new Map([[[1], 1]]),
      new Map([[{}, 1]]),
      { w: { shape: [3], data: Float32Array.of(1) } },
      { w: { shape: [1], data: Float32Array.of(1), dtype: "float33" } },
      { w: { shape: [2], dtype: "float32", data: async () => Float32Array.of(1) } },
    ].map((value) => encodePt(value).then(String, String));
    expect(await Promise.all(problems)).toMatchInlineSnapshot(`
      [
        "CheckpointError: these bytes: the value is undefined. Leave it out, or save null.",
        "CheckpointError: these bytes: optimizer.state[1].exp_avg is undefined. Leave it out, or save null.",
        "CheckpointError: these bytes: model["0.weight"] is a function. Leave it out: a file holds data only.",
        "CheckpointError: these bytes: a[0] is a symbol. Leave it out: a file holds data only.",
        "CheckpointError: these bytes: [0] is undefined. Leave it out, or save null.",
        "CheckpointError: these bytes: model is of the class Net. Save its stateDict().",
        "CheckpointError: these bytes: date is of the class Date. Save plain objects, arrays, Maps, Sets and tensors.",
        "CheckpointError: these bytes: buffer is of the class ArrayBuffer. Save plain objects, arrays, Maps, Sets and tensors.",
        "CheckpointError: these bytes: self.cycle contains itself. Save what it is made of without the way back.",
        "CheckpointError: these bytes: [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0... is nested 1000 deep. Save it flatter.",
        "CheckpointError: these bytes: n is a whole number of more than 255 bytes. Save it as a string.",
        "CheckpointError: these bytes: s has half a surrogate pair, which no file holds. Mend it with toWellFormed().",
        "CheckpointError: these bytes: ["\\ud800"] has half a surrogate pair, which no file holds. Mend it with toWellFormed().",
        "CheckpointError: these bytes: […] has a key that Python cannot look up. Use a string or a number.",
        "CheckpointError: these bytes: […] has a key that Python cannot look up. Use a string or a number.",
        "CheckpointError: these bytes: w: shape [3] of float32 needs 3 numbers, data has 1. Give it the shape and dtype that its data have.",
        "CheckpointError: these bytes: w: dtype "float33" is none of float64, float32, float16, bfloat16, float8_e4m3fn, float8_e4m3fnuz, float8_e5m2, float8_e5m2fnuz, float8_e8m0fnu, float4_e2m1fn_x2, int64, int32, int16, int8, uint64, uint32, uint16, uint8, bool, complex64, complex128. Give it the shape and dtype that its data have.",
        "RangeError: w: shape [2] of float32 needs 2 numbers, data has 1.",
      ]
    `);
  });

  it("refuses names that are no dtype's", () => {
    expect(() => new TorchDType("float32\ncos\nsystem")).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: TorchDType: "float32\\ncos\\nsystem" is no dtype of PyTorch.]`,
    );
  });
});

describe("a file of savePt", () => {
  it("is laid out as PyTorch lays it out", async () => {
    const bytes = await encodePt([Float32Array.of(1, 2, 3), new Float32Array(0)]);
    const entries = await readZipDirectory(bytesSource(bytes));
    // The order of the entries in archives of PyTorch 2.13, and where their data begin.
    expect(entries.map(({ name }) => name)).toEqual([
      "archive/data.pkl",
      "archive/.format_version",
      "archive/.storage_alignment",
      "archive/byteorder",
      "archive/data/0",
      "archive/data/1",
      "archive/version",
      "archive/.data/serialization_id",
    ]);
    const view = new DataView(bytes.buffer);
    for (const { headerOffset: at } of entries) {
      expect((at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)) % 64).toBe(0);
    }
  });

  it("has the name of the file for its folder, as far as PyTorch does", async () => {
    const names = ["model.v2.pt", "my ckpt.pt", "no-extension", ".pt", "modèle.pt"];
    const folders = names.map(async (name) => {
      await savePt(1, join(folder, name));
      return /^PK.{28}(.*?)\/data.pkl/s.exec(readFileSync(join(folder, name), "latin1"))?.[1];
    });
    expect(await Promise.all(folders)).toEqual(["model.v2", "my ckpt", "no-extension", "archive", "archive"]);
  });

  it("is there whole or not at all", async () => {
    const path = join(folder, "whole.pt");
    await savePt({ epoch: 1 }, path);
    const failing = { shape: [1], dtype: "float32", data: () => Promise.reject(new Error("device lost")) };
    await expect(savePt({ epoch: 2, weight: failing }, path)).rejects.toThrow("device lost");
    expect(await loadPt(path)).toEqual({ epoch: 1 });
    expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("is written to whatever takes bytes, and read from whatever reads at random", async () => {
    const chunks: Uint8Array[] = [];
    const sink: ByteSink = {
      async write(bytes) {
        chunks.push(bytes.slice());
      },
    };
    // Longer than the pieces in which it is written and read.
    const numbers = Float32Array.from({ length: 3_000_000 }, (_, i) => i);
    await savePt({ numbers }, sink);
    const path = join(folder, "chunks.pt");
    writeFileSync(path, Buffer.concat(chunks));
    for (const source of [path, Buffer.concat(chunks), new Blob(chunks as Uint8Array<ArrayBuffer>[])]) {
      const loaded = await loadPt<{ numbers: SavedTensor }>(source);
      expect(Buffer.compare(loaded.numbers.bytes, new Uint8Array(numbers.buffer))).toBe(0);
    }
  });
});
