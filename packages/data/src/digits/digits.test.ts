import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digits, digitsSplit } from "./digits.ts";

// Recorded from scikit-learn by reference/generate.py.
const reference = JSON.parse(readFileSync(new URL("../../reference/digits.json", import.meta.url), "utf8"));

describe("digits", () => {
  const { images, shape, labels } = digits();
  const imageOf = (index: number): Uint8Array => images.subarray(64 * index, 64 * (index + 1));

  it("are scikit-learn's, image for image and pixel for pixel", () => {
    expect(shape).toEqual(reference.shape);
    expect([...labels].join("")).toBe(reference.labels);
    const sums = Array.from(labels, (_, index) => imageOf(index).reduce((sum, x) => sum + x, 0));
    expect(sums).toEqual(reference.sum_of_each_image);
    const ofPixels = Array.from({ length: 64 }, (_, pixel) =>
      sums.reduce((sum, _, index) => sum + (imageOf(index)[pixel] ?? 0), 0),
    );
    expect(ofPixels).toEqual(reference.sum_of_each_pixel.flat());
    expect([...imageOf(shape[0] - 1)]).toEqual(reference.last_image.flat());
  });

  it("have the classes that the UCI repository counts in its test set", () => {
    const counts = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  it("are new arrays at each call", () => {
    digits().images.fill(0);
    expect(digits().images).toEqual(images);
  });
});

describe("digitsSplit", () => {
  /** Images as text, sorted, so that sets of them can be compared. */
  const asText = (...parts: { images: Uint8Array; labels: Uint8Array }[]): string[] =>
    parts
      .flatMap((part) => Array.from(part.labels, (label, i) => `${label}:${part.images.subarray(64 * i, 64 * i + 64)}`))
      .sort();

  it("puts every image, with its label, into one part", () => {
    const { train, test } = digitsSplit({ testSize: 100 });
    expect([train.shape, test.shape]).toEqual([
      [1697, 8, 8],
      [100, 8, 8],
    ]);
    expect(asText(train, test)).toEqual(asText(digits()));
  });

  it("depends on the seed only", () => {
    expect(digitsSplit()).toEqual(digitsSplit({ seed: 0, testSize: 360 }));
    expect(digitsSplit({ seed: 1 }).test.labels).not.toEqual(digitsSplit().test.labels);
  });

  it("refuses a part larger than the whole", () => {
    expect(() => digitsSplit({ testSize: 1798 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: digitsSplit: testSize must be a whole number of images from 0 to 1797, got 1798.]`,
    );
  });
});
