import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { loadImages } from "./images.ts";
import { cifarFile, folderOf } from "./testing/synthetic-files.ts";

const places = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

describe("the images of a folder", () => {
  it("are those of all its training batches, and of the test batch", async () => {
    const folder = folderOf({
      "data_batch_2.bin": cifarFile(30, 2),
      "data_batch_1.bin": cifarFile(20, 1),
      "test_batch.bin": cifarFile(10, 3),
      "batches.meta.txt": "airplane\n",
    });
    const { trainSet, testSet, testLabels, about } = await loadImages(folder);
    expect(about.replace(folder, "DIR")).toMatchInlineSnapshot(
      `"CIFAR-10 in DIR: 50 images to learn from, 10 to be tested with."`,
    );
    expect([trainSet.length, testSet.length]).toEqual([50, 10]);
    expect(testLabels).toEqual(Uint8Array.from(places(10)));
    const [, labels] = trainSet.batch(places(50));
    expect([labels.dtype, labels.arraySync()]).toEqual([
      "int32",
      [...places(50)].map((i) => (i < 20 ? i : i - 20) % 10),
    ]);
  });

  it("are normalized by the means and deviations of the training images", async () => {
    const [train, test] = [cifarFile(40, 1), cifarFile(10, 2)];
    const { testSet } = await loadImages(folderOf({ "data_batch_1.bin": train, "test_batch.bin": test }));
    const [images] = testSet.batch(Int32Array.of(7));
    const got = images.reshape([3, 1024]).arraySync() as number[][];
    for (const channel of [0, 1, 2]) {
      const from = (file: Uint8Array, image: number): number[] => [
        ...file.subarray(image * 3073 + 1 + channel * 1024, image * 3073 + 1 + (channel + 1) * 1024),
      ];
      const values = [...places(40)].flatMap((image) => from(train, image));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      // Float32: seven digits of numbers below 3.
      from(test, 7).forEach((value, at) => {
        expect(got[channel]?.[at]).toBeCloseTo((value - mean) / Math.sqrt(variance), 5);
      });
    }
  });

  it("are shifted by up to four pixels and mirrored, batch by batch, where they are learned from", async () => {
    const file = cifarFile(10, 1);
    const { trainSet, testSet } = await loadImages(folderOf({ "data_batch_1.bin": file, "test_batch.bin": file }));
    const planes = ({ batch }: typeof trainSet): number[][][] =>
      batch(Int32Array.of(3, 5))[0].select(1, 0).arraySync() as number[][][];
    const originals = planes(testSet);
    /** The shift that makes the batch of the images as they are; what comes in is 0, the mean. */
    const shiftOf = (shifted: number[][][]): string => {
      const all = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
      for (const mirrored of [false, true]) {
        for (const [top, left] of all.flatMap((top) => all.map((left) => [top, left] as const))) {
          const fits = shifted.every((image, i) =>
            image.every((row, y) =>
              row.every((value, x) => value === (originals[i]?.[y + top]?.[(mirrored ? 31 - x : x) + left] ?? 0)),
            ),
          );
          if (fits) return `${top} ${left} ${mirrored}`;
        }
      }
      return "something else";
    };
    const seen = new Set(Array.from({ length: 200 }, () => shiftOf(planes(trainSet))));
    expect(seen).not.toContain("something else");
    // Of 162 ways, 200 draws find 115 on the average, and fewer than 95 or more than 135 hardly ever.
    expect(seen.size).toBeGreaterThan(95);
    expect(seen.size).toBeLessThan(135);
  });

  it("may be all the same in a channel", async () => {
    const file = new Uint8Array(3073).fill(9, 1);
    const { testSet } = await loadImages(folderOf({ "data_batch_1.bin": file, "test_batch.bin": file }));
    expect(testSet.batch(Int32Array.of(0))[0].abs().max().itemSync()).toBe(0);
  });
});

describe("a folder", () => {
  it("without the files, or with others, is told what it lacks", async () => {
    const [train, test] = [cifarFile(10), cifarFile(10)];
    const parent = folderOf({});
    mkdirSync(join(parent, "cifar-10-batches-bin"));
    const unreadable = folderOf({ "test_batch.bin": test });
    mkdirSync(join(unreadable, "data_batch_1.bin"));
    const folders: Readonly<Record<string, string>> = {
      missing: join(tmpdir(), "anneal-no-such-folder"),
      "a file": import.meta.filename,
      empty: folderOf({}),
      "its parent": parent,
      archive: folderOf({ "cifar-10-binary.tar.gz": "" }),
      "Python's": folderOf({ data_batch_1: "", test_batch: "", "batches.meta": "" }),
      "Matlab's": folderOf({ "data_batch_1.mat": "", "test_batch.mat": "" }),
      others: folderOf({ "notes.txt": "" }),
      "a folder for a file": unreadable,
      "no test": folderOf({ "data_batch_1.bin": train }),
      "no training": folderOf({ "test_batch.bin": test }),
      "cut short": folderOf({ "data_batch_1.bin": train.subarray(0, 20000), "test_batch.bin": test }),
      gzip: folderOf({ "data_batch_1.bin": gzipSync(train), "test_batch.bin": test }),
    };
    const said = await Promise.all(
      Object.entries(folders).map(async ([name, folder]) => {
        const outcome = await loadImages(folder).catch(String);
        return `${name}: ${String(outcome).replaceAll(folder, "DIR")}`;
      }),
    );
    expect(said).toMatchInlineSnapshot(`
      [
        "missing: DataFormatError: DIR: does not exist. Give the folder that holds CIFAR-10's .bin files.",
        "a file: DataFormatError: DIR: is no folder. Give the folder that holds CIFAR-10's .bin files.",
        "empty: DataFormatError: DIR: is empty. Give the folder that cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html unpacks to.",
        "its parent: DataFormatError: DIR: has no data_batch_1.bin. Give DIR/cifar-10-batches-bin.",
        "archive: DataFormatError: DIR: has no data_batch_1.bin. Unpack cifar-10-binary.tar.gz with tar -xf, and give the folder it unpacks to, cifar-10-batches-bin.",
        "Python's: DataFormatError: DIR: has no data_batch_1.bin: it holds CIFAR-10's Python version. Give the folder that cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html unpacks to.",
        "Matlab's: DataFormatError: DIR: has no data_batch_1.bin: it holds CIFAR-10's Matlab version. Give the folder that cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html unpacks to.",
        "others: DataFormatError: DIR: has no data_batch_1.bin. Give the folder that cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html unpacks to.",
        "a folder for a file: DataFormatError: DIR/data_batch_1.bin: cannot be read (EISDIR). Give a file that can be read.",
        "no test: DataFormatError: DIR: has no test_batch.bin. Give the folder that cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html unpacks to.",
        "no training: DataFormatError: DIR: has no data_batch_1.bin. Give the folder that cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html unpacks to.",
        "cut short: DataFormatError: DIR/data_batch_1.bin: has 20000 bytes, no whole number of CIFAR-10's records of 3073. Unpack cifar-10-binary.tar.gz again, and give one of its .bin files.",
        "gzip: DataFormatError: DIR/data_batch_1.bin: is still packed (gzip). Give a .bin file of what \`tar -xzf\` makes of cifar-10-binary.tar.gz.",
      ]
    `);
  });
});
