import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { digits } from "@anneal/data";
import { afterAll, describe, expect, it } from "vitest";
import { loadImages } from "./images.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder of files. */
function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "anneal-digits-"));
  folders.push(folder);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, d) => void header.writeUInt32BE(size, 4 + 4 * d));
  return Buffer.concat([header, data]);
}

/** The first of the bundled digits, as MNIST's files. */
function digitFiles(count: number): { images: Uint8Array; labels: Uint8Array } {
  const { images, labels } = digits();
  return {
    images: idx(
      [count, 8, 8],
      images.slice(0, 64 * count).map((ink) => 15 * ink),
    ),
    labels: idx([count], labels.slice(0, count)),
  };
}

describe("the bundled digits", () => {
  it("are floats from 0 to 1 with their labels", async () => {
    const { trainSet, testSet, size, classes } = await loadImages();
    const [images, labels] = trainSet.tensors;
    expect([images.shape, images.dtype, labels.shape, labels.dtype]).toEqual([
      [1437, 1, 8, 8],
      "float32",
      [1437],
      "int32",
    ]);
    expect([images.min().itemSync(), images.max().itemSync(), labels.max().itemSync()]).toEqual([0, 1, 9]);
    expect([testSet.length, size, classes]).toEqual([360, [8, 8], 10]);
  });
});

describe("IDX files", () => {
  const { images, labels } = digitFiles(200);

  it("are read gzipped or not, whatever stands around their names", async () => {
    const folder = folderOf({
      "train-images.idx3-ubyte": images,
      "train-labels.idx1-ubyte": labels,
      "train-labels.idx1-ubyte.gz": gzipSync(labels),
      "emnist-digits-test-images-idx3-ubyte.gz": gzipSync(images),
      "emnist-digits-test-labels-idx1-ubyte.gz": gzipSync(labels),
      "README.md": Buffer.from("not an IDX file"),
    });
    const { trainSet, testSet, about } = await loadImages(folder);
    expect(about.replace(folder, "DIR")).toMatchInlineSnapshot(
      `"DIR: 200 images to learn from, 200 to be tested with."`,
    );
    expect(testSet.tensors[0].arraySync()).toEqual(trainSet.tensors[0].arraySync());
    // 15 times an ink from 0 to 16, of 255.
    expect(trainSet.tensors[0].max().itemSync()).toBeCloseTo((15 * 16) / 255, 6);
    expect(trainSet.tensors[1].dataSync().slice(0, 3)).toEqual(Int32Array.of(0, 1, 2));
  });

  it("of one part are split in two, the same way each time", async () => {
    const folder = folderOf({ "t10k-images-idx3-ubyte.gz": gzipSync(images), "t10k-labels-idx1-ubyte": labels });
    const [one, two] = [await loadImages(folder), await loadImages(folder)];
    expect(one.about.replace(folder, "DIR")).toMatchInlineSnapshot(
      `"DIR has only test files: of their 200 images, 160 are to learn from, 40 to be tested with."`,
    );
    expect(one.trainSet.tensors[1].arraySync()).toEqual(two.trainSet.tensors[1].arraySync());
    const all = [one.trainSet, one.testSet].flatMap(({ tensors }) => tensors[1].arraySync() as number[]);
    expect(all.toSorted()).toEqual([...digits().labels.slice(0, 200)].toSorted());
  });

  it("that are damaged or missing are named", async () => {
    const folders: Readonly<Record<string, string>> = {
      "cut short": folderOf({ "train-images-idx3-ubyte": images.subarray(0, 1000), "train-labels-idx1-ubyte": labels }),
      "damaged gzip": folderOf({
        "train-images-idx3-ubyte.gz": gzipSync(images).subarray(0, 500),
        "train-labels-idx1-ubyte": labels,
      }),
      "no IDX": folderOf({ "train-images-idx3-ubyte": Buffer.from("<html>"), "train-labels-idx1-ubyte": labels }),
      swapped: folderOf({ "train-images-idx3-ubyte": labels, "train-labels-idx1-ubyte": images }),
      "other labels": folderOf({
        "train-images-idx3-ubyte": images,
        "train-labels-idx1-ubyte": digitFiles(100).labels,
      }),
      "no labels": folderOf({ "train-images-idx3-ubyte": images }),
      several: folderOf({ "a-train-images": images, "b-train-images": images, "train-labels": labels }),
      "tiny images": folderOf({
        "train-images": idx([20, 3, 3], new Uint8Array(180)),
        "train-labels": idx([20], new Uint8Array(20)),
      }),
      "two sizes": folderOf({
        "train-images": images,
        "train-labels": labels,
        "test-images": idx([20, 9, 9], new Uint8Array(20 * 81)),
        "test-labels": idx([20], new Uint8Array(20)),
      }),
      "nothing that fits": folderOf({ "notes.txt": Buffer.from("") }),
      empty: folderOf({}),
      missing: join(tmpdir(), "anneal-no-such-folder"),
      "a file": import.meta.filename,
    };
    const said = await Promise.all(
      Object.entries(folders).map(async ([name, folder]) => {
        const outcome = await loadImages(folder).catch(String);
        return `${name}: ${String(outcome).replaceAll(folder, "DIR")}`;
      }),
    );
    expect(said).toMatchInlineSnapshot(`
      [
        "cut short: DataFormatError: DIR/train-images-idx3-ubyte: is cut short: its header says [200, 8, 8] uint8, 12800 bytes, and 984 follow. Download the file again.",
        "damaged gzip: DataFormatError: DIR/train-images-idx3-ubyte.gz: the gzip data is damaged or cut short. Download the file again.",
        "no IDX: DataFormatError: DIR/train-images-idx3-ubyte: is not an IDX file: it starts with 3c 68 74 6d. IDX starts with 00 00, a type from 08 to 0e, and the number of dimensions.",
        "swapped: DataFormatError: DIR/train-images-idx3-ubyte: holds uint8 [200], no images. Images are bytes in 3 dimensions.",
        "other labels: DataFormatError: DIR: has 200 images in train-images-idx3-ubyte and 100 labels in train-labels-idx1-ubyte. Give the two files of one data set.",
        "no labels: DataFormatError: DIR: has train-images-idx3-ubyte and no file of its labels. Put both into the folder.",
        "several: DataFormatError: DIR: has several files of train images: a-train-images, b-train-images. Leave one.",
        "tiny images: DataFormatError: DIR/train-images: has 20 images of 3x3 pixels. It takes 10 images or more, of 4x4 pixels or more.",
        "two sizes: DataFormatError: DIR: has training images of 8x8 and test images of 9x9 pixels. Give files of one data set.",
        "nothing that fits: DataFormatError: DIR: has no files named like train-images-idx3-ubyte or t10k-images-idx3-ubyte. Give the folder that MNIST, Fashion-MNIST, KMNIST or EMNIST was downloaded to.",
        "empty: DataFormatError: DIR: is empty. Give the folder that MNIST, Fashion-MNIST, KMNIST or EMNIST was downloaded to.",
        "missing: DataFormatError: DIR: does not exist. Give the folder that holds the IDX files.",
        "a file: DataFormatError: DIR: is no folder. Give the folder that holds the IDX files.",
      ]
    `);
  });
});
