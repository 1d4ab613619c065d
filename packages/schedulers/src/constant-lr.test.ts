import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { ConstantLR, type ConstantLROptions, constantLR } from "./constant-lr.ts";

testScheduler("ConstantLR", {
  make: (optimizer, options: ConstantLROptions) => new ConstantLR(optimizer, options),
  minimal: {},
  schedule: constantLR,
});

describe("ConstantLR", () => {
  // PyTorch's test_constantlr.
  it("follows PyTorch's own test table", () => {
    const at = constantLR({ lr: 0.05, factor: 0.5, totalIters: 5 });
    expect([0, 1, 4, 5, 9].map(at)).toEqual([0.025, 0.025, 0.025, 0.05, 0.05]);
  });

  it("comes back from a factor of 0, which PyTorch divides by", () => {
    const optimizer = plainOptimizer([0.05]);
    const scheduler = new ConstantLR(optimizer, { factor: 0, totalIters: 2 });
    const rates = [0, 1, 2].map(() => {
      const { lr } = optimizer.paramGroups[0] ?? {};
      scheduler.step();
      return lr;
    });
    expect(rates).toEqual([0, 0, 0.05]);
  });

  it("never lowers the rate if it is over before it begins, where PyTorch's never ends", () => {
    const scheduler = new ConstantLR(plainOptimizer([0.05]), { factor: 0.5, totalIters: 0 });
    expect(scheduler.getLastLr()).toEqual([0.05]);
    expect(scheduler.lrsAt(3)).toEqual([0.05]);
  });

  it("refuses a factor outside 0 to 1", () => {
    expect(() => new ConstantLR(plainOptimizer(), { factor: 1.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ConstantLR: factor must be a number from 0 to 1, got 1.1.]`,
    );
    expect(() => constantLR({ lr: 1, totalIters: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: constantLR: totalIters must be a whole number from 0 up, got -1.]`,
    );
  });
});
