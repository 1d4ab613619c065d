import { describe, expect, it } from "vitest";
import { arange } from "../creation/arange.ts";
import { zeros } from "../creation/full.ts";
import { wasm } from "../devices/wasm/wasm.ts";
import { reference } from "../reference.ts";

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("reading into memory that is there", async () => {
  const device = await wasm({ threads: 1 });

  it("gives the bytes that data gives, of views and of what is pending too", () => {
    const x = arange(12, { device, dtype: "float32" }).reshape([3, 4]);
    for (const each of [x, x.T, x.add(1), x.narrow(1, 1, 2), x.to("bool"), x.sum(), zeros([0], { device })]) {
      const expected = bytesOf(each.dataSync());
      const target = new Uint8Array(new SharedArrayBuffer(expected.length)).fill(255);
      expect(each.readInto(target)).toBe(true);
      expect(Uint8Array.from(target)).toEqual(Uint8Array.from(expected));
    }
  });

  it("is refused, with nothing read, where it does not fit or the device has no such thing", () => {
    const target = new Uint8Array(8).fill(7);
    expect(arange(3, { device, dtype: "float32" }).readInto(target)).toBe(false);
    expect(arange(4, { device, dtype: "float32" }).to("float16").readInto(target)).toBe(false);
    expect(arange(2, { device: reference(), dtype: "float32" }).readInto(target)).toBe(false);
    expect(target).toEqual(new Uint8Array(8).fill(7));
  });
});
