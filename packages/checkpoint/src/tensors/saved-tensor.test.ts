import { describe, expect, it } from "vitest";
import { elementTypes, isDType } from "./dtype.ts";
import { SavedTensor } from "./saved-tensor.ts";

const storageOf = (array: ArrayBufferView): { bytes: Uint8Array } => ({
  bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
});
const counted = storageOf(Float32Array.from({ length: 12 }, (_, i) => i));

describe("SavedTensor", () => {
  it("reads its storage where its elements lie one after the other", () => {
    const tensor = new SavedTensor({ dtype: "float32", shape: [2, 3], storage: counted, offset: 3 });
    expect(tensor.strides).toEqual([3, 1]);
    expect(tensor.data).toEqual(Float32Array.of(3, 4, 5, 6, 7, 8));
    expect(tensor.data.buffer).toBe(counted.bytes.buffer);
  });

  it.each([
    ["a transpose", [3, 4], [1, 3], 0, [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]],
    ["a column", [4], [3], 1, [1, 4, 7, 10]],
    ["a row that is repeated", [2, 3], [0, 1], 3, [3, 4, 5, 3, 4, 5]],
    ["a size of 1 with a stride of its own", [1, 3], [7, 1], 0, [0, 1, 2]],
    ["no elements", [0, 3], [5, 9], 4, []],
    ["a scalar", [], [], 5, [5]],
  ])("reads views: %s", (_, shape, strides, offset, expected) => {
    const tensor = new SavedTensor({ dtype: "float32", shape, storage: counted, offset, strides });
    expect(tensor.numel).toBe(expected.length);
    expect([...(tensor.data as Float32Array)]).toEqual(expected);
    expect(tensor.bytes).toEqual(storageOf(Float32Array.from(expected)).bytes);
  });

  it("copies what is out of alignment", () => {
    const bytes = new Uint8Array(9);
    bytes.set(counted.bytes.subarray(4, 12), 1);
    const tensor = new SavedTensor({ dtype: "float32", shape: [2], storage: { bytes: bytes.subarray(1) } });
    expect(tensor.data).toEqual(Float32Array.of(1, 2));
  });

  it("has numbers for each dtype, in memory of its size", () => {
    for (const [dtype, { size }] of Object.entries(elementTypes)) {
      if (!isDType(dtype)) throw new Error(dtype);
      const tensor = new SavedTensor({ dtype, shape: [3], storage: { bytes: new Uint8Array(3 * size) } });
      expect(tensor.elements.byteLength, dtype).toBe(3 * size);
      expect(tensor.data.length, dtype).toBe(dtype.startsWith("complex") ? 6 : 3);
    }
  });

  it("widens short floats, and keeps their patterns in elements", () => {
    const tensor = new SavedTensor({
      dtype: "bfloat16",
      shape: [2],
      storage: storageOf(Uint16Array.of(0x3f80, 0xc000)),
    });
    expect(tensor.data).toEqual(Float32Array.of(1, -2));
    expect(tensor.elements).toEqual(Uint16Array.of(0x3f80, 0xc000));
  });
});
