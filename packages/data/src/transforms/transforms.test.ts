import { arange, Generator, gradcheck, manualSeed, ones, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { randomCrop } from "./random-crop.ts";
import { randomHorizontalFlip } from "./random-horizontal-flip.ts";

/** [count, 2, height, width]: in each image the pixels count from 1 on, and 1000 more in the second channel. */
const counting = (count: number, height: number, width: number): Tensor =>
  arange(height * width)
    .add(1)
    .reshape([1, 1, height, width])
    .add(tensor([0, 1000]).reshape([1, 2, 1, 1]))
    .expand([count, 2, height, width]);

type Image = number[][][];

const images = (x: Tensor): Image[] => x.arraySync() as Image[];

/** The part of an image that begins at a place, with zeros where there is none. */
const part = (image: Image, top: number, left: number, height: number, width: number): Image =>
  image.map((plane) =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => plane[top + y]?.[left + x] ?? 0)),
  );

/** How far the counts are from equal: the sum of (count - expected)² / expected. */
function chiSquare(counts: Iterable<number>, expected: number): number {
  let sum = 0;
  for (const count of counts) sum += (count - expected) ** 2 / expected;
  return sum;
}

const countsOf = (keys: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

describe("randomCrop", () => {
  it("gives a part of each image to the pixel, the same of all channels", () => {
    manualSeed(1);
    const x = counting(50, 4, 6);
    for (const [i, image] of images(randomCrop(x, [2, 3])).entries()) {
      const first = (image[0]?.[0]?.[0] ?? 0) - 1;
      const [top, left] = [Math.floor(first / 6), first % 6];
      expect(image).toEqual(part(images(x)[i] as Image, top, left, 2, 3));
    }
  });

  it("shifts by no more than the padding, zeros coming in, every shift as often as any other", () => {
    manualSeed(2);
    const count = 9000;
    const x = counting(count, 3, 3);
    const [original] = images(counting(1, 3, 3)) as [Image];
    const all = [-1, 0, 1].flatMap((top) => [-1, 0, 1].map((left) => [top, left] as const));
    const named = new Map(all.map(([top, left]) => [String(part(original, top, left, 3, 3)), `${top} ${left}`]));
    const shifts = images(randomCrop(x, 3, { padding: 1 })).map((image) => named.get(String(image)) ?? "another");
    expect(shifts).not.toContain("another");
    const counts = countsOf(shifts);
    expect(counts.size).toBe(9);
    // 8 degrees of freedom: a fair source is above 26.1 once in a thousand seeds.
    expect(chiSquare(counts.values(), count / 9)).toBeLessThan(26.1);
    // Neighbours in a batch know nothing of each other: 81 pairs, 80 degrees of freedom, 124.8 once in a thousand.
    const pairs = countsOf(shifts.flatMap((shift, i) => (i % 2 ? [`${shifts[i - 1]}, ${shift}`] : [])));
    expect(chiSquare(pairs.values(), count / 2 / 81)).toBeLessThan(124.8);
  });

  it("takes the same part of all images where it is told to", () => {
    manualSeed(9);
    const firsts = Array.from({ length: 200 }, () => {
      const cropped = randomCrop(counting(5, 4, 6), 3, { perImage: false });
      const all = images(cropped).map((image) => image[0]?.[0]?.[0]);
      expect(new Set(all).size).toBe(1);
      return all[0];
    });
    // 2 x 4 places: that 200 draws leave one out is as likely as 8 · (7/8)^200, once in 10^10.
    expect(new Set(firsts).size).toBe(8);
  });

  it("pads each dimension by its own", () => {
    const shifted = images(randomCrop(counting(40, 2, 2), 2, { padding: [0, 1] }));
    // Rows stay where they are: the first row holds 1 and 2 or zeros.
    for (const [plane] of shifted) expect([0, 1, 2]).toContain(plane?.[0]?.[0]);
    expect(randomCrop(ones([1, 1, 4, 4]), [4, 8], { padding: [0, 2] }).arraySync()).toEqual(
      ones([1, 1, 4, 4]).pad([2, 2]).arraySync(),
    );
  });

  it("takes a single image, and all of it where there is nothing to choose", () => {
    const x = counting(1, 3, 4).squeeze(0);
    expect(randomCrop(x, [3, 4]).arraySync()).toEqual(x.arraySync());
    expect(randomCrop(x, 2).shape).toEqual([2, 2, 2]);
    expect(randomCrop(ones([0, 3, 8, 8]), 4).shape).toEqual([0, 3, 4, 4]);
  });

  it("refuses sizes that are none or do not fit", () => {
    const x = ones([2, 3, 8, 8]);
    expect(() => randomCrop(x, 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: randomCrop: size is 0. Give a whole number of pixels from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => randomCrop(x, [4, 1.5])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: randomCrop: size is [4, 1.5]. Give a whole number of pixels from 1 on, or two, [vertical, horizontal].]`,
    );
    expect(() => randomCrop(x, 4, { padding: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: randomCrop: padding is -1. Give a whole number of pixels from 0 on, or two, [vertical, horizontal].]`,
    );
    expect(() => randomCrop(x, 11, { padding: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: randomCrop: 11x11 pixels do not fit into images of 10x10, padding included. Crop to a smaller size, or pad more.]`,
    );
    expect(() => randomCrop(ones([8, 8]), 4)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: randomCrop: images has the shape [8, 8]. It takes [N, C, H, W], or one image, [C, H, W].]`,
    );
  });
});

describe("randomHorizontalFlip", () => {
  it("mirrors an image whole or not at all, half of them", () => {
    manualSeed(3);
    const x = counting(2000, 2, 3);
    const [before] = images(x) as [Image];
    const mirrored = before.map((plane) => plane.map((row) => row.toReversed()));
    const flipped = images(randomHorizontalFlip(x)).map((image) => {
      const is = JSON.stringify(image) === JSON.stringify(mirrored);
      expect(image).toEqual(is ? mirrored : before);
      return is;
    });
    // 1,000 ± 4 deviations of √(2000 / 4): outside once in 16,000 seeds.
    expect(Math.abs(flipped.filter(Boolean).length - 1000)).toBeLessThan(90);
    // As many changes from one image to the next: they do not come in runs.
    const changes = flipped.filter((is, i) => i > 0 && is !== flipped[i - 1]).length;
    expect(Math.abs(changes - 999.5)).toBeLessThan(90);
  });

  it("does so as often as p says", () => {
    const x = counting(500, 1, 2);
    expect(randomHorizontalFlip(x, { p: 0 }).arraySync()).toEqual(x.arraySync());
    expect(randomHorizontalFlip(x, { p: 1 }).arraySync()).toEqual(x.flip([-1]).arraySync());
    manualSeed(4);
    const rare = randomHorizontalFlip(x, { p: 0.1 }).select(1, 0).select(1, 0).select(1, 0).eq(2).sum().itemSync();
    // 50 ± 4 deviations of √(500 · 0.09).
    expect(Math.abs(rare - 50)).toBeLessThan(27);
  });

  it("mirrors all images or none where it is told to", () => {
    manualSeed(10);
    const x = counting(5, 1, 2);
    const firsts = Array.from({ length: 100 }, () => {
      const all = images(randomHorizontalFlip(x, { perImage: false })).map((image) => image[0]?.[0]?.[0]);
      expect(new Set(all).size).toBe(1);
      return all[0] ?? 0;
    });
    // Ones and twos: 150 ± 4 deviations of √(100 / 4).
    expect(Math.abs(firsts.reduce((sum, each) => sum + each, 0) - 150)).toBeLessThan(21);
  });

  it("takes a single image", () => {
    expect(randomHorizontalFlip(tensor([[[1, 2]], [[3, 4]]]), { p: 1 }).arraySync()).toEqual([[[2, 1]], [[4, 3]]]);
  });

  it("refuses what is no probability or no image", () => {
    expect(() => randomHorizontalFlip(ones([1, 1, 2, 2]), { p: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: randomHorizontalFlip: p is 1.5. Give a probability from 0 to 1.]`,
    );
    expect(() => randomHorizontalFlip(ones([4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: randomHorizontalFlip: images has the shape [4]. It takes [N, C, H, W], or one image, [C, H, W].]`,
    );
  });
});

describe.each<[string, (x: Tensor, generator?: Generator) => Tensor]>([
  ["randomCrop", (x, generator) => randomCrop(x, 3, { padding: 2, ...(generator && { generator }) })],
  ["randomHorizontalFlip", (x, generator) => randomHorizontalFlip(x, { ...(generator && { generator }) })],
])("%s, as every transform,", (_, transform) => {
  it("follows the seed, or the generator it is given, on every device", () => {
    const draw = (seed: number): unknown => {
      manualSeed(seed);
      return transform(counting(20, 3, 5)).arraySync();
    };
    const first = draw(5);
    expect(draw(5)).toEqual(first);
    expect(draw(6)).not.toEqual(first);
    expect(transform(counting(20, 3, 5), new Generator(5)).arraySync()).toEqual(first);
    expect(transform(counting(20, 3, 5).to(reference()), new Generator(5)).arraySync()).toEqual(first);
  });

  it("keeps the dtype: bytes stay bytes", () => {
    const x = counting(20, 3, 5).remainder(200);
    const bytes = transform(x.to("uint8"), new Generator(7));
    expect(bytes.dtype).toBe("uint8");
    expect(bytes.arraySync()).toEqual(transform(x, new Generator(7)).arraySync());
  });

  it("lets gradients through to the pixels they come from", () => {
    const x = counting(3, 3, 5).div(100).to("float64").contiguous();
    x.requiresGrad = true;
    expect(gradcheck((images: Tensor) => transform(images, new Generator(8)), [x])).toBe(true);
  });
});
