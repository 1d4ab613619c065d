import { describe, expect, it } from "vitest";
import { testOwnScheduler } from "../test/scheduler-suite.ts";
import { InverseSqrtLR, inverseSqrtLR } from "./inverse-sqrt-lr.ts";

testOwnScheduler("InverseSqrtLR", {
  make: (optimizer, options) => new InverseSqrtLR(optimizer, options),
  schedule: inverseSqrtLR,
  cases: [{ warmupSteps: 4 }, { warmupSteps: 3, startFactor: 0.1 }, { warmupSteps: 1 }],
});

describe("inverseSqrtLR", () => {
  it("is the schedule of the transformer paper", () => {
    const [dModel, warmupSteps] = [512, 4000];
    const at = inverseSqrtLR({ lr: (dModel * warmupSteps) ** -0.5, warmupSteps });
    for (const step of [1, 100, 3999, 4000, 4001, 100_000]) {
      expect(at(step)).toBeCloseTo(dModel ** -0.5 * Math.min(step ** -0.5, step * warmupSteps ** -1.5), 12);
    }
  });

  it("refuses a warm-up of no steps, from which it could not fall", () => {
    expect(() => inverseSqrtLR({ lr: 1, warmupSteps: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: inverseSqrtLR: warmupSteps must be a whole number from 1 up, got 0.]`,
    );
  });
});
