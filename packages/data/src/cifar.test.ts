import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { cifar10Classes, readCifar10, readCifar100 } from "./cifar.ts";
import { DataFormatError } from "./data-format-error.ts";

const pixels = 3 * 32 * 32;

/** A file of records, from the description of the format: labels, then the red, the green and the blue plane, row by row. */
function file(labels: readonly (readonly number[])[], pixel = (_image: number, at: number) => at % 251): Uint8Array {
  return Uint8Array.from(
    labels.flatMap((each, image) => [...each, ...Array.from({ length: pixels }, (_, at) => pixel(image, at))]),
  );
}

const text = (content: string, length = content.length): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(content));
  return bytes;
};

/** Bytes of which the text stands at a place. */
function bytesWith(content: string, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(0x61);
  bytes.set(new TextEncoder().encode(content), at);
  return bytes;
}

describe("readCifar10", () => {
  it("reads labels, and images by channel, row and column", () => {
    const { images, shape, labels } = readCifar10(file([[3], [9]], (image, at) => 100 * image + Math.floor(at / 1024)));
    expect([shape, labels]).toEqual([[2, 3, 32, 32], Uint8Array.of(3, 9)]);
    const planes = Array.from({ length: 6 }, (_, plane) => new Set(images.subarray(plane * 1024, (plane + 1) * 1024)));
    expect(planes.map((values) => [...values])).toEqual([[0], [1], [2], [100], [101], [102]]);
    const counting = readCifar10(file([[0]])).images;
    // Row 2, column 5 of the green plane.
    expect(counting[1024 + 2 * 32 + 5]).toBe((1024 + 2 * 32 + 5) % 251);
  });

  it("reads every label there is, and has its name", () => {
    const { labels } = readCifar10(file(Array.from({ length: 10 }, (_, label) => [label])));
    // As in the archive's batches.meta.txt.
    expect(Array.from(labels, (label) => cifar10Classes[label]).join(" ")).toBe(
      "airplane automobile bird cat deer dog frog horse ship truck",
    );
  });

  it("reads buffers, and parts of larger buffers, alike", () => {
    const bytes = file([[1], [2]]);
    const padded = new Uint8Array(bytes.length + 5);
    padded.set(bytes, 3);
    const expected = readCifar10(bytes);
    expect(readCifar10(new Uint8Array(bytes).buffer)).toEqual(expected);
    expect(readCifar10(padded.subarray(3, 3 + bytes.length))).toEqual(expected);
  });

  it("gives data that does not depend on the file", () => {
    const bytes = file([[7]]);
    const { images, labels } = readCifar10(bytes);
    bytes.fill(0);
    expect([labels[0], images[100]]).toEqual([7, 100]);
  });

  it("takes pixels that look like the beginning of something else for what they are", () => {
    const bytes = file([[1], [2]]);
    bytes.set(new TextEncoder().encode("ustar"), 257);
    bytes.set([0x1f, 0x8b], 1);
    expect(readCifar10(bytes).labels).toEqual(Uint8Array.of(1, 2));
  });

  describe("refuses a file that is", () => {
    const read = (bytes: Uint8Array, maxBytes?: number, reader: typeof readCifar10 = readCifar10): unknown => {
      try {
        return reader(bytes, { name: "data_batch_1.bin", ...(maxBytes && { maxBytes }) });
      } catch (error) {
        expect(error).toBeInstanceOf(DataFormatError);
        return error;
      }
    };

    it("empty, cut short or too long", () => {
      const bytes = file([[1], [2]]);
      expect(read(new Uint8Array(0))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is empty. Unpack cifar-10-binary.tar.gz again, and give one of its .bin files.]`,
      );
      expect(read(bytes.subarray(0, 5000))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: has 5000 bytes, no whole number of CIFAR-10's records of 3073. Unpack cifar-10-binary.tar.gz again, and give one of its .bin files.]`,
      );
      expect(read(Uint8Array.from([...bytes, 0]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: has 6147 bytes, no whole number of CIFAR-10's records of 3073. Unpack cifar-10-binary.tar.gz again, and give one of its .bin files.]`,
      );
      for (let length = 0; length < bytes.length; length += 61) {
        if (length % 3073 !== 0 || length === 0)
          expect(read(bytes.subarray(0, length))).toBeInstanceOf(DataFormatError);
      }
    });

    it("damaged, so that a label is none", () => {
      expect(read(file([[1], [9], [10]]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: gives image 2 the label 10, and CIFAR-10's end at 9: it is damaged. Unpack cifar-10-binary.tar.gz again, and give one of its .bin files.]`,
      );
      expect(read(file([[255]]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: gives image 0 the label 255, and CIFAR-10's end at 9: it is damaged. Unpack cifar-10-binary.tar.gz again, and give one of its .bin files.]`,
      );
    });

    it("larger than it may be", () => {
      expect(read(file([[1], [2]]), 6145)).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: has 6146 bytes, more than 6145. If that is right, raise maxBytes.]`,
      );
      expect(read(file([[1], [2]]), 6146)).toMatchObject({ shape: [2, 3, 32, 32] });
    });

    it("still packed", () => {
      expect(read(gzipSync(file([[1]])))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is still packed (gzip). Give a .bin file of what \`tar -xzf\` makes of cifar-10-binary.tar.gz.]`,
      );
      expect(read(bytesWith("ustar", 257, 10240))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is still packed (tar). Give a .bin file of what \`tar -xf\` makes of it.]`,
      );
      expect(read(text("PK\x03\x04", 3073))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is still packed (zip). Give a .bin file of what it holds.]`,
      );
    });

    it("of another version of the data set", () => {
      // As Python's pickle begins it: protocol 2, an empty dict.
      expect(read(Uint8Array.of(0x80, 2, 0x7d, 0x71, 1))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is of CIFAR-10's Python version. Give a .bin file of cifar-10-binary.tar.gz.]`,
      );
      expect(read(text("MATLAB 5.0 MAT-file, Platform: GLNXA64", 3073))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is of CIFAR-10's Matlab version. Give a .bin file of cifar-10-binary.tar.gz.]`,
      );
    });

    it("of CIFAR-100, or something else of its archive, or of the network", () => {
      expect(read(file([[4, 51]]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: has the length of a CIFAR-100 file. Read it with readCifar100.]`,
      );
      expect(read(text("airplane\nautomobile\nbird\n"))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is text. Give a .bin file of cifar-10-binary.tar.gz.]`,
      );
      expect(read(text("<!doctype html>\n<title>Not found</title>"))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is text. Give a .bin file of cifar-10-binary.tar.gz.]`,
      );
    });

    it("any of these for CIFAR-100 too", () => {
      const read100 = (bytes: Uint8Array) => read(bytes, undefined, readCifar100);
      expect(read100(file([[1]]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: has the length of a CIFAR-10 file. Read it with readCifar10.]`,
      );
      expect(read100(file([[20, 1]]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: gives image 0 the coarse label 20, and CIFAR-100's end at 19: it is damaged. Unpack cifar-100-binary.tar.gz again, and give one of its .bin files.]`,
      );
      expect(read100(file([[19, 100]]))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: gives image 0 the fine label 100, and CIFAR-100's end at 99: it is damaged. Unpack cifar-100-binary.tar.gz again, and give one of its .bin files.]`,
      );
      expect(read100(gzipSync("archive"))).toMatchInlineSnapshot(
        `[DataFormatError: data_batch_1.bin: is still packed (gzip). Give a .bin file of what \`tar -xzf\` makes of cifar-100-binary.tar.gz.]`,
      );
    });
  });

  it("calls the file by what it should be where it has no name", () => {
    expect(() => readCifar10(new Uint8Array(1))).toThrow(/^CIFAR-10 file: /);
    expect(() => readCifar100(new Uint8Array(1))).toThrow(/^CIFAR-100 file: /);
  });
});

describe("readCifar100", () => {
  it("reads the coarse and the fine label", () => {
    const { images, shape, labels, coarseLabels } = readCifar100(
      file([
        [4, 51],
        [19, 99],
      ]),
    );
    expect([shape, labels, coarseLabels]).toEqual([[2, 3, 32, 32], Uint8Array.of(51, 99), Uint8Array.of(4, 19)]);
    expect(images).toEqual(readCifar10(file([[0], [0]])).images);
  });
});

const sample = new URL("../../../../shared/data/cifar10/test_batch.bin", import.meta.url);
const there = existsSync(sample);
if (!there) console.log(`skipped: no sample of CIFAR-10 at ${sample.pathname}`);

it.skipIf(!there)(
  "reads real images: about as many of each class, in CIFAR-10's mean colour (skipped where ../shared/data is not there)",
  () => {
    const { images, shape, labels } = readCifar10(readFileSync(sample));
    expect(shape).toEqual([1000, 3, 32, 32]);
    const counts = cifar10Classes.map((_, label) => labels.filter((each) => each === label).length);
    for (const count of counts) expect(count).toBeGreaterThan(70);
    const means = [0, 1, 2].map((channel) => {
      const plane = images.filter((_, at) => Math.floor(at / 1024) % 3 === channel);
      return plane.reduce((sum, each) => sum + each, 0) / plane.length;
    });
    // Of all 50,000: 125.3, 123.0, 113.9. A thousand images of deviation 30 between their means are within 3 of that.
    [125.3, 123, 113.9].forEach((mean, channel) => void expect(Math.abs((means[channel] ?? 0) - mean)).toBeLessThan(3));
  },
);
