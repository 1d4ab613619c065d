import { describe, expect, it } from "vitest";
import { SavedTensor } from "./saved-tensor.ts";
import { tensorToSave } from "./tensor-to-save.ts";

const bytesOf = async (value: unknown): Promise<number[]> => [...((await tensorToSave(value, "w")?.read()) ?? [])];

describe("tensorToSave", () => {
  it("takes typed arrays as rows of numbers of their type", () => {
    expect(tensorToSave(new Float64Array(3), "w")).toMatchObject({ dtype: "float64", shape: [3], byteLength: 24 });
    expect(tensorToSave(new BigUint64Array(2), "w")).toMatchObject({ dtype: "uint64", shape: [2], byteLength: 16 });
    expect(tensorToSave(Buffer.from("ab"), "w")).toMatchObject({ dtype: "uint8", shape: [2], byteLength: 2 });
    expect(tensorToSave(new Uint8ClampedArray(2), "w")).toMatchObject({ dtype: "uint8" });
  });

  it("takes numbers with their shape, lists too", async () => {
    expect(tensorToSave({ shape: [1, 2], data: [1, 2] }, "w")).toMatchObject({ dtype: "float32", byteLength: 8 });
    expect(await bytesOf({ shape: [], data: Int16Array.of(258) })).toEqual([2, 1]);
    expect(await bytesOf({ shape: [2], data: Uint8Array.of(1, 0), dtype: "bool" })).toEqual([1, 0]);
  });

  it("asks tensors of any library for their numbers when it is their turn", async () => {
    let asked = 0;
    const tensor = {
      shape: [2],
      dtype: "int32",
      async data() {
        asked++;
        return Int32Array.of(1, -1);
      },
    };
    const toSave = tensorToSave(tensor, "w");
    expect([toSave?.byteLength, asked]).toEqual([8, 0]);
    expect([...((await toSave?.read()) ?? [])]).toEqual([1, 0, 0, 0, 255, 255, 255, 255]);
  });

  it("shortens floats to the 16 bits that the tensor has, and takes the patterns as they are", async () => {
    expect(await bytesOf({ shape: [1], data: Float32Array.of(1), dtype: "float16" })).toEqual([0x00, 0x3c]);
    expect(await bytesOf({ shape: [1], data: Float64Array.of(1), dtype: "bfloat16" })).toEqual([0x80, 0x3f]);
    expect(await bytesOf({ shape: [1], data: Uint16Array.of(0x3c00), dtype: "float16" })).toEqual([0x00, 0x3c]);
  });

  it("writes views row by row", async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const tensor = new SavedTensor({ dtype: "uint8", shape: [2, 2], storage: { bytes }, strides: [1, 2] });
    expect(await bytesOf(tensor)).toEqual([1, 3, 2, 4]);
  });

  it("leaves alone what is no tensor", () => {
    for (const value of [
      undefined,
      null,
      1,
      "a",
      [1, 2],
      {},
      { shape: [1] },
      { shape: 1, data: [1] },
      new DataView(new ArrayBuffer(1)),
    ]) {
      expect(tensorToSave(value, "w")).toBeUndefined();
    }
  });

  it("refuses tensors that are not whole", async () => {
    const refuse =
      (value: unknown): (() => unknown) =>
      () =>
        tensorToSave(value, "model.w")?.read();
    expect(refuse({ shape: [2], data: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: model.w: shape [2] of float32 needs 2 numbers, data has 1.]`,
    );
    expect(refuse({ shape: [-1, -2], data: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: model.w: shape [-1, -2] must be of whole numbers from 0 on.]`,
    );
    expect(refuse({ shape: [1.5], data: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: model.w: shape [1.5] must be of whole numbers from 0 on.]`,
    );
    expect(refuse({ shape: [1], data: [1], dtype: "float" })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: model.w: dtype "float" is none of float64, float32, float16, bfloat16, float8_e4m3fn, float8_e4m3fnuz, float8_e5m2, float8_e5m2fnuz, float8_e8m0fnu, float4_e2m1fn_x2, int64, int32, int16, int8, uint64, uint32, uint16, uint8, bool, complex64, complex128.]`,
    );
    expect(refuse({ shape: [1], data: Int32Array.of(1), dtype: "float32" })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: model.w: a tensor of float32 needs its numbers in a Float32Array, data is a Int32Array.]`,
    );
    const late = { shape: [2], dtype: "float32", data: async () => Float32Array.of(1) };
    await expect(refuse(late)()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[RangeError: model.w: shape [2] of float32 needs 2 numbers, data has 1.]`,
    );
  });
});
