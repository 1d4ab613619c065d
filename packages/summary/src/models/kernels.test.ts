import { describe, expect, it } from "vitest";
import { makeGrid } from "../images/make-grid.ts";
import { kernels } from "./kernels.ts";

const weight = (shape: readonly number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i % 11),
});

describe("kernels", () => {
  it("gives a row for each output channel, a kernel for each input channel", async () => {
    const layer = { weight: weight([4, 2, 3, 3]) };
    const grid = await kernels(layer);
    // What people write in PyTorch: make_grid(weight.view(-1, 1, 3, 3), normalize=True, scale_each=True, nrow=in_channels).
    const options = { normalize: true, scaleEach: true, nrow: 2 };
    expect(grid).toEqual(makeGrid({ ...layer.weight, shape: [8, 1, 3, 3] }, options));
    expect(grid.shape).toEqual([3, 4 * 5 + 2, 2 * 5 + 2]);
  });

  it("shows kernels of three channels in color, if not told otherwise", async () => {
    const layer = { weight: weight([10, 3, 3, 3]) };
    expect((await kernels(layer)).shape).toEqual([3, 2 * 5 + 2, 8 * 5 + 2]);
    expect((await kernels(layer, { color: false })).shape).toEqual([3, 10 * 5 + 2, 3 * 5 + 2]);
    expect((await kernels(layer, { nrow: 5, padding: 0 })).shape).toEqual([3, 6, 15]);
  });

  it("puts gray kernels of one input channel 8 in a row", async () => {
    expect((await kernels({ weight: weight([16, 1, 3, 3]) })).shape).toEqual([3, 2 * 5 + 2, 8 * 5 + 2]);
  });

  it("says what is wrong with a layer", async () => {
    await expect(kernels({ weight: weight([4, 3]) })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: kernels: the weight has the shape [4, 3]. Give a convolution over pictures, whose weight is [out, in, H, W].]`,
    );
    await expect(kernels({ weight: weight([4, 2, 3, 3]) }, { color: true })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: kernels: a kernel of 2 input channels has no color. Leave out color, or say false.]`,
    );
  });
});
