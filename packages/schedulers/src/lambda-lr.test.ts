import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import { LambdaLR, lambdaLR } from "./lambda-lr.ts";
import type { LrLambda } from "./lr-lambda.ts";

testScheduler("LambdaLR", {
  make: (optimizer, options: { lrLambda: LrLambda }) => new LambdaLR(optimizer, options),
  minimal: { lrLambda: () => 1 },
  schedule: lambdaLR,
});

describe("LambdaLR", () => {
  // PyTorch's test_lambda_lr_state_dict_fn and _obj.
  it("saves what was assigned to its functions, and nothing of others", () => {
    const decay = Object.assign((epoch: number) => decay.factor ** epoch, { factor: 0.5 });
    const scheduler = new LambdaLR(plainOptimizer([1, 1]), { lrLambda: [decay, () => 1] });
    const state = scheduler.stateDict();
    expect(state.lr_lambdas).toEqual([{ factor: 0.5 }, null]);
    const other = Object.assign((epoch: number) => other.factor ** epoch, { factor: 0.1 });
    const resumed = new LambdaLR(plainOptimizer([1, 1]), { lrLambda: [other, () => 1] });
    resumed.loadStateDict({ ...state, lr_lambdas: [{ factor: 0.5, unknown: 1 }, { factor: 2 }] });
    resumed.step();
    expect(resumed.getLastLr()).toEqual([0.5, 1]);
    expect(Object.keys(other)).toEqual(["factor"]);
  });

  it("refuses what is not a function, and a list of another length", () => {
    const optimizer = plainOptimizer();
    expect(() => Reflect.construct(LambdaLR, [optimizer, { lrLambda: 0.5 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LambdaLR: lrLambda must be a function, or a list with one for each group, got 0.5.]`,
    );
    expect(() => new LambdaLR(optimizer, { lrLambda: [() => 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LambdaLR: lrLambda must be a list of 2, one for each group, got () => 1.]`,
    );
    expect(() => Reflect.construct(LambdaLR, [{}, { lrLambda: () => 1 }])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LambdaLR: optimizer.paramGroups must be a list, got undefined.]`,
    );
  });

  it("names the group whose factor is no number", () => {
    const scheduler = new LambdaLR(plainOptimizer(), { lrLambda: [() => 1, (epoch) => 1 / (1 - epoch)] });
    expect(() => scheduler.step()).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LambdaLR, built for 2 groups: the next paramGroups[1].lr must be a finite number, got Infinity.]`,
    );
  });

  it("overwrites what another scheduler did, and refuses a group that was added later", () => {
    const optimizer = plainOptimizer([1]);
    const scheduler = new LambdaLR(optimizer, { lrLambda: () => 0.5 });
    optimizer.paramGroups[0] = { lr: 7 };
    scheduler.step();
    expect(optimizer.paramGroups[0].lr).toBe(0.5);
    optimizer.paramGroups.push({ lr: 2 });
    expect(() => scheduler.step()).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LambdaLR, built for 1 groups: the next paramGroups[1].lr must be a finite number, got NaN.]`,
    );
  });
});
