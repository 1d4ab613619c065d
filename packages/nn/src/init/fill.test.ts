import { defaultGenerator, empty, Generator, manualSeed, ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { expectDistribution, expectMoments, normalCdf, sortedNumbers } from "../../test/distributions.ts";
import { init, Linear } from "../index.ts";

describe("init", () => {
  it("changes parameters in place, without a graph, and returns them", () => {
    const { weight } = new Linear(3, 2);
    const fillers = [
      init.uniform_,
      init.normal_,
      init.ones_,
      init.zeros_,
      init.eye_,
      init.xavierUniform_,
      init.xavierNormal_,
      init.kaimingUniform_,
      init.kaimingNormal_,
      init.orthogonal_,
      init.truncNormal_,
    ];
    for (const fill of fillers) expect(fill(weight)).toBe(weight);
    expect(init.constant_(weight, 7)).toBe(weight);
    expect(init.sparse_(weight, 0.5)).toBe(weight);
    expect([weight.isLeaf, weight.requiresGrad]).toEqual([true, true]);
    expect(init.constant_(weight, 7).arraySync()).toEqual([
      [7, 7, 7],
      [7, 7, 7],
    ]);
  });

  it("draws the same numbers from a generator in the same state, and leaves the default one alone", () => {
    const random = {
      uniform: init.uniform_,
      normal: init.normal_,
      xavierUniform: init.xavierUniform_,
      xavierNormal: init.xavierNormal_,
      kaimingUniform: init.kaimingUniform_,
      kaimingNormal: init.kaimingNormal_,
      orthogonal: init.orthogonal_,
      truncNormal: init.truncNormal_,
      sparse: (x: Parameters<typeof init.sparse_>[0], options: { generator: Generator }) =>
        init.sparse_(x, 0.5, options),
    };
    for (const [name, fill] of Object.entries(random)) {
      const draw = (seed: number) => fill(empty([4, 3]), { generator: new Generator(seed) }).arraySync();
      const before = defaultGenerator().getState();
      expect(draw(7), name).toEqual(draw(7));
      expect(draw(7), name).not.toEqual(draw(8));
      expect(defaultGenerator().getState(), name).toEqual(before);
    }
  });
});

describe("uniform_ and normal_", () => {
  it("draw from their distributions", () => {
    manualSeed(1);
    const uniform = init.uniform_(empty([20_000]), { a: -3, b: 1 });
    expectDistribution(uniform, (x) => (x + 3) / 4);
    const numbers = sortedNumbers(uniform);
    expect(numbers[0]).toBeGreaterThanOrEqual(-3);
    expect(numbers.at(-1)).toBeLessThan(1);
    expectDistribution(init.uniform_(empty([20_000])), (x) => x);
    const normal = init.normal_(empty([20_000]), { mean: 5, std: 0.5 });
    expectDistribution(normal, (x) => normalCdf((x - 5) / 0.5));
    expectMoments(normal, 5, 0.5);
    expectMoments(init.normal_(empty([20_000])), 0, 1);
  });

  it("fill float64 and parts of a tensor too", () => {
    const x = ones([2, 3], { dtype: "float64" });
    init.zeros_(x.select(0, 1));
    expect(x.arraySync()).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });

  it("say what is wrong", () => {
    expect(() => init.uniform_(empty([2]), { a: 1, b: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: uniform_: nothing lies from 1 to 0. Give the smaller number first.]`,
    );
    expect(() => init.normal_(empty([2]), { std: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: normal_: std is -1. Give a number from 0 on.]`,
    );
    expect(() => init.normal_(empty([2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: normal_: its numbers do not fit into int32. Draw float32, or integers with randint.]`,
    );
  });
});
