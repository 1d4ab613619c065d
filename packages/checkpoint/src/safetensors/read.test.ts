import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reference, toNumbers } from "../../test/safetensors-reference.ts";
import { encodeSafetensors, loadSafetensors, openSafetensors } from "../index.ts";

describe.each(reference.files)("a file of the Python package: $title", ({ bytes, metadata, tensors }) => {
  it("is read number for number", async () => {
    const loaded = await loadSafetensors(bytes);
    expect([...loaded.keys()].sort()).toEqual(tensors.map(([name]) => name).sort());
    for (const [name, { dtype, shape, values }] of tensors) {
      const tensor = loaded.get(name);
      expect([tensor?.dtype, tensor?.shape], name).toEqual([dtype, shape]);
      // Exactly: every one of these numbers has a place in the typed array.
      expect(Array.from<number | bigint>(tensor?.data ?? []), name).toEqual(toNumbers(dtype, values));
    }
  });

  it("is read tensor by tensor", async () => {
    await using file = await openSafetensors(bytes);
    expect(Object.fromEntries(file.metadata)).toEqual({ ...metadata });
    for (const [name, { dtype, shape }] of tensors) {
      const { bytes: own } = await file.get(name);
      expect(file.info(name), name).toEqual({ dtype, shape, byteLength: own.length });
    }
  });

  it("is written byte for byte", async () => {
    // One key of metadata at most: the package gives the order of several to chance.
    const loaded = await loadSafetensors(bytes);
    const written = await encodeSafetensors(loaded, { metadata });
    expect(written.length).toBe(bytes.length);
    if (Object.keys(metadata).length <= 1) expect(Buffer.compare(written, bytes)).toBe(0);
  });
});

it("reads and writes the sample of PyTorch exactly", async () => {
  const path = new URL("../../reference/model.safetensors", import.meta.url);
  const loaded = await loadSafetensors(path);
  expect(loaded.get("0.weight")?.shape).toEqual([4, 3]);
  expect(loaded.get("1.num_batches_tracked")?.data).toEqual(BigInt64Array.of(1n));
  expect(Buffer.compare(await encodeSafetensors(loaded), readFileSync(path))).toBe(0);
});

it.each(reference.allowed)("reads what is unusual, and right: $title", async ({ bytes, title }) => {
  await using file = await openSafetensors(bytes);
  for (const name of file.names) {
    if (title === "dtypes of 6 bits") continue;
    expect((await file.get(name)).data.length).toBe(file.info(name).shape.reduce((count, size) => count * size, 1));
  }
});

it("takes names that objects have for names", async () => {
  const names = ["__proto__", "constructor", "toString"];
  const bytes = await encodeSafetensors(names.map((name, i) => [name, Float32Array.of(i)] as const));
  const loaded = await loadSafetensors(bytes);
  expect([...loaded].map(([name, { data }]) => [name, data[0]])).toEqual(names.map((name, i) => [name, i]));
  expect(Object.prototype).not.toHaveProperty("0");
});

it("says that PyTorch has no such dtype, and reads the others", async () => {
  const header =
    '{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}';
  const bytes = Buffer.concat([
    Buffer.from(new BigUint64Array([BigInt(header.length)]).buffer),
    Buffer.from(`${header}abcd`),
  ]);
  await expect(loadSafetensors(bytes)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[CheckpointError: these bytes: tensor "a" is of F6_E2M3, which PyTorch has no dtype for. Read the others one by one with openSafetensors.]`,
  );
  await using file = await openSafetensors(bytes);
  expect((await file.get("b")).data).toEqual(Uint8Array.of(100));
  await expect(file.get("a")).rejects.toThrowErrorMatchingInlineSnapshot(
    `[CheckpointError: these bytes: tensor "a" is of F6_E2M3, which PyTorch has no dtype for. Read the others one by one with openSafetensors.]`,
  );
  expect(() => file.info("c")).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: these bytes: there is no tensor "c". It has 2: "a", "b".]`,
  );
});

it("gives tensors memory of their own, and of bytes views", async () => {
  const bytes = await encodeSafetensors({ a: Float32Array.of(1), b: Float32Array.of(2) });
  const ofBlob = await loadSafetensors(new Blob([bytes]));
  expect(ofBlob.get("a")?.data.buffer.byteLength).toBe(4);
  const ofBytes = await loadSafetensors(bytes);
  expect(ofBytes.get("a")?.data.buffer).toBe(bytes.buffer);
});
