import { ones, randn } from "@anneal/tensor";
import { describe, expect, it, vi } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance-norm.ts";

testModule("InstanceNorm1d", {
  make: () => new InstanceNorm1d(2),
  shape: [2, 2, 3],
  shown: "InstanceNorm1d(2)",
});

testModule("InstanceNorm2d with options", {
  make: () => new InstanceNorm2d(2, { affine: true, bias: false, eps: 0.1, momentum: null, trackRunningStats: true }),
  shape: [2, 2, 3, 2],
  shown: "InstanceNorm2d(2, { eps: 0.1, momentum: null, affine: true, bias: false, trackRunningStats: true })",
});

testModule("InstanceNorm3d, unbatched", {
  make: () => new InstanceNorm3d(2, { affine: true }),
  shape: [2, 2, 1, 3],
  shown: "InstanceNorm3d(2, { affine: true })",
});

describe("InstanceNorm", () => {
  it("does not count batches, as PyTorch's does not", () => {
    const norm = new InstanceNorm1d(2, { trackRunningStats: true });
    norm.forward(randn([3, 2, 4]));
    expect(norm.buffer("num_batches_tracked")?.itemSync()).toBe(0);
  });

  it("takes one value per channel only where it has running statistics to go by", () => {
    expect(() => new InstanceNorm2d(3).eval().forward(ones([2, 3, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: InstanceNorm2d: x [2, 3, 1, 1] has one value per channel and sample, which has no variance. Give inputs that are larger than 1 in some dimension after the channels.]`,
    );
    const tracked = new InstanceNorm2d(3, { trackRunningStats: true }).eval();
    expect(tracked.forward(ones([2, 3, 1, 1])).shape).toEqual([2, 3, 1, 1]);
  });

  it("says what is wrong with its input", () => {
    expect(() => new InstanceNorm1d(3).forward(ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: InstanceNorm1d: x has the shape [3]. It takes [N, C, L] or [C, L] with C = 3.]`,
    );
    expect(() =>
      new InstanceNorm2d(3, { affine: true }).forward(ones([2, 4, 2, 2])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: InstanceNorm2d: x has the shape [2, 4, 2, 2]. It takes [N, C, H, W] or [C, H, W] with C = 3.]`,
    );
    expect(() =>
      new InstanceNorm3d(3, { trackRunningStats: true }).forward(ones([4, 2, 2, 2])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: InstanceNorm3d: x has the shape [4, 2, 2, 2]. It takes [N, C, D, H, W] or [C, D, H, W] with C = 3.]`,
    );
  });

  it("warns once about another number of channels where nothing depends on it", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const norm = new InstanceNorm1d(3);
    norm.forward(ones([2, 4, 5]));
    expect(norm.forward(ones([2, 4, 5])).shape).toEqual([2, 4, 5]);
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "InstanceNorm1d: x [2, 4, 5] has 4 channels, the layer was made for 3. Make it InstanceNorm1d(4).",
        ],
      ]
    `);
    warn.mockRestore();
  });
});
