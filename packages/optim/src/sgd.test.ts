import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { testRowGradients } from "../test/row-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { SGD, type SGDOptions } from "./sgd.ts";

testOptimizer("SGD", {
  make: (params, options) => new SGD(params, options),
  parabola: { lr: 0.1, momentum: 0.5 },
  rosenbrock: { lr: 2e-4, momentum: 0.98 },
});

testRowGradients("SGD", (params, options) => new SGD(params, options));

describe("SGD", () => {
  it.each<[SGDOptions, number[]]>([
    [{ lr: 0.1 }, [0.95, 0.975, 0.875]],
    [{ lr: 0.1, momentum: 0.9 }, [0.95, 0.93, 0.812]],
    [{ lr: 0.1, momentum: 0.9, dampening: 0.5 }, [0.95, 0.9175, 0.83825]],
    [{ lr: 0.1, momentum: 0.9, nesterov: true }, [0.905, 0.912, 0.7058]],
  ])("%o goes where PyTorch goes", (options, expected) => {
    expectAnchors((params) => new SGD(params, options), expected);
  });

  it("keeps no state without momentum", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new SGD([w]);
    w.grad = Float64Array.of(1);
    optimizer.step();
    expect(optimizer.stateDict().state).toEqual({});
  });

  it("starts the buffer again after a saved null, which older PyTorch wrote", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new SGD([w], { lr: 0.1, momentum: 0.9, dampening: 0.5 });
    optimizer.loadStateDict({ ...optimizer.stateDict(), state: { 0: { momentum_buffer: null } } });
    w.grad = Float64Array.of(0.5);
    optimizer.step();
    expect(w.data[0]).toBe(0.95);
  });

  it("names an option that is wrong", () => {
    const make = (options: SGDOptions) => () => new SGD([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: SGD: lr must be 0 or more, got -1.]`);
    expect(make({ lr: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: lr must be 0 or more, got NaN.]`,
    );
    expect(make({ momentum: -0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: momentum must be 0 or more, got -0.5.]`,
    );
    expect(make({ weightDecay: -0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: weightDecay must be 0 or more, got -0.5.]`,
    );
    expect(make({ nesterov: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: nesterov must be false without a momentum above 0 and a dampening of 0, got true.]`,
    );
    expect(make({ nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: nesterov must be false without a momentum above 0 and a dampening of 0, got true.]`,
    );
    expect(make({ differentiable: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: differentiable must be false: a step cannot be differentiated here, got true.]`,
    );
    expect(make({ foreach: true, fused: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SGD: foreach must be false or null when fused is true, got true.]`,
    );
  });
});
