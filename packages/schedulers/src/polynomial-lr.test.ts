import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { PolynomialLR, type PolynomialLROptions, polynomialLR } from "./polynomial-lr.ts";

testScheduler("PolynomialLR", {
  make: (optimizer, options: PolynomialLROptions) => new PolynomialLR(optimizer, options),
  minimal: {},
  schedule: polynomialLR,
});

describe("PolynomialLR", () => {
  it("never lowers the rate if it takes no steps, chainable and closed alike", () => {
    const scheduler = new PolynomialLR(plainOptimizer([0.05]), { totalIters: 0 });
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([0.05]);
    expect(scheduler.lrsAt(7)).toEqual([0.05]);
  });

  it("refuses a length that is not a whole number", () => {
    expect(() => polynomialLR({ lr: 1, totalIters: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: polynomialLR: totalIters must be a whole number from 0 up, got 1.5.]`,
    );
  });
});
