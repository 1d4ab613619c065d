import { join } from "node:path";
import { DataFormatError, digitsSplit, permutation, readIdx, TensorDataset } from "@anneal/data";
import { bytesOf, filesIn } from "@anneal/examples-shared";
import { type Tensor, tensor } from "@anneal/tensor";

/** Images, [N, 1, height, width], 0 (paper) to 1 (ink), and the class of each, [N], int32. */
export type LabeledImages = TensorDataset<readonly [images: Tensor, labels: Tensor]>;

/** Images to learn from and others to be tested with. */
export interface Images {
  readonly trainSet: LabeledImages;
  readonly testSet: LabeledImages;
  readonly size: readonly [height: number, width: number];
  readonly classes: number;
  /** Where they come from, in a sentence. */
  readonly about: string;
}

interface Labeled {
  /** A byte for each pixel. */
  readonly images: Uint8Array;
  readonly shape: readonly [count: number, height: number, width: number];
  readonly labels: Uint8Array;
}

/** The digits that come with `@anneal/data`, or, if there is a folder, its IDX files. */
export async function loadImages(folder?: string): Promise<Images> {
  if (folder !== undefined) return fromFolder(folder);
  const { train, test } = digitsSplit();
  const about = `UCI handwritten digits: ${count(train)} images of 8x8 pixels to learn from, ${count(test)} to be tested with.`;
  return { trainSet: dataset(train, 16), testSet: dataset(test, 16), size: [8, 8], classes: 10, about };
}

function dataset({ images, shape: [n, height, width], labels }: Labeled, ink: number): LabeledImages {
  return new TensorDataset(
    tensor(images, { dtype: "float32" }).div(ink).reshape([n, 1, height, width]).realize(),
    tensor(labels, { dtype: "int32" }),
  );
}

const count = ({ shape: [n] }: Labeled): string => n.toLocaleString("en");

// --- IDX files ------------------------------------------------------------------------------------------------------

async function fromFolder(folder: string): Promise<Images> {
  const files = await filesIn(folder, "Give the folder that holds the IDX files.");
  const [train, test] = [await part(folder, files, "train"), await part(folder, files, "test")];
  if (train && test) {
    if (train.shape.slice(1).join() !== test.shape.slice(1).join()) {
      throw new DataFormatError(
        folder,
        `has training images of ${train.shape.slice(1).join("x")} and test images of ${test.shape.slice(1).join("x")} pixels`,
        "Give files of one data set.",
      );
    }
    return images(train, test, `${folder}: ${count(train)} images to learn from, ${count(test)} to be tested with.`);
  }
  const all = train ?? test;
  if (!all) {
    throw new DataFormatError(
      folder,
      files.length === 0 ? "is empty" : "has no files named like train-images-idx3-ubyte or t10k-images-idx3-ubyte",
      "Give the folder that MNIST, Fashion-MNIST, KMNIST or EMNIST was downloaded to.",
    );
  }
  const [fewer, rest] = split(all);
  const only = train ? "train" : "test";
  return images(
    fewer,
    rest,
    `${folder} has only ${only} files: of their ${count(all)} images, ${count(fewer)} are to learn from, ${count(rest)} to be tested with.`,
  );
}

/** The images and labels of one part, or null if there are neither. */
async function part(folder: string, files: readonly string[], which: "train" | "test"): Promise<Labeled | null> {
  const find = (kind: "images" | "labels"): string | null => {
    const pattern = new RegExp(`(^|[-_.])${which === "train" ? "train" : "(t10k|test)"}[-_.]${kind}`, "i");
    const found = files.filter((file) => pattern.test(file));
    // The same file, gzipped and not, may lie side by side.
    const names = new Set(found.map((file) => file.replace(/\.gz$/i, "")));
    if (names.size > 1) {
      throw new DataFormatError(
        folder,
        `has several files of ${which} ${kind}: ${[...names].join(", ")}`,
        "Leave one.",
      );
    }
    return found.toSorted((a, b) => a.length - b.length)[0] ?? null;
  };
  const [imageFile, labelFile] = [find("images"), find("labels")];
  if (!imageFile && !labelFile) return null;
  if (!imageFile || !labelFile) {
    const [there, missing] = imageFile ? [imageFile, "labels"] : [labelFile, "images"];
    throw new DataFormatError(folder, `has ${there} and no file of its ${missing}`, "Put both into the folder.");
  }
  const pixels = await readBytes(join(folder, imageFile), 3, "images");
  const labels = await readBytes(join(folder, labelFile), 1, "labels");
  const [n = 0, height = 0, width = 0] = pixels.shape;
  if (n !== labels.shape[0]) {
    throw new DataFormatError(
      folder,
      `has ${n} images in ${imageFile} and ${labels.shape[0]} labels in ${labelFile}`,
      "Give the two files of one data set.",
    );
  }
  if (n < 10 || height < 4 || width < 4) {
    throw new DataFormatError(
      join(folder, imageFile),
      `has ${n} images of ${height}x${width} pixels`,
      "It takes 10 images or more, of 4x4 pixels or more.",
    );
  }
  return { images: pixels.data, shape: [n, height, width], labels: labels.data };
}

async function readBytes(path: string, rank: number, what: string): Promise<{ data: Uint8Array; shape: number[] }> {
  const { dtype, shape, data } = await readIdx(await bytesOf(path), { name: path });
  if (dtype !== "uint8" || shape.length !== rank) {
    throw new DataFormatError(
      path,
      `holds ${dtype} [${shape.join(", ")}], no ${what}`,
      `${what === "images" ? "Images are bytes in 3 dimensions" : "Labels are bytes in 1 dimension"}.`,
    );
  }
  return { data, shape };
}

function images(train: Labeled, test: Labeled, about: string): Images {
  const [, height, width] = train.shape;
  const classes = 1 + [train, test].reduce((most, { labels }) => labels.reduce((a, b) => Math.max(a, b), most), 0);
  return { trainSet: dataset(train, 255), testSet: dataset(test, 255), size: [height, width], classes, about };
}

/** Four fifths and a fifth, chosen at random but the same every time. */
function split({ images, shape: [n, height, width], labels }: Labeled): [Labeled, Labeled] {
  const order = permutation(n, { seed: 0, epoch: 0 });
  const pixels = height * width;
  const pick = (indices: Int32Array): Labeled => {
    const picked = new Uint8Array(indices.length * pixels);
    indices.forEach((index, k) => void picked.set(images.subarray(index * pixels, (index + 1) * pixels), k * pixels));
    return {
      images: picked,
      shape: [indices.length, height, width],
      labels: Uint8Array.from(indices, (index) => labels[index] as number),
    };
  };
  const most = Math.round(0.8 * n);
  return [pick(order.subarray(0, most)), pick(order.subarray(most))];
}
