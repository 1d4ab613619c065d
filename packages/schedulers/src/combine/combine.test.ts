import { describe, expect, it } from "vitest";
import { cosineAnnealingLR } from "../cosine-annealing-lr.ts";
import { exponentialLR } from "../exponential-lr.ts";
import { warmupCosineLR } from "../warmup-cosine-lr.ts";
import { multiply } from "./multiply.ts";
import { sequence } from "./sequence.ts";
import { warmup } from "./warmup.ts";

const steps = Array.from({ length: 20 }, (_, step) => step);
const halving = exponentialLR({ lr: 1, gamma: 0.5 });

describe("warmup", () => {
  it("delays a schedule until its first rate is reached", () => {
    const warm = warmup(cosineAnnealingLR({ lr: 0.1, tMax: 16 }), { steps: 4, start: 0.2 });
    const same = warmupCosineLR({ lr: 0.1, warmupSteps: 4, totalSteps: 20, startFactor: 0.2 });
    for (const step of steps) expect(warm(step)).toBeCloseTo(same(step), 12);
  });

  it("of no steps is the schedule itself", () => {
    expect(steps.map(warmup(halving, { steps: 0 }))).toEqual(steps.map(halving));
  });

  it("refuses options that are not what they must be", () => {
    expect(() => warmup(halving, { steps: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: warmup: steps must be a whole number from 0 up, got 1.5.]`,
    );
    expect(() => Reflect.apply(warmup, null, [halving, { step: 1 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: warmup: no option step. Did you mean steps?]`,
    );
  });
});

describe("sequence", () => {
  it("gives each schedule its own first step", () => {
    const at = sequence([halving, () => 7, halving], [2, 3]);
    expect([0, 1, 2, 3, 4].map(at)).toEqual([1, 0.5, 7, 1, 0.5]);
  });

  it("refuses milestones that do not separate the schedules", () => {
    expect(() => sequence([halving, halving], [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: sequence: milestones must be 1 rising steps for 2 schedules, got .]`,
    );
    expect(() => sequence([halving, halving, halving], [3, 2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: sequence: milestones must be 2 rising steps for 3 schedules, got 3,2.]`,
    );
    expect(() => Reflect.apply(sequence, null, [[halving, 1], [3]])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: sequence: schedules must be a list, each a function, got (step) => lr * gamma ** step,1.]`,
    );
  });
});

describe("multiply", () => {
  it("multiplies", () => {
    expect([0, 1, 2].map(multiply(halving, halving, () => 8))).toEqual([8, 2, 0.5]);
  });

  it("refuses what is not a schedule", () => {
    expect(() => Reflect.apply(multiply, null, [halving, 0.5])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: multiply: schedules must be a list, each a function, got (step) => lr * gamma ** step,0.5.]`,
    );
  });
});
