import { describe, expect, it } from "vitest";
import { plainOptimizer, testScheduler } from "../test/scheduler-suite.ts";
import type { LrLambda } from "./lr-lambda.ts";
import { MultiplicativeLR, multiplicativeLR } from "./multiplicative-lr.ts";

testScheduler("MultiplicativeLR", {
  make: (optimizer, options: { lrLambda: LrLambda }) => new MultiplicativeLR(optimizer, options),
  minimal: { lrLambda: () => 1 },
  schedule: multiplicativeLR,
});

describe("MultiplicativeLR", () => {
  it("asks for each factor once, when its epoch comes", () => {
    const asked: number[] = [];
    const lrLambda = (epoch: number): number => {
      asked.push(epoch);
      return 0.5;
    };
    const scheduler = new MultiplicativeLR(plainOptimizer([1]), { lrLambda });
    for (let k = 0; k < 3; k++) scheduler.step();
    expect(asked).toEqual([1, 2, 3]);
  });

  // PyTorch's test_multiplicative_lr_with_lr_lambda.
  it("refuses what is not a function", () => {
    const options = { lrLambda: [0.5, 0.5] };
    expect(() => Reflect.construct(MultiplicativeLR, [plainOptimizer(), options])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiplicativeLR: lrLambda must be a function, or a list with one for each group, got 0.5,0.5.]`,
    );
  });
});
