import { describe, expect, it } from "vitest";
import { testRowGradients } from "../test/row-suite.ts";
import { Adam } from "./adam.ts";
import { arrayParameter } from "./array-parameter.ts";
import { rowGradient } from "./row-gradient.ts";
import { SparseAdam, type SparseAdamOptions } from "./sparse-adam.ts";

testRowGradients("SparseAdam", (params, options) => new SparseAdam(params, options));

describe("SparseAdam", () => {
  it("has PyTorch's defaults", () => {
    expect(new SparseAdam([arrayParameter(new Float32Array(1))]).defaults).toEqual({
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      maximize: false,
    });
  });

  it("is Adam where the gradient names every row", () => {
    const numbers = Float64Array.of(1, -2, 3, -4);
    const [table, all] = [arrayParameter(numbers.slice(), { shape: [2, 2] }), arrayParameter(numbers.slice())];
    const optimizers = [new SparseAdam([table], { lr: 0.1 }), new Adam([all], { lr: 0.1 })];
    for (let k = 0; k < 20; k++) {
      table.grad = rowGradient(
        [0, 1],
        table.data.map((x) => 2 * x),
      );
      all.grad = all.data.map((x) => 2 * x);
      for (const optimizer of optimizers) optimizer.step();
    }
    // They add eps to the root before and after its bias correction: a relative 1e-8 / √(1 - 0.999) of a step at the most, for 20 of them.
    for (const [i, x] of table.data.entries()) expect(Math.abs(x - (all.data[i] ?? 0))).toBeLessThan(20 * 0.1 * 3.2e-7);
  });

  it("counts a step whose gradient names no row", () => {
    const table = arrayParameter(Float64Array.of(1, 2), { shape: [2, 1] });
    const optimizer = new SparseAdam([table]);
    table.grad = rowGradient([], new Float64Array(0));
    optimizer.step();
    expect(optimizer.stateDict().state[0]).toMatchObject({ step: 1 });
    expect(table.data).toEqual(Float64Array.of(1, 2));
  });

  it("refuses a dense gradient, before anything has changed", () => {
    const [table, other] = [
      arrayParameter(new Float32Array(4), { shape: [2, 2] }),
      arrayParameter(new Float32Array(3)),
    ];
    const optimizer = new SparseAdam([table, other]);
    table.grad = rowGradient([0], Float32Array.of(1, 1));
    other.grad = new Float32Array(3);
    expect(() => optimizer.step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SparseAdam: a parameter of shape [3] has a dense gradient, which is Adam's: use Adam, or gradients by rows: rowGradient(indices, values), or those of new Embedding(n, d, { sparse: true }).]`,
    );
    expect(table.data).toEqual(new Float32Array(4));
  });

  it("names an option that is wrong", () => {
    const make = (options: SparseAdamOptions) => () => new SparseAdam([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: 0 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: SparseAdam: lr must be above 0, got 0.]`);
    expect(make({ eps: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SparseAdam: eps must be above 0, got 0.]`,
    );
    expect(make({ betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SparseAdam: betas must be two numbers from 0 up to, but not including, 1, got [0.9,1].]`,
    );
    expect(() =>
      Reflect.construct(SparseAdam, [[arrayParameter(new Float32Array(1))], { weightDecay: 0.1 }]),
    ).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SparseAdam: there is no option weightDecay. The options are lr, betas, eps, maximize.]`,
    );
  });
});
