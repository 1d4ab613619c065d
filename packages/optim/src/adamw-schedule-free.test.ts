import { describe, expect, it } from "vitest";
import { arrayHost } from "../test/array-host.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { gradientAt, optionsOf, reference, startOf } from "../test/reference.ts";
import { expectClose, tolerance } from "../test/trajectories.ts";
import { AdamWScheduleFree, type AdamWScheduleFreeOptions } from "./adamw-schedule-free.ts";
import { arrayParameter } from "./array-parameter.ts";

let latest: AdamWScheduleFree | undefined;

testOptimizer("AdamWScheduleFree", {
  make(params, options) {
    latest = new AdamWScheduleFree(params, options);
    return latest.train();
  },
  parabola: { lr: 0.2 },
  rosenbrock: { lr: 0.05 },
  finish: () => latest?.eval(),
});

const cases = reference.cases.filter(({ averaged }) => averaged !== undefined);

describe.each(cases)("AdamWScheduleFree $kwargs on $dtype", ({ kwargs, dtype, averaged, params_after_step }) => {
  const { shapes } = reference;

  it("makes the parameters the authors' averages, with or without gradients, and puts them back", () => {
    const params = shapes.map((shape, i) => arrayHost.make(startOf(shape, i), shape, dtype));
    const optimizer = new AdamWScheduleFree(params, optionsOf(kwargs)).train();
    for (let t = 0; t < 10; t++) {
      params.forEach((parameter, i) => void arrayHost.giveGradient(parameter, gradientAt(parameter.shape, t, i)));
      optimizer.step();
    }
    for (const forget of [false, true, true]) {
      if (forget) optimizer.zeroGrad();
      optimizer.eval();
      params.forEach(({ data }, i) => void expectClose(data, averaged?.[i], tolerance[dtype]));
      optimizer.train();
      params.forEach(({ data }, i) => void expectClose(data, params_after_step.at(-1)?.[i], tolerance[dtype]));
    }
  });
});

describe("AdamWScheduleFree", () => {
  const trained = () => {
    const w = arrayParameter(Float64Array.of(1, 2));
    const optimizer = new AdamWScheduleFree([w], { lr: 0.1 }).train();
    for (let k = 0; k < 3; k++) {
      w.grad = w.data.map((x) => 2 * x);
      optimizer.step();
    }
    return { w, optimizer };
  };

  it("averages z, where Adam without momentum would be", () => {
    const w = arrayParameter(Float64Array.of(0));
    const optimizer = new AdamWScheduleFree([w], { lr: 0.5, eps: 0 }).train();
    for (let k = 0; k < 3; k++) {
      w.grad = Float64Array.of(-7);
      optimizer.step();
    }
    optimizer.eval();
    // A constant gradient moves z by lr at each step.
    expect(w.data[0]).toBeCloseTo((0.5 + 1 + 1.5) / 3, 12);
  });

  it("does not step before train(), or after eval()", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new AdamWScheduleFree([w]);
    w.grad = Float64Array.of(1);
    expect(() => optimizer.step()).toThrowErrorMatchingInlineSnapshot(
      `[Error: AdamWScheduleFree.step: the optimizer is not in train mode: the parameters are the average, where no gradients are to be taken. Call optimizer.train() before training, and optimizer.eval() before evaluating or saving.]`,
    );
    optimizer.train().step();
    expect(() => optimizer.eval().step()).toThrow("Call optimizer.train() before training");
    expect(optimizer.paramGroups[0]?.k).toBe(1);
  });

  it("changes nothing when it is asked for the mode that it is in", () => {
    const { w, optimizer } = trained();
    const y = w.data.slice();
    expect(optimizer.train().train()).toBe(optimizer);
    expect(w.data).toEqual(y);
    optimizer.eval();
    const x = w.data.slice();
    optimizer.eval();
    expect(w.data).toEqual(x);
  });

  it("leaves parameters that have not taken a step where they are, and their state empty", () => {
    const [moved, still] = [arrayParameter(Float64Array.of(1)), arrayParameter(Float64Array.of(1))];
    const optimizer = new AdamWScheduleFree([moved, still]).train();
    moved.grad = Float64Array.of(1);
    optimizer.step();
    optimizer.eval();
    expect(still.data[0]).toBe(1);
    expect(Object.keys(optimizer.stateDict().state)).toEqual(["0"]);
  });

  it("saves the mode with the state, so that the parameters saved beside it fit", () => {
    const { w, optimizer } = trained();
    optimizer.eval();
    const copy = arrayParameter(w.data.slice());
    const resumed = new AdamWScheduleFree([copy]);
    resumed.loadStateDict(optimizer.stateDict());
    for (const each of [optimizer, resumed]) each.train();
    expect(copy.data).toEqual(w.data);
    for (const parameter of [w, copy]) parameter.grad = Float64Array.of(1, 1);
    for (const each of [optimizer, resumed]) each.step();
    expect(copy.data).toEqual(w.data);
  });

  it("lets a rate of 0 pass", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new AdamWScheduleFree([w], { lr: 0 }).train();
    w.grad = Float64Array.of(1);
    optimizer.step();
    optimizer.eval();
    expect(w.data[0]).toBe(1);
  });

  it("names an option that is wrong", () => {
    const make = (options: AdamWScheduleFreeOptions) => () =>
      new AdamWScheduleFree([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdamWScheduleFree: lr must be 0 or more, got -1.]`,
    );
    expect(make({ betas: [0, 0.9] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdamWScheduleFree: betas must be two numbers, the first of them above 0, got [0,0.9].]`,
    );
    expect(make({ betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdamWScheduleFree: betas must be two numbers from 0 up to, but not including, 1, got [0.9,1].]`,
    );
    expect(make({ eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdamWScheduleFree: eps must be 0 or more, got -1.]`,
    );
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdamWScheduleFree: weightDecay must be 0 or more, got -1.]`,
    );
    expect(make({ warmupSteps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AdamWScheduleFree: warmupSteps must be 0 or more, got -1.]`,
    );
  });
});
