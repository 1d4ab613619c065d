import { describe, expect, it } from "vitest";
import { init } from "../index.ts";

describe("calculateGain", () => {
  it("gives PyTorch's numbers", () => {
    // torch.nn.init.calculate_gain, torch 2.13.0.
    const gains = {
      linear: 1,
      conv1d: 1,
      conv2d: 1,
      conv3d: 1,
      convTranspose1d: 1,
      convTranspose2d: 1,
      convTranspose3d: 1,
      sigmoid: 1,
      tanh: 1.6666666666666667,
      relu: Math.SQRT2,
      leakyRelu: 1.4141428569978354,
      selu: 0.75,
    } satisfies Record<init.Nonlinearity, number>;
    for (const [name, gain] of Object.entries(gains)) {
      // To the last digit but one: engines may round a root's argument differently.
      expect(init.calculateGain(name as init.Nonlinearity)).toBeCloseTo(gain, 14);
    }
    expect(init.calculateGain("leakyRelu", 0.2)).toBeCloseTo(1.3867504905630728, 14);
    expect(init.calculateGain("leakyRelu", 0)).toBe(Math.SQRT2);
    expect(init.calculateGain("leakyRelu", -3)).toBeCloseTo(0.4472135954999579, 14);
    expect(init.calculateGain("tanh", 3)).toBe(5 / 3);
  });

  it("says what it knows", () => {
    expect(() => init.calculateGain("gelu" as init.Nonlinearity)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: calculateGain: nonlinearity is "gelu". Give "linear", "conv1d", "conv2d", "conv3d", "convTranspose1d", "convTranspose2d", "convTranspose3d", "sigmoid", "tanh", "relu", "selu", "leakyRelu".]`,
    );
    expect(() => init.calculateGain("toString" as init.Nonlinearity)).toThrow("nonlinearity is");
    expect(() => init.calculateGain("leakyRelu", Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: calculateGain: the negative slope is NaN. Give a number.]`,
    );
  });
});
