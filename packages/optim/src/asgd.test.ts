import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { ASGD, type ASGDOptions } from "./asgd.ts";

testOptimizer("ASGD", {
  make: (params, options) => new ASGD(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 2e-3 },
  undecayed: { lambd: 0 },
});

describe("ASGD", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new ASGD(params), [0.994999, 0.997498003127, 0.98749702063]);
  });

  it("averages from step t0 on, in ax", () => {
    const w = arrayParameter(Float64Array.of(0));
    const optimizer = new ASGD([w], { lr: 1, lambd: 0, t0: 1 });
    const seen: number[] = [];
    for (let k = 0; k < 5; k++) {
      w.grad = Float64Array.of(-k);
      optimizer.step();
      seen.push(w.data[0] ?? 0);
    }
    expect(seen).toEqual([0, 1, 3, 6, 10]);
    // μ of step t comes from step t - 1: 1, 1, 1, 1/2, 1/3, so that the average is of steps 3, 4 and 5.
    expect(optimizer.stateDict().state[0]?.ax).toEqual({ shape: [1], data: Float64Array.of((3 + 6 + 10) / 3) });
  });

  it("names an option that is wrong", () => {
    const make = (options: ASGDOptions) => () => new ASGD([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: ASGD: lr must be 0 or more, got -1.]`);
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ASGD: weightDecay must be 0 or more, got -1.]`,
    );
  });
});
