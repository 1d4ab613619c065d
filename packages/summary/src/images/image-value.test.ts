import { describe, expect, it } from "vitest";
import { decoded, reference } from "../../test/pictures.ts";
import { imageListValue, imageValue } from "./image-value.ts";

const image = async (...[numbers, dataformats]: [Parameters<typeof imageValue>[2], string]) =>
  decoded((await imageValue("addImage", "tag", numbers, dataformats)).image);

describe("addImage", () => {
  // Bytes, so the very same.
  it.each(reference.images)("draws what PyTorch draws: $name", async ({ image: numbers, dataformats, expected }) => {
    expect(await image(numbers, dataformats)).toEqual(expected);
  });

  it("takes 1.0 and the byte 255 for the same", async () => {
    const white = await image({ shape: [1, 1], data: [1] }, "HW");
    expect(await image({ shape: [1, 1], data: Uint8Array.of(255) }, "HW")).toEqual(white);
    expect(white.pixels.data).toEqual([255, 255, 255]);
  });

  it("cuts off fractions and clips, as PyTorch does", async () => {
    // Recorded from torch: 0.999 * 255 = 254.745.
    const { pixels } = await image([[0.999, 0.5, 1.5, -0.5]], "HW");
    expect(pixels.data.filter((_, i) => i % 3 === 0)).toEqual([254, 127, 255, 0]);
  });

  it("takes a typed array of bytes as bytes, and bools as 0 and 1", async () => {
    expect((await image({ shape: [1, 2], data: Uint8Array.of(7, 200) }, "HW")).pixels.data).toEqual([
      7, 7, 7, 200, 200, 200,
    ]);
    expect((await image({ shape: [1, 2], dtype: "bool", data: Uint8Array.of(0, 1) }, "HW")).pixels.data).toEqual([
      0, 0, 0, 255, 255, 255,
    ]);
  });

  it("waits for numbers that a device still has", async () => {
    const tensor = { shape: [1, 1], dtype: "float32", data: () => Promise.resolve(Float32Array.of(1)) };
    expect((await image(tensor, "HW")).pixels.data).toEqual([255, 255, 255]);
  });

  it("makes a grid of a list of pictures", async () => {
    const list = [0, 0.5, 1].map((value) => ({ shape: [1, 1, 1], data: [value] }));
    const value = await imageListValue("addImages", "tag", list, "CHW");
    expect(decoded(value.image).pixels).toEqual({
      shape: [1, 3, 3],
      dtype: "uint8",
      data: [0, 0, 0, 127, 127, 127, 255, 255, 255],
    });
  });

  it("says what is wrong with a picture", () => {
    const given = (shape: number[], dataformats: string) => () =>
      imageValue("addImage", "tag", { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }, dataformats);
    expect(given([3, 4, 5], "CHH")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: dataformats is "CHH". Give the letters of NCHW, CHW or HW once each, in the order of the dimensions.]`,
    );
    expect(given([3, 4, 5], "NCHW")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: dataformats "NCHW" names 4 dimensions, the argument has [3, 4, 5]. Give a letter for each.]`,
    );
    expect(given([5, 4, 3], "CHW")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: a picture [5, 4, 3] in the order CHW has 5 channels. Give 1 (gray), 3 (red, green, blue) or 4 (with opacity), and say in dataformats which dimension they are.]`,
    );
    expect(given([3, 0, 5], "CHW")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: a picture [3, 0, 5] has no pixels. Give one that has.]`,
    );
    expect(() =>
      imageValue("addImage", "tag", { shape: [1, 2], data: [0, Number.NaN] }, "HW"),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: number 1 of the picture [1, 2] is NaN. Look where it comes from, or give 0 in its place.]`,
    );
    expect(() => imageListValue("addImages", "tag", [], "CHW")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImages: there are no pictures in the list. Give at least one.]`,
    );
    expect(() => imageListValue("addImages", "tag", [[[1]], [[1, 1]]], "HW")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImages: picture 0 is 1 x 1 pixels of 3 channels, picture 1 is 2 x 1 pixels of 3 channels. Give pictures of one size.]`,
    );
  });
});
