import { empty, manualSeed } from "@anneal/tensor";
import { describe, expect, it, vi } from "vitest";
import { expectDistribution, expectMoments, normalCdf, sortedNumbers } from "../../test/distributions.ts";
import { init } from "../index.ts";

// 200 outputs, 30 inputs, a kernel of 2 x 2: 24,000 numbers, fanIn 120, fanOut 800.
const weight = () => empty([200, 30, 2, 2]);

describe("xavierUniform_ and xavierNormal_", () => {
  it("draw with the standard deviation gain · √(2 / (fanIn + fanOut))", () => {
    manualSeed(2);
    const std = Math.sqrt(2 / 920);
    const uniform = init.xavierUniform_(weight(), { gain: 2 });
    const bound = 2 * std * Math.sqrt(3);
    expectMoments(uniform, 0, 2 * std);
    expectDistribution(uniform, (x) => (x / bound + 1) / 2);
    // Rounding of float32.
    expect(sortedNumbers(uniform).at(-1)).toBeLessThanOrEqual(bound * (1 + 1e-7));
    const normal = init.xavierNormal_(weight());
    expectMoments(normal, 0, std);
    expectDistribution(normal, (x) => normalCdf(x / std));
  });

  it("need two dimensions, but no elements", () => {
    expect(() => init.xavierUniform_(empty([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: xavierUniform_: x has the shape [3], so nobody knows how many inputs and outputs it joins. Give at least two dimensions: [out, in, ...].]`,
    );
    expect(() => init.xavierNormal_(empty([]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: xavierNormal_: x has the shape [], so nobody knows how many inputs and outputs it joins. Give at least two dimensions: [out, in, ...].]`,
    );
    expect(init.xavierUniform_(empty([0, 0])).shape).toEqual([0, 0]);
    expect(init.xavierNormal_(empty([3, 0])).shape).toEqual([3, 0]);
  });
});

describe("kaimingUniform_ and kaimingNormal_", () => {
  it("draw with the standard deviation gain / √fan", () => {
    manualSeed(3);
    const std = Math.sqrt(2 / (1 + 0.3 ** 2) / 120);
    const bound = std * Math.sqrt(3);
    const uniform = init.kaimingUniform_(weight(), { a: 0.3 });
    expectMoments(uniform, 0, std);
    expectDistribution(uniform, (x) => (x / bound + 1) / 2);
    const normal = init.kaimingNormal_(weight(), { mode: "fanOut", nonlinearity: "tanh" });
    expectMoments(normal, 0, 5 / 3 / Math.sqrt(800));
    expectDistribution(normal, (x) => normalCdf((x * Math.sqrt(800) * 3) / 5));
    expectMoments(init.kaimingNormal_(weight()), 0, Math.sqrt(2 / 120));
  });

  it("say what is wrong", () => {
    expect(() => init.kaimingUniform_(empty([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: kaimingUniform_: x has the shape [3], so nobody knows how many inputs and outputs it joins. Give at least two dimensions: [out, in, ...].]`,
    );
    const mode = "fan_out" as "fanOut";
    expect(() => init.kaimingNormal_(empty([3, 2]), { mode })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: kaimingNormal_: mode is "fan_out". Give "fanIn" or "fanOut".]`,
    );
    const nonlinearity = "leaky_relu" as "leakyRelu";
    expect(() => init.kaimingNormal_(empty([3, 2]), { nonlinearity })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: calculateGain: nonlinearity is "leaky_relu". Give "linear", "conv1d", "conv2d", "conv3d", "convTranspose1d", "convTranspose2d", "convTranspose3d", "sigmoid", "tanh", "relu", "selu", "leakyRelu".]`,
    );
  });

  it("warn about a tensor without elements", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(init.kaimingUniform_(empty([0, 3])).shape).toEqual([0, 3]);
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "kaimingUniform_: x [0, 3] has no elements, so there is nothing to initialise.",
        ],
      ]
    `);
    warn.mockRestore();
  });
});
