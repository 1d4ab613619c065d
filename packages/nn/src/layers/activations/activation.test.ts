import { type DType, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { functional } from "../../index.ts";
import type { Layer } from "../../module/module.ts";
import { CELU, ELU, SELU } from "./elu.ts";
import { GELU } from "./gelu.ts";
import { LeakyReLU } from "./leaky-relu.ts";
import { ReLU, ReLU6 } from "./relu.ts";
import { RReLU } from "./rrelu.ts";
import { Hardshrink, Softshrink, Tanhshrink } from "./shrink.ts";
import { Hardsigmoid, LogSigmoid, Sigmoid } from "./sigmoid.ts";
import { Softplus } from "./softplus.ts";
import { Hardswish, Mish, SiLU } from "./swish.ts";
import { Hardtanh, Softsign, Tanh } from "./tanh.ts";
import { Threshold } from "./threshold.ts";

/** Activations that are a function of each element, by the code that makes them. */
const elementwise: Readonly<Record<string, () => Layer>> = {
  "ReLU()": () => new ReLU(),
  "ReLU6()": () => new ReLU6(),
  "LeakyReLU()": () => new LeakyReLU(),
  "LeakyReLU({ negativeSlope: 0.2 })": () => new LeakyReLU({ negativeSlope: 0.2 }),
  "ELU()": () => new ELU(),
  "ELU({ alpha: 0.5 })": () => new ELU({ alpha: 0.5 }),
  "SELU()": () => new SELU(),
  "CELU({ alpha: 0.5 })": () => new CELU({ alpha: 0.5 }),
  "GELU()": () => new GELU(),
  'GELU({ approximate: "tanh" })': () => new GELU({ approximate: "tanh" }),
  "SiLU()": () => new SiLU(),
  "Mish()": () => new Mish(),
  "Sigmoid()": () => new Sigmoid(),
  "LogSigmoid()": () => new LogSigmoid(),
  "Tanh()": () => new Tanh(),
  "Tanhshrink()": () => new Tanhshrink(),
  "Hardtanh()": () => new Hardtanh(),
  "Hardtanh({ minVal: -2, maxVal: 0.5 })": () => new Hardtanh({ minVal: -2, maxVal: 0.5 }),
  "Hardsigmoid()": () => new Hardsigmoid(),
  "Hardswish()": () => new Hardswish(),
  "Hardshrink({ lambd: 1.5 })": () => new Hardshrink({ lambd: 1.5 }),
  "Softshrink()": () => new Softshrink(),
  "Softplus({ beta: 3 })": () => new Softplus({ beta: 3, threshold: 20 }),
  "Softsign()": () => new Softsign(),
  "Threshold(0.1, -2)": () => new Threshold(0.1, -2),
};

/** From -7.2 to 7.1: on both sides of every bend, and near none. */
const wide = (dtype: DType) => [spread([4, 5], dtype).mul(37)];

for (const [shown, make] of Object.entries(elementwise)) testModule(shown, { make, inputs: wide, shown });

describe("Activations", () => {
  it.each(Object.entries(elementwise))("%s keeps the shape, also of nothing", (_, make) => {
    for (const shape of [[], [0, 2], [2, 1, 3]]) {
      expect(make().forward(tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), { shape })).shape).toEqual(
        shape,
      );
    }
  });

  it("know nothing of their options but what they were made with", () => {
    const options = { alpha: 2 };
    const elu = new ELU(options);
    options.alpha = 5;
    expect(elu.forward(tensor([-1000])).arraySync()).toEqual([-2]);
  });

  it("have the gradient 1 / 6 where Hardsigmoid is a slope, and 0 where it meets the levels", () => {
    const x = tensor([-4, -3, -1, 0, 2.5, 3, 4], { dtype: "float64", requiresGrad: true });
    new Hardsigmoid().forward(x).sum().backward();
    expect(x.grad?.arraySync()).toEqual([0, 0, 1 / 6, 1 / 6, 1 / 6, 0, 0]);
  });

  it("say what is wrong with their options", () => {
    expect(() => new LeakyReLU({ negativeSlope: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LeakyReLU: negativeSlope is NaN. Give a number.]`,
    );
    expect(() => new LeakyReLU(0.2 as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LeakyReLU: its options are 0.2. Give them by name: { negativeSlope: 0.2 }.]`,
    );
    expect(() => new ELU({ alpha: "1" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ELU: alpha is "1". Give a number.]`,
    );
    expect(() => new CELU({ alpha: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: CELU: alpha is 0. It divides: give another number, or use ReLU.]`,
    );
    expect(() => new GELU({ approximate: "erf" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GELU: approximate is "erf". Give "none" or "tanh".]`,
    );
    expect(() => new Hardtanh({ minVal: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Hardtanh: minVal is 1 and maxVal 1. Give the smaller one as minVal.]`,
    );
    expect(() => new Hardshrink({ lambd: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Hardshrink: lambd is NaN. Give a number.]`,
    );
    expect(() => new Softshrink({ lambd: -0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Softshrink: lambd is -0.5. Give a number from 0 on.]`,
    );
    expect(() => functional.softshrink(tensor([1]), { lambd: -0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: softshrink: lambd is -0.5. Give a number from 0 on.]`,
    );
    expect(() => new Softplus({ beta: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Softplus: beta is NaN. Give a number.]`,
    );
    expect(() => new Threshold(Number.NaN, 0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Threshold: threshold is NaN. Give a number.]`,
    );
    expect(() => new Threshold(0, undefined as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Threshold: value is undefined. Give a number.]`,
    );
    expect(() => new RReLU({ lower: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RReLU: lower is 0.5 and upper 0.3333333333333333. Give two numbers, the smaller one as lower.]`,
    );
  });
});
