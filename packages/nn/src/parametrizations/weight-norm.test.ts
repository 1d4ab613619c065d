import { tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../test/module-suite.ts";
import { Conv2d, Linear, weightNorm } from "../index.ts";

testModule("weightNorm", {
  make: () => weightNorm(new Linear(3, 2)),
  shape: [2, 3],
  shown: `Linear(3, 2, { bias: true }
  (parametrizations): Parametrizations(
    (weight): ParametrizationList(
      (0): WeightNorm()
    )
  )
)`,
});

testModule("weightNorm of a convolution", {
  make: () => weightNorm(new Conv2d(1, 2, 2), { dim: null }),
  shape: [1, 1, 3, 2],
  shown: `Conv2d(1, 2, 2
  (parametrizations): Parametrizations(
    (weight): ParametrizationList(
      (0): WeightNorm({ dim: null })
    )
  )
)`,
});

describe("weightNorm", () => {
  it("leaves the weight as it is, and then length and direction can be changed apart", () => {
    const layer = new Linear(2, 1);
    layer.loadStateDict({ weight: tensor([[3, 4]]), bias: tensor([0]) });
    weightNorm(layer);
    // Two roundings of float32.
    expect(layer.weight.arraySync()).toEqual([[expect.closeTo(3, 6), expect.closeTo(4, 6)]]);
    const state = layer.stateDict();
    const [length, direction] = [0, 1].map((i) => state.get(`parametrizations.weight.original${i}`));
    expect([length?.arraySync(), direction?.arraySync()]).toEqual([[[5]], [[3, 4]]]);
    length?.mul_(2);
    direction?.mul_(100);
    expect(layer.weight.arraySync()).toEqual([[expect.closeTo(6, 5), expect.closeTo(8, 5)]]);
  });

  it("says what is wrong", () => {
    expect(() => weightNorm(new Linear(2, 1), { dim: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: weightNorm: dim is 2. Give an integer from 0 to 1, or null for all.]`,
    );
    expect(() => weightNorm(new Linear(2, 1), { dim: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: weightNorm: dim is -1. Give an integer from 0 to 1, or null for all.]`,
    );
    expect(() => weightNorm(new Linear(2, 1), { name: "weights" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: weightNorm: Linear has no parameter "weights". It has "weight" and "bias".]`,
    );
  });
});
