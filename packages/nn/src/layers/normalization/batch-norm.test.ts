import { memory, ones, randn, scope, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch-norm.ts";

testModule("BatchNorm1d", {
  make: () => new BatchNorm1d(3),
  shape: [4, 3],
  shown: "BatchNorm1d(3)",
});

testModule("BatchNorm2d with options", {
  make: () => new BatchNorm2d(2, { eps: 0.1, momentum: null, bias: false, trackRunningStats: false }),
  shape: [2, 2, 3, 2],
  shown: "BatchNorm2d(2, { eps: 0.1, momentum: null, bias: false, trackRunningStats: false })",
});

testModule("BatchNorm3d", {
  make: () => new BatchNorm3d(2, { affine: false }),
  shape: [2, 2, 2, 1, 2],
  shown: "BatchNorm3d(2, { affine: false })",
});

describe("BatchNorm", () => {
  it("learns nothing about the batch in eval mode, and nothing for the gradient", () => {
    const norm = new BatchNorm1d(2).eval();
    norm.forward(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(norm.runningMean?.arraySync()).toEqual([0, 0]);
    expect(norm.buffer("num_batches_tracked")?.itemSync()).toBe(0);
    norm
      .train()
      .forward(
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          { requiresGrad: true },
        ),
      )
      .sum()
      .backward();
    expect(norm.runningMean?.requiresGrad).toBe(false);
    // 0.1 of the batch's means 2 and 3; of its variances with correction 2, and 0.9 of 1: float32 to 1e-6.
    expect(norm.runningMean?.arraySync()).toEqual([expect.closeTo(0.2, 6), expect.closeTo(0.3, 6)]);
    expect(norm.runningVar?.arraySync()).toEqual([expect.closeTo(1.1, 6), expect.closeTo(1.1, 6)]);
    expect(norm.buffer("num_batches_tracked")?.itemSync()).toBe(1);
  });

  it("leaves results computed before the running statistics moved as they were", () => {
    const norm = new BatchNorm1d(1).eval();
    const x = tensor([[1], [3]]);
    const before = norm.forward(x);
    norm.train().forward(x);
    expect(before.arraySync()).toEqual([[expect.closeTo(1, 4)], [expect.closeTo(3, 4)]]);
  });

  it("gives each channel mean 0 and variance 1, also far from 0", () => {
    const x = randn([64, 2, 3, 3]).mul(0.5).add(1000);
    const y = new BatchNorm2d(2).forward(x);
    // Numbers around 1000 have a spacing of 6e-5, of a deviation of 0.5.
    expect(y.mean([0, 2, 3]).arraySync()).toEqual([expect.closeTo(0, 3), expect.closeTo(0, 3)]);
    expect(y.var([0, 2, 3], { correction: 0 }).arraySync()).toEqual([expect.closeTo(1, 3), expect.closeTo(1, 3)]);
  });

  it("keeps its running statistics and nothing else from batch to batch", () => {
    const norm = new BatchNorm2d(3);
    const step = () => scope(() => void norm.forward(randn([4, 3, 2, 2])).realize());
    step();
    const before = memory();
    for (let i = 0; i < 5; i++) step();
    expect(memory()).toEqual(before);
  });

  it("takes another momentum, and forgets its running statistics when told", () => {
    const norm = new BatchNorm1d(1, { momentum: 0.5 });
    const x = tensor([[1], [3]]);
    norm.forward(x);
    norm.resetRunningStats();
    expect([norm.runningMean, norm.runningVar, norm.numBatchesTracked].map((each) => each?.arraySync())).toEqual([
      [0],
      [1],
      0,
    ]);
    expect(norm.momentum).toBe(0.5);
    // Mean 2 and variance (with correction) 2: all of them at 1, the plain mean of what was seen at null.
    norm.momentum = 1;
    norm.forward(x);
    expect([norm.runningMean?.arraySync(), norm.runningVar?.arraySync()]).toEqual([[2], [2]]);
    norm.momentum = null;
    norm.forward(x.add(2));
    expect([norm.runningMean?.arraySync(), norm.numBatchesTracked?.itemSync()]).toEqual([[3], 2]);
    expect(String(norm)).toBe("BatchNorm1d(1, { momentum: null })");
    expect(() => {
      norm.momentum = 2;
    }).toThrowErrorMatchingInlineSnapshot(`[OptionError: BatchNorm1d: momentum is 2. Give a number from 0 to 1.]`);
    const untracked = new BatchNorm1d(1, { trackRunningStats: false });
    expect(untracked.numBatchesTracked).toBe(null);
    untracked.resetRunningStats();
  });

  it("says what is wrong with its options", () => {
    expect(() => new BatchNorm1d(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: BatchNorm1d: numFeatures is 0. Give an integer from 1 on.]`,
    );
    expect(() => new BatchNorm2d(3, { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: BatchNorm2d: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => new BatchNorm2d(3, { momentum: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: BatchNorm2d: momentum is 1.5. Give a number from 0 to 1.]`,
    );
  });

  it("says what is wrong with its input", () => {
    expect(() => new BatchNorm1d(3).forward(ones([2, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm1d: x has the shape [2, 4]. It takes [N, C] or [N, C, L] with C = 3.]`,
    );
    expect(() => new BatchNorm1d(3).forward(ones([2, 3, 4, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm1d: x has the shape [2, 3, 4, 5]. It takes [N, C] or [N, C, L] with C = 3.]`,
    );
    expect(() => new BatchNorm2d(3).forward(ones([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm2d: x has the shape [2, 3]. It takes [N, C, H, W] with C = 3.]`,
    );
    expect(() => new BatchNorm3d(3).forward(ones([2, 3, 4, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm3d: x has the shape [2, 3, 4, 4]. It takes [N, C, D, H, W] with C = 3.]`,
    );
  });

  it("refuses one value per channel where it needs their variance", () => {
    expect(() => new BatchNorm1d(3).forward(ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm1d: x [1, 3] has one value per channel, which has no variance. Train on larger batches (dropLast in the DataLoader), or call eval().]`,
    );
    expect(() => new BatchNorm2d(3).forward(ones([1, 3, 1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm2d: x [1, 3, 1, 1] has one value per channel, which has no variance. Train on larger batches (dropLast in the DataLoader), or call eval().]`,
    );
    const untracked = new BatchNorm1d(3, { trackRunningStats: false }).eval();
    expect(() => untracked.forward(ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: BatchNorm1d: x [1, 3] has one value per channel, which has no variance. Use larger batches, or trackRunningStats.]`,
    );
    expect(new BatchNorm1d(3).eval().forward(ones([1, 3])).shape).toEqual([1, 3]);
    expect(new BatchNorm1d(3).forward(ones([0, 3])).shape).toEqual([0, 3]);
  });
});
