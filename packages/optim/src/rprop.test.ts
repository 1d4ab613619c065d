import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { arrayParameter } from "./array-parameter.ts";
import { Rprop, type RpropOptions } from "./rprop.ts";

testOptimizer("Rprop", {
  make: (params, options) => new Rprop(params, options),
  parabola: {},
  rosenbrock: {},
  frozen: { lr: 0, stepSizes: [0, 50] },
  hasOwnRates: true,
});

describe("Rprop", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new Rprop(params), [0.99, 0.99, 0.985]);
  });

  it("takes its rate for the first step only, and keeps step sizes within bounds", () => {
    const w = arrayParameter(Float64Array.of(0));
    const optimizer = new Rprop([w], { lr: 1, stepSizes: [0.5, 2] });
    const steps = [1, 1, 1, 1, -1, -1, 1, 1].map((gradient) => {
      for (const group of optimizer.paramGroups) if (w.grad) group.lr = 123;
      const before = w.data[0] ?? 0;
      w.grad = Float64Array.of(gradient);
      optimizer.step();
      return Number((before - (w.data[0] ?? 0)).toFixed(12));
    });
    // By 1.2 up to 2 at the most, none where the sign turned, and half of it after that.
    expect(steps).toEqual([1, 1.2, 1.44, 1.728, 0, -0.864, 0, 0.5]);
  });

  it("shows what is not a number instead of passing over it", () => {
    const w = arrayParameter(Float64Array.of(1));
    w.grad = Float64Array.of(Number.NaN);
    new Rprop([w]).step();
    expect(w.data[0]).toBeNaN();
  });

  it("names an option that is wrong", () => {
    const make = (options: RpropOptions) => () => new Rprop([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Rprop: lr must be 0 or more, got -1.]`);
    expect(make({ etas: [1.2, 0.5] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Rprop: etas must be two numbers, one between 0 and 1 and one above 1, got [1.2,0.5].]`,
    );
    expect(make({ etas: [0, 1.2] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Rprop: etas must be two numbers, one between 0 and 1 and one above 1, got [0,1.2].]`,
    );
    expect(make({ stepSizes: [50, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Rprop: stepSizes must be two numbers, the smallest and the largest, got [50,1].]`,
    );
  });

  it("has no weight decay", () => {
    expect(() =>
      Reflect.construct(Rprop, [[arrayParameter(new Float32Array(1))], { weightDecay: 0.1 }]),
    ).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Rprop: there is no option weightDecay. The options are lr, etas, stepSizes, foreach, maximize, differentiable, capturable.]`,
    );
  });
});
