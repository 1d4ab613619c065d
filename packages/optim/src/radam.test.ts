import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { RAdam, type RAdamOptions } from "./radam.ts";

testOptimizer("RAdam", {
  make: (params, options) => new RAdam(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 0.002, betas: [0.9, 0.99] },
});

describe("RAdam", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new RAdam(params), [0.9995, 0.999394736842, 0.998959312488]);
  });

  it("divides by the average of squares from the sixth step on", () => {
    // Under a constant gradient m̂ is that gradient, so that plain steps are lr * gradient, and rectified ones below lr.
    const w = arrayParameter(Float64Array.of(0));
    const optimizer = new RAdam([w], { lr: 0.1 });
    const steps = Array.from({ length: 6 }, () => {
      const before = w.data[0] ?? 0;
      w.grad = Float64Array.of(100);
      optimizer.step();
      return before - (w.data[0] ?? 0);
    });
    for (const step of steps.slice(0, 5)) expect(step).toBeCloseTo(10, 10);
    expect(steps[5]).toBeLessThan(0.1);
  });

  it("names an option that is wrong", () => {
    const make = (options: RAdamOptions) => () => new RAdam([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: RAdam: lr must be 0 or more, got -1.]`);
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RAdam: eps must be 0 or more, got -1.]`,
    );
    expect(make({ betas: [0.9, -1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RAdam: betas must be two numbers from 0 up to, but not including, 1, got [0.9,-1].]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RAdam: weightDecay must be 0 or more, got -1.]`,
    );
  });
});
