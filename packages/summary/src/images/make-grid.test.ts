import { describe, expect, expectTypeOf, it } from "vitest";
import { reference } from "../../test/pictures.ts";
import { type Grid, makeGrid } from "./make-grid.ts";

describe("makeGrid", () => {
  it.each(reference.grids)("gives the numbers of torchvision's formula: $name", ({ images, options, expected }) => {
    const { pad_value: padValue, value_range: valueRange, scale_each: scaleEach, ...rest } = options;
    const grid = makeGrid(images, {
      ...rest,
      ...(padValue !== undefined && { padValue }),
      ...(valueRange && { valueRange }),
      ...(scaleEach && { scaleEach }),
    });
    // Each step in float32 as there, so no tolerance.
    expect({ ...grid, data: Array.from(grid.data) }).toEqual(expected);
  });

  it("takes a list of pictures, and pictures as lists", () => {
    const [a, b] = [1, 2].map((value) => ({ shape: [1, 1, 1], data: [value] }));
    const listed = makeGrid(
      [a, b].filter((each) => each !== undefined),
      { padding: 0 },
    );
    expect(listed).toEqual(makeGrid([[[[1]]], [[[2]]]], { padding: 0 }));
    expect(Array.from(listed.data)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(
      makeGrid(
        [
          { shape: [1, 1], data: [1] },
          { shape: [1, 1], data: [2] },
        ],
        { padding: 0 },
      ),
    ).toEqual(listed);
  });

  it("normalizes bytes too", () => {
    expect(makeGrid({ shape: [1, 2], data: Uint8Array.of(10, 20) }, { normalize: true })).toEqual({
      shape: [3, 1, 2],
      dtype: "float32",
      data: Float32Array.of(0, 1, 0, 1, 0, 1),
    });
  });

  it("gives a promise where a device still has the numbers", async () => {
    const tensor = { shape: [1, 1], dtype: "float32", data: () => Promise.resolve(Float32Array.of(0.5)) };
    const grid = makeGrid(tensor);
    expectTypeOf(grid).toEqualTypeOf<Promise<Grid>>();
    expect((await grid).shape).toEqual([3, 1, 1]);
    expectTypeOf(makeGrid([[0.5]])).toEqualTypeOf<Grid>();
  });

  it("says what is wrong", () => {
    const images = { shape: [2, 3, 2, 2], data: new Float32Array(24) };
    expect(() => makeGrid(images, { nrow: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: nrow must be a whole number from 1 up, got 0.]`,
    );
    expect(() => makeGrid(images, { padding: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: padding must be a whole number from 0 up, got 1.5.]`,
    );
    expect(() => makeGrid(images, { valueRange: [1, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: valueRange must be [low, high], the lower number first, got [1, 0].]`,
    );
    // @ts-expect-error: PyTorch's name
    expect(() => makeGrid(images, { scale_each: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: no option scale_each. Did you mean scaleEach?]`,
    );
    expect(() => makeGrid({ shape: [4], data: [1, 2, 3, 4] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: images of the shape [4]. Give [N, C, H, W], or one image [C, H, W] or [H, W].]`,
    );
    expect(() => makeGrid({ shape: [0, 3, 2, 2], data: [] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: images of the shape [0, 3, 2, 2] have no pixels. Give some that have.]`,
    );
    expect(() =>
      makeGrid([
        { shape: [1, 1], data: [1] },
        { shape: [1, 2], data: [1, 2] },
      ]),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: makeGrid: image 0 is float64 [1, 1], image 1 is float64 [1, 2]. Give images of one size and dtype.]`,
    );
  });
});
