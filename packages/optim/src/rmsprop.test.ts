import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { RMSprop, type RMSpropOptions } from "./rmsprop.ts";

testOptimizer("RMSprop", {
  make: (params, options) => new RMSprop(params, options),
  parabola: { lr: 0.02 },
  rosenbrock: { lr: 0.001, momentum: 0.5 },
});

describe("RMSprop", () => {
  it.each<[RMSpropOptions, number[]]>([
    [{ lr: 0.01 }, [0.90000002, 0.944901337442, 0.857427378393]],
    [{ lr: 0.01, centered: true, momentum: 0.9 }, [0.899496238676, 0.853987705144, 0.725034747465]],
  ])("%o goes where PyTorch goes", (options, expected) => {
    expectAnchors((params) => new RMSprop(params, options), expected);
  });

  it("starts the buffer of a momentum that is switched on midway", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new RMSprop([w]);
    for (const momentum of [0, 0.9]) {
      for (const group of optimizer.paramGroups) group.momentum = momentum;
      w.grad = Float64Array.of(1);
      optimizer.step();
    }
    expect(Object.keys(optimizer.stateDict().state[0] ?? {})).toEqual(["step", "square_avg", "momentum_buffer"]);
  });

  it("names an option that is wrong", () => {
    const make = (options: RMSpropOptions) => () => new RMSprop([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSprop: lr must be 0 or more, got -1.]`,
    );
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSprop: eps must be 0 or more, got -1.]`,
    );
    expect(make({ momentum: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSprop: momentum must be 0 or more, got -1.]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSprop: weightDecay must be 0 or more, got -1.]`,
    );
    expect(make({ alpha: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RMSprop: alpha must be 0 or more, got -1.]`,
    );
  });
});
