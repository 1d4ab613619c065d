import { permutation } from "../random/permutation.ts";
import { digitsText } from "./digits-text.ts";

/** Images of handwritten digits and what they show. */
export interface Digits {
  /** Row-major, 0 (paper) to 16 (ink). */
  images: Uint8Array;
  /** `[N, 8, 8]` */
  shape: [count: number, height: 8, width: 8];
  /** The digit that each image shows, 0 to 9. */
  labels: Uint8Array;
}

const size = 64;
const [zero, a, q, r, A] = [..."0aqrA"].map((letter) => letter.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
];

/**
 * The handwritten digits of the UCI repository as scikit-learn ships them: 1,797 images of 8x8. Made anew at each call.
 *
 * Alpaydin & Kaynak 1998, CC BY 4.0: see `digits/SOURCE.md`.
 *
 * @example
 * const { images, shape, labels } = digits();
 * shape; // => [1797, 8, 8]
 * labels.slice(0, 3); // => Uint8Array [0, 1, 2]
 * @see {@link https://doi.org/10.24432/C50P49}
 */
export function digits(): Digits {
  const lines = digitsText.trim().split("\n");
  const images = new Uint8Array(lines.length * size);
  const labels = new Uint8Array(lines.length);
  lines.forEach((line, image) => {
    labels[image] = line.charCodeAt(0) - zero;
    let at = image * size;
    for (let i = 1; i < line.length; i++) {
      const code = line.charCodeAt(i);
      // A run of zeros, which are there already; one pixel; a run of sixteens.
      if (code < a) at += code - A + 2;
      else if (code <= q) images[at++] = code - a;
      else at = fill(images, 16, at, code - r + 2);
    }
  });
  return { images, shape: [lines.length, 8, 8], labels };
}

function fill(images: Uint8Array, value: number, start: number, count: number): number {
  images.fill(value, start, start + count);
  return start + count;
}

/** The digits in two parts. */
export interface DigitsSplit {
  train: Digits;
  test: Digits;
}

export interface DigitsSplitOptions {
  /**
   * Which images go where: another seed, another split.
   * @defaultValue 0
   */
  seed?: number;
  /**
   * How many images are for testing.
   * @defaultValue 360, a fifth
   */
  testSize?: number;
}

/**
 * {@link digits}, split at random into images to train on and images to test with. The same seed gives the same split everywhere.
 *
 * @throws {RangeError} if `testSize` is not a whole number from 0 to 1,797
 * @example
 * const { train, test } = digitsSplit();
 * [train.shape[0], test.shape[0]]; // => [1437, 360]
 */
export function digitsSplit({ seed = 0, testSize = 360 }: DigitsSplitOptions = {}): DigitsSplit {
  const all = digits();
  const [count] = all.shape;
  if (!(Number.isInteger(testSize) && testSize >= 0 && testSize <= count)) {
    throw new RangeError(`digitsSplit: testSize must be a whole number of images from 0 to ${count}, got ${testSize}.`);
  }
  const order = permutation(count, { seed, epoch: 0 });
  return { test: pick(all, order.subarray(0, testSize)), train: pick(all, order.subarray(testSize)) };
}

function pick({ images, labels }: Digits, indices: Int32Array): Digits {
  const picked = new Uint8Array(indices.length * size);
  for (const [position, index] of indices.entries()) {
    picked.set(images.subarray(index * size, (index + 1) * size), position * size);
  }
  return {
    images: picked,
    shape: [indices.length, 8, 8],
    labels: Uint8Array.from(indices, (index) => labels[index] ?? 0),
  };
}
