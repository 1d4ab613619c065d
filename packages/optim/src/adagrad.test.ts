import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { testRowGradients } from "../test/row-suite.ts";
import { Adagrad, type AdagradOptions } from "./adagrad.ts";
import { arrayParameter } from "./array-parameter.ts";

testOptimizer("Adagrad", {
  make: (params, options) => new Adagrad(params, options),
  parabola: { lr: 1 },
  rosenbrock: { lr: 0.7 },
  isEager: true,
});

testRowGradients("Adagrad", (params, options) => new Adagrad(params, options));

describe("Adagrad", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new Adagrad(params), [0.990000000002, 0.994472135956, 0.985743420348]);
  });

  it("has its state from the start, and that of a group's own initial value", () => {
    const [own, other, late] = [new Float32Array(2), new Float32Array(2), new Float32Array(2)].map((each) =>
      arrayParameter(each),
    );
    const optimizer = new Adagrad([{ params: own ?? [], initialAccumulatorValue: 0.5 }, { params: other ?? [] }], {
      initialAccumulatorValue: 0.25,
    });
    const sum = (value: number) => ({ step: 0, sum: { shape: [2], data: new Float32Array(2).fill(value) } });
    expect(optimizer.stateDict().state).toEqual({ 0: sum(0.5), 1: sum(0.25) });
    optimizer.addParamGroup({ params: late ?? [] });
    expect(Object.keys(optimizer.stateDict().state)).toEqual(["0", "1"]);
    if (late) late.grad = Float32Array.of(0, 0);
    optimizer.step();
    expect(optimizer.stateDict().state[2]).toEqual({ ...sum(0.25), step: 1 });
  });

  it("names an option that is wrong", () => {
    const make = (options: AdagradOptions) => () => new Adagrad([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adagrad: lr must be 0 or more, got -1.]`,
    );
    expect(make({ lrDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adagrad: lrDecay must be 0 or more, got -1.]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adagrad: weightDecay must be 0 or more, got -1.]`,
    );
    expect(make({ initialAccumulatorValue: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adagrad: initialAccumulatorValue must be 0 or more, got -1.]`,
    );
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adagrad: eps must be 0 or more, got -1.]`,
    );
    expect(make({ foreach: true, fused: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adagrad: foreach must be false or null when fused is true, got true.]`,
    );
  });
});
