import { describe, expect, it } from "vitest";
import { build, type Description } from "../test/build.ts";
import { expectLrs, plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { ChainedScheduler } from "./chained-scheduler.ts";
import { ConstantLR } from "./constant-lr.ts";
import { PolynomialLR } from "./polynomial-lr.ts";
import { ReduceLROnPlateau } from "./reduce-lr-on-plateau.ts";
import type { Scheduler } from "./scheduler.ts";

const constant: Description = ["ConstantLR", {}];

testScheduler("ChainedScheduler", {
  make: (optimizer, { schedulers, ...rest }: { schedulers: Description[] }) =>
    new ChainedScheduler(schedulers.map((child) => build(optimizer, child, rest))),
  minimal: { schedulers: [constant] },
  misspelt: false,
});

describe("ChainedScheduler", () => {
  // PyTorch's test_chained_lr5.
  it("multiplies the effects of its schedulers", () => {
    const optimizer = plainOptimizer([0.05]);
    const schedulers = [new PolynomialLR(optimizer, { power: 0.9 }), new ConstantLR(optimizer, { factor: 0.1 })];
    const scheduler = new ChainedScheduler(schedulers, { optimizer });
    for (let epoch = 0; epoch < 9; epoch++) {
      expectLrs(scheduler.getLastLr(), [epoch < 5 ? 0.05 * (1 - epoch / 5) ** 0.9 * 0.1 : 0]);
      scheduler.step();
    }
  });

  it("refuses schedulers it cannot chain", () => {
    const optimizer = plainOptimizer();
    const plateau: unknown = new ReduceLROnPlateau(optimizer);
    expect(() => new ChainedScheduler([])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ChainedScheduler: schedulers must be a list of at least one.]`,
    );
    expect(() => new ChainedScheduler([plateau as Scheduler])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ChainedScheduler: schedulers[0] must be a scheduler that steps without a metric, got ReduceLROnPlateau.]`,
    );
    expect(
      () => new ChainedScheduler([new ConstantLR(optimizer)], { optimizer: plainOptimizer() }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ChainedScheduler: schedulers[0] must be built for the same optimizer, got ConstantLR.]`,
    );
    expect(() =>
      Reflect.construct(ChainedScheduler, [[new ConstantLR(optimizer)], { optimiser: optimizer }]),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ChainedScheduler: no option optimiser. Did you mean optimizer?]`,
    );
  });
});
