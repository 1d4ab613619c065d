import { ones, randn, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { batchNorm, groupNorm, instanceNorm, layerNorm, localResponseNorm, normalize, rmsNorm } from "./index.ts";

describe("batchNorm", () => {
  it("moves the running statistics it is given in place, in training only", () => {
    const [mean, variance] = [zeros([1]), ones([1])];
    const x = tensor([[1], [3]]);
    batchNorm(x, mean, variance);
    expect([mean.itemSync(), variance.itemSync()]).toEqual([0, 1]);
    batchNorm(x, mean, variance, { training: true, momentum: 0.5 });
    // Half of the mean 2; half of the variance 2 (with correction) and of 1 before.
    expect([mean.itemSync(), variance.itemSync()]).toEqual([1, 1.5]);
  });

  it("says what is missing or does not fit", () => {
    const x = ones([4, 3]);
    expect(() => batchNorm(x, null, ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: batchNorm: runningMean or runningVar is null, and training is false. Give both, or training: true to normalize by the batch.]`,
    );
    expect(() => batchNorm(x, zeros([2]), ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: batchNorm: runningMean has the shape [2], x [4, 3] has 3 channels. Give one number for each, [3].]`,
    );
    expect(() => batchNorm(x, null, null, { training: true, weight: ones([3, 1]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: batchNorm: weight has the shape [3, 1], x [4, 3] has 3 channels. Give one number for each, [3].]`,
    );
    expect(() => batchNorm(ones([4]), null, null, { training: true })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: batchNorm: x has the shape [4]. It takes [N, C, ...].]`,
    );
    expect(() => batchNorm(ones([1, 3]), null, null, { training: true })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: batchNorm: x [1, 3] has one value per channel, which has no variance. Give larger batches, or training: false with running statistics.]`,
    );
    expect(() => batchNorm(x, null, null, { training: true, momentum: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: batchNorm: momentum is 2. Give a number from 0 to 1.]`,
    );
    expect(() => batchNorm(x, null, null, { training: true, eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: batchNorm: eps is -1. Give a number from 0 on.]`,
    );
  });
});

describe("instanceNorm", () => {
  it("moves running statistics to the mean of those of the samples", () => {
    const [runningMean, runningVar] = [zeros([1]), ones([1])];
    const x = tensor([[[1, 3]], [[5, 9]]]);
    instanceNorm(x, { runningMean, runningVar, momentum: 1 });
    // Means 2 and 7, variances with correction 2 and 8.
    expect([runningMean.itemSync(), runningVar.itemSync()]).toEqual([4.5, 5]);
  });

  it("says what is missing or does not fit", () => {
    expect(() => instanceNorm(ones([2, 3, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: instanceNorm: x [2, 3, 1] has one value per channel and sample, which has no variance. Give inputs that are larger than 1 in some dimension after the channels.]`,
    );
    expect(() => instanceNorm(ones([2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: instanceNorm: x [2, 3] has one value per channel and sample, which has no variance. Give inputs that are larger than 1 in some dimension after the channels.]`,
    );
    expect(() => instanceNorm(ones([2, 3, 4]), { useInputStats: false })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: instanceNorm: runningMean or runningVar is missing, and useInputStats is false. Give both, or useInputStats: true.]`,
    );
    expect(() => instanceNorm(ones([2, 3, 4]), { bias: ones([4]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: instanceNorm: bias has the shape [4], x [2, 3, 4] has 3 channels. Give one number for each, [3].]`,
    );
  });
});

describe("layerNorm and rmsNorm", () => {
  it("say which shapes do not fit", () => {
    expect(() => layerNorm(ones([2, 3]), [4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: x has the shape [2, 3], normalizedShape is [4]. Give an x of the shape [..., 4], or its last sizes.]`,
    );
    expect(() => layerNorm(ones([3]), [2, 3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: x has the shape [3], normalizedShape is [2, 3]. Give an x of the shape [..., 2, 3], or its last sizes.]`,
    );
    expect(() => layerNorm(ones([3]), [])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: x has the shape [3], normalizedShape is []. Name at least one dimension to normalize over.]`,
    );
    expect(() => layerNorm(ones([2, 3]), 3, { bias: ones([2, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: layerNorm: bias has the shape [2, 3], normalizedShape is [3]. They must be equal.]`,
    );
    expect(() => layerNorm(ones([2, 3]), 3, { eps: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: layerNorm: eps is NaN. Give a number from 0 on.]`,
    );
    expect(() => rmsNorm(ones([2, 3]), 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: rmsNorm: x has the shape [2, 3], normalizedShape is [2]. Give an x of the shape [..., 2], or its last sizes.]`,
    );
    expect(() => rmsNorm(ones([2, 3]), 3, { weight: ones([1]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: rmsNorm: weight has the shape [1], normalizedShape is [3]. They must be equal.]`,
    );
  });

  it("give mean 0 and variance 1, also far from 0", () => {
    const y = layerNorm(randn([4, 256]).mul(0.5).add(1000), 256);
    // Numbers around 1000 have a spacing of 6e-5, of a deviation of 0.5.
    expect(y.mean(1).abs().amax().itemSync()).toBeLessThan(1e-3);
    expect(y.var(1, { correction: 0 }).sub(1).abs().amax().itemSync()).toBeLessThan(1e-3);
  });

  it("rmsNorm takes the machine's epsilon of float64 for float64", () => {
    // √(1e-16 + 2^-52) and √(1e-16 + 2^-23) are far apart; to 1e-9 of a float64.
    const x = tensor([1e-8], { dtype: "float64" });
    expect(rmsNorm(x, 1).itemSync()).toBeCloseTo(1e-8 / Math.sqrt(1e-16 + 2 ** -52), 9);
    expect(rmsNorm(x.to("float32"), 1).itemSync()).toBeCloseTo(1e-8 / Math.sqrt(1e-16 + 2 ** -23), 9);
  });
});

describe("groupNorm", () => {
  it("says what does not fit", () => {
    expect(() => groupNorm(ones([2, 6, 3]), 4)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: groupNorm: numGroups 4 does not divide 6 channels. It must divide them.]`,
    );
    expect(() => groupNorm(ones([2, 6, 3]), 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: groupNorm: numGroups is 0. Give an integer from 1 on.]`,
    );
    expect(() => groupNorm(ones([6]), 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: groupNorm: x has the shape [6]. It takes [N, C, ...].]`,
    );
    expect(() => groupNorm(ones([1, 2]), 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: groupNorm: x [1, 2] has one value for each of 2 groups, which has no variance. Give larger inputs, or fewer groups.]`,
    );
    expect(() => groupNorm(ones([2, 6, 3]), 2, { weight: ones([2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: groupNorm: weight has the shape [2], x [2, 6, 3] has 6 channels. Give one number for each, [6].]`,
    );
  });
});

describe("localResponseNorm", () => {
  it("says what does not fit, and gives back what is empty", () => {
    expect(() => localResponseNorm(ones([2, 3]), 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: localResponseNorm: x has the shape [2, 3]. It takes [N, C, ...] with at least one dimension after C.]`,
    );
    expect(() => localResponseNorm(ones([2, 3, 4]), 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: localResponseNorm: size is 0. Give an integer from 1 on.]`,
    );
    expect(localResponseNorm(ones([0, 3, 4]), 2).shape).toEqual([0, 3, 4]);
  });
});

describe("normalize", () => {
  it("gives vectors of norm 1, and leaves zeros with a gradient that is finite", () => {
    const x = randn([5, 3]);
    // A few roundings of float32.
    expect(normalize(x).norm({ dim: 1 }).sub(1).abs().amax().itemSync()).toBeLessThan(1e-6);
    const zero = zeros([1, 2], { requiresGrad: true });
    const y = normalize(zero, { eps: 0.5 });
    expect(y.arraySync()).toEqual([[0, 0]]);
    y.sum().backward();
    // x / eps, as long as the norm is smaller.
    expect(zero.grad?.arraySync()).toEqual([[2, 2]]);
  });

  it("says what is wrong", () => {
    expect(() => normalize(ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: norm: dim 1 is not a dimension of a tensor of 1 dimension. Give an integer from -1 to 0.]`,
    );
    expect(() => normalize(ones([2, 3]), { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: normalize: eps is -1. Give a number from 0 on.]`,
    );
  });
});
