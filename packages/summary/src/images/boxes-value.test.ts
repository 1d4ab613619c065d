import { afterEach, describe, expect, it, vi } from "vitest";
import { decoded, reference } from "../../test/pictures.ts";
import { boxesValue } from "./boxes-value.ts";

const defaults = { dataformats: "CHW", rescale: 1, labels: undefined };
const drawn = async (
  ...[image, boxes, options]: [...Parameters<typeof boxesValue>] extends [string, ...infer Rest] ? Rest : never
) => decoded((await boxesValue("tag", image, boxes, options)).image);

describe("addImageWithBoxes", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(reference.boxes.cases)("draws boxes where PyTorch does: $name", async ({ boxes, rescale, expected }) => {
    const { pixels, ...sizes } = await drawn(reference.boxes.image, boxes, { ...defaults, rescale });
    const { pixels: theirs, ...theirSizes } = expected;
    expect(sizes).toEqual(theirSizes);
    expect(pixels.shape).toEqual(theirs.shape);
    // Rescaled, Pillow computes with weights of 22 bits and rounds between the directions as we do: one level apart at most.
    const tolerance = rescale === 1 ? 0 : 1;
    const apart = pixels.data.map((value, i) => Math.abs(value - Number(theirs.data[i])));
    expect(Math.max(...apart)).toBeLessThanOrEqual(tolerance);
  });

  const white = { shape: [1, 30, 60], data: new Float32Array(1800).fill(1) };
  const isBlack = (data: readonly number[], x: number, y: number) => data[(y * 60 + x) * 3] === 0;

  it("writes labels in black on red at the lower left corner", async () => {
    const { pixels } = await drawn(white, [[5, 5, 50, 25]], { ...defaults, labels: ["T"] });
    const rows = Array.from({ length: 7 }, (_, y) =>
      Array.from({ length: 5 }, (_, x) => (isBlack(pixels.data, 6 + x, 16 + y) ? "#" : ".")).join(""),
    );
    // The letter as a person sees it.
    expect(rows).toEqual(["#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."]);
    expect(pixels.data.slice((16 * 60 + 11) * 3, (16 * 60 + 11) * 3 + 3)).toEqual([255, 0, 0]);
  });

  it("shows no labels, and says so, where there are not as many as boxes, as PyTorch does", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { pixels } = await drawn(white, [[5, 5, 50, 25]], { ...defaults, labels: ["a", "b"] });
    expect(pixels).toEqual((await drawn(white, [[5, 5, 50, 25]], defaults)).pixels);
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "addImageWithBoxes: there are 2 labels for 1 boxes, so none is shown. Give one for each.",
        ],
      ]
    `);
  });

  it("draws no boxes where there are none", async () => {
    expect((await drawn(white, [], defaults)).pixels.data.every((value) => value === 255)).toBe(true);
  });

  it("says what is wrong with boxes", () => {
    const given =
      (boxes: number[][], rescale = 1) =>
      () =>
        boxesValue("tag", white, boxes, { ...defaults, rescale });
    expect(given([[1, 2, 3]])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImageWithBoxes: the boxes have the shape [1, 3]. Give [N, 4]: left, top, right, bottom.]`,
    );
    expect(given([[1, 2, 3, Number.NaN]])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImageWithBoxes: box 0 is [1, 2, 3, NaN]. Give finite numbers of pixels.]`,
    );
    expect(given([[1, 2, 3, 4]], 0.01)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImageWithBoxes: a rescale of 0.01 leaves nothing of 60 x 30 pixels.]`,
    );
  });
});
