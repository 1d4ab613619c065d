import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DataFormatError } from "./data-format-error.ts";
import { type IdxArray, readIdx } from "./idx.ts";

/** An IDX file, from the description of the format: two zeros, type, rank, big-endian sizes, big-endian data. */
function idx(type: number, shape: readonly number[], data: readonly number[]): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...data]);
}

const images = idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 255]);

describe("readIdx", () => {
  it.each<[string, Uint8Array, IdxArray["data"]]>([
    ["uint8", idx(0x08, [3], [0, 1, 255]), Uint8Array.of(0, 1, 255)],
    ["int8", idx(0x09, [2], [255, 127]), Int8Array.of(-1, 127)],
    ["int16", idx(0x0b, [2], [1, 0, 255, 254]), Int16Array.of(256, -2)],
    ["int32", idx(0x0c, [2], [0, 1, 0, 0, 255, 255, 255, 255]), Int32Array.of(65536, -1)],
    // IEEE 754: 3f800000 is 1, c0490fdb is -π in float32; 3ff8000000000000 is 1.5.
    ["float32", idx(0x0d, [2], [0x3f, 0x80, 0, 0, 0xc0, 0x49, 0x0f, 0xdb]), Float32Array.of(1, -Math.PI)],
    ["float64", idx(0x0e, [1], [0x3f, 0xf8, 0, 0, 0, 0, 0, 0]), Float64Array.of(1.5)],
  ])("reads %s", async (dtype, file, data) => {
    expect(await readIdx(file)).toEqual({ dtype, shape: [data.length], data });
  });

  it("reads a file of no elements", async () => {
    expect(await readIdx(idx(8, [0, 28, 28], []))).toEqual({
      dtype: "uint8",
      shape: [0, 28, 28],
      data: new Uint8Array(0),
    });
  });

  it("reads gzipped files, buffers, and parts of larger buffers alike", async () => {
    const expected = { dtype: "uint8", shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) };
    const padded = new Uint8Array(images.length + 5);
    padded.set(images, 3);
    expect(await readIdx(images)).toEqual(expected);
    expect(await readIdx(gzipSync(images))).toEqual(expected);
    expect(await readIdx(new Uint8Array(images).buffer)).toEqual(expected);
    expect(await readIdx(padded.subarray(3, 3 + images.length))).toEqual(expected);
  });

  it("reads a large gzipped file that packs well", async () => {
    const { data } = await readIdx(
      gzipSync(
        idx(
          8,
          [1 << 20, 3],
          Array.from({ length: 3 << 20 }, () => 7),
        ),
      ),
    );
    expect(data.length).toBe(3 << 20);
    expect(data.every((x) => x === 7)).toBe(true);
  });

  it("gives data that does not depend on the file", async () => {
    const file = new Uint8Array(images);
    const { data } = await readIdx(file);
    file.fill(0);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  describe("refuses a file that is", () => {
    const read = async (file: Uint8Array, maxBytes?: number): Promise<unknown> => {
      const error: unknown = await readIdx(file, { name: "train-images.gz", ...(maxBytes && { maxBytes }) }).catch(
        (e) => e,
      );
      expect(error).toBeInstanceOf(DataFormatError);
      return error;
    };

    it("empty, or not IDX at all", async () => {
      expect(await read(new Uint8Array(0))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: ends inside its header, after 0 bytes. Download the file again.]`,
      );
      expect(await read(new TextEncoder().encode("<!doctype html>"))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: is not an IDX file: it starts with 3c 21 64 6f. IDX starts with 00 00, a type from 08 to 0e, and the number of dimensions.]`,
      );
      expect(await read(idx(0x0a, [1], [0]))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: is not an IDX file: it starts with 00 00 0a 01. IDX starts with 00 00, a type from 08 to 0e, and the number of dimensions.]`,
      );
      expect(await read(gzipSync("<!doctype html>"))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: is not an IDX file: it starts with 3c 21 64 6f. IDX starts with 00 00, a type from 08 to 0e, and the number of dimensions.]`,
      );
    });

    it("cut short anywhere", async () => {
      expect(await read(images.subarray(0, 10))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: ends inside its header, after 10 bytes. Download the file again.]`,
      );
      expect(await read(images.subarray(0, images.length - 1))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: is cut short: its header says [2, 1, 3] uint8, 6 bytes, and 5 follow. Download the file again.]`,
      );
      for (let length = 0; length < images.length; length++) await read(images.subarray(0, length));
    });

    it("longer than it says", async () => {
      expect(await read(Uint8Array.from([...images, 0]))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: is longer than it says: its header says [2, 1, 3] uint8, 6 bytes, and 7 follow. Download the file again.]`,
      );
      expect(await read(gzipSync(Uint8Array.from([...images, 0])))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: unpacks to more than its header says. Download the file again.]`,
      );
    });

    it("damaged gzip, wherever the damage is", async () => {
      const packed = gzipSync(images);
      expect(await read(packed.subarray(0, packed.length - 6))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: the gzip data is damaged or cut short. Download the file again.]`,
      );
      for (let length = 3; length < packed.length; length++) await read(packed.subarray(0, length));
      const flipped = new Uint8Array(packed);
      // The checksum at the end.
      flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 1;
      await read(flipped);
    });

    it("a claim of more than there may be, without allocating it", async () => {
      expect(await read(idx(8, [0xffffffff, 0xffffffff, 0xffffffff], []))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: says it holds [4294967295, 4294967295, 4294967295] uint8, more than 1073741824 bytes. If that is right, raise maxBytes.]`,
      );
      expect(await read(gzipSync(idx(8, [0xffffffff, 1000], [])))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: says it holds [4294967295, 1000] uint8, more than 1073741824 bytes. If that is right, raise maxBytes.]`,
      );
      expect(await read(images, 5)).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: says it holds [2, 1, 3] uint8, more than 5 bytes. If that is right, raise maxBytes.]`,
      );
      // Within the limit, but not there: a gigabyte is not allocated to find out.
      expect(await read(idx(8, [1 << 30], [1]))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: is cut short: its header says [1073741824] uint8, 1073741824 bytes, and 1 follow. Download the file again.]`,
      );
      expect(await read(idx(8, [], [1]))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: says it has 0 dimensions. Between 1 and 8 can be read.]`,
      );
      expect(await read(Uint8Array.of(0, 0, 8, 255))).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: says it has 255 dimensions. Between 1 and 8 can be read.]`,
      );
    });

    it("a small file that unpacks to an enormous one", async () => {
      const bomb = gzipSync(Buffer.concat([images, new Uint8Array(1 << 26)]));
      expect(await read(bomb)).toMatchInlineSnapshot(
        `[DataFormatError: train-images.gz: unpacks to more than its header says. Download the file again.]`,
      );
    });
  });
});
