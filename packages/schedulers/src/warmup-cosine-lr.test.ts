import { describe, expect, it } from "vitest";
import { plainOptimizer, testOwnScheduler } from "../test/scheduler-suite.ts";
import { cosineAnnealingLR } from "./cosine-annealing-lr.ts";
import { linearLR } from "./linear-lr.ts";
import { WarmupCosineLR, warmupCosineLR } from "./warmup-cosine-lr.ts";

testOwnScheduler("WarmupCosineLR", {
  make: (optimizer, options) => new WarmupCosineLR(optimizer, options),
  schedule: warmupCosineLR,
  cases: [
    { warmupSteps: 4, totalSteps: 12 },
    { warmupSteps: 3, totalSteps: 9, startFactor: 0.1, etaMin: 0.01 },
    { warmupSteps: 0, totalSteps: 5 },
    { warmupSteps: 5, totalSteps: 5 },
  ],
});

describe("warmupCosineLR", () => {
  it("is PyTorch's linear warm-up, then its cosine, and stays at the bottom", () => {
    const at = warmupCosineLR({ lr: 0.1, warmupSteps: 4, totalSteps: 14, startFactor: 0.25 });
    const rise = linearLR({ lr: 0.1, startFactor: 0.25, totalIters: 4 });
    const fall = cosineAnnealingLR({ lr: 0.1, tMax: 10 });
    for (let step = 0; step < 20; step++) {
      expect(at(step)).toBeCloseTo(step < 4 ? rise(step) : step < 14 ? fall(step - 4) : 0, 12);
    }
  });

  it("refuses options that are not what they must be", () => {
    expect(() => warmupCosineLR({ lr: 1, warmupSteps: -1, totalSteps: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: warmupCosineLR: warmupSteps must be a whole number from 0 up, got -1.]`,
    );
    const options = { warmupStep: 1, totalSteps: 5 };
    expect(() => Reflect.construct(WarmupCosineLR, [plainOptimizer(), options])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: WarmupCosineLR: no option warmupStep. Did you mean warmupSteps?]`,
    );
  });
});
