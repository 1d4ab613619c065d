import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
import { arrayParameter } from "./array-parameter.ts";

testOptimizer("Adadelta", {
  make: (params, options) => new Adadelta(params, options),
  parabola: { lr: 10 },
  rosenbrock: { lr: 0.1, rho: 0.95, eps: 1e-4 },
  needsSchedule: true,
});

describe("Adadelta", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new Adadelta(params), [0.996837785583, 0.998922872611, 0.994616156999]);
  });

  it("names an option that is wrong", () => {
    const make = (options: AdadeltaOptions) => () => new Adadelta([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adadelta: lr must be 0 or more, got -1.]`,
    );
    expect(make({ rho: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adadelta: rho must be from 0 to 1, got 1.5.]`,
    );
    expect(make({ rho: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adadelta: rho must be from 0 to 1, got NaN.]`,
    );
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adadelta: eps must be 0 or more, got -1.]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adadelta: weightDecay must be 0 or more, got -1.]`,
    );
  });
});
