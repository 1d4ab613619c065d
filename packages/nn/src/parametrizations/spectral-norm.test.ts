import { memory, ones, scope, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { testModule } from "../../test/module-suite.ts";
import { Conv2d, evaluate, Linear, removeParametrizations, spectralNorm } from "../index.ts";

testModule("spectralNorm", {
  make: () => spectralNorm(new Linear(3, 2)),
  shape: [2, 3],
  // In training mode each forward pass changes it.
  random: true,
  shown: `Linear(3, 2, { bias: true }
  (parametrizations): Parametrizations(
    (weight): ParametrizationList(
      (0): SpectralNorm()
    )
  )
)`,
});

testModule("spectralNorm with options", {
  make: () => spectralNorm(new Conv2d(2, 1, 2), { dim: 1, nPowerIterations: 2 }),
  shape: [1, 2, 2, 3],
  random: true,
  shown: `Conv2d(2, 1, 2
  (parametrizations): Parametrizations(
    (weight): ParametrizationList(
      (0): SpectralNorm({ nPowerIterations: 2, dim: 1 })
    )
  )
)`,
});

describe("spectralNorm", () => {
  it("makes the largest singular value 1", () => {
    const layer = new Linear(2, 3, { bias: false });
    layer.loadStateDict({
      weight: tensor([
        [0, 3],
        [1, 0],
        [0, 4],
      ]),
    });
    spectralNorm(layer);
    // Singular values 5 and 1: 15 steps shrink what is wrong by 5^30.
    const wanted = [0, 0.6, 0.2, 0, 0, 0.8].map((each) => expect.closeTo(each, 5));
    expect(layer.weight.flatten().arraySync()).toEqual(wanted);
  });

  it("goes on with its vectors in training mode only, once for each forward pass", () => {
    const layer = spectralNorm(new Linear(3, 3));
    const vectors = () => [...layer.buffers()].map((each) => each.arraySync());
    const set = () => {
      for (const each of layer.buffers()) each.copy_(tensor([1, 0, 0]));
    };
    set();
    const before = vectors();
    evaluate(layer, () => layer.forward(ones([3])));
    expect(vectors()).toEqual(before);
    layer.forward(ones([3]));
    const once = vectors();
    expect(once).not.toEqual(before);
    set();
    void layer.weight;
    expect(vectors()).toEqual(once);
  });

  it("has the gradient of the pass it belongs to, whatever passes came after", () => {
    const layer = spectralNorm(new Linear(3, 2)).to("float64");
    const x = ones([3], { dtype: "float64" });
    const y = layer.forward(x).sum();
    layer.forward(x);
    expect(() => y.backward()).not.toThrow();
  });

  it("draws its vectors where the weight is", () => {
    const device = reference();
    const layer = spectralNorm(new Linear(2, 2).to(device));
    expect([...layer.buffers()].every((each) => each.device === device)).toBe(true);
    expect(layer.forward(ones([2], { device })).device).toBe(device);
  });

  it("keeps nothing of a step", () => {
    const layer = spectralNorm(new Linear(3, 2));
    const step = () =>
      scope(() => {
        layer
          .forward(ones([3]))
          .sum()
          .backward();
        layer.zeroGrad();
      });
    step();
    const before = memory();
    for (let i = 0; i < 5; i++) step();
    expect({ ...memory(), peakBytes: 0 }).toEqual({ ...before, peakBytes: 0 });
  });

  it("leaves the divided weight when it is removed", () => {
    const layer = spectralNorm(new Linear(3, 2)).eval();
    const value = layer.weight.arraySync();
    removeParametrizations(layer, "weight");
    expect(layer.weight.arraySync()).toEqual(value);
    expect([...layer.stateDict().keys()]).toEqual(["bias", "weight"]);
  });

  it("says what is wrong", () => {
    expect(() => spectralNorm(new Linear(2, 1), { dim: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: spectralNorm: dim is 2. Give an integer from -2 to 1.]`,
    );
    expect(() => spectralNorm(new Linear(2, 1), { nPowerIterations: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: spectralNorm: nPowerIterations is 0. Give an integer from 1 on.]`,
    );
    expect(() => spectralNorm(new Linear(2, 1), { eps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: spectralNorm: eps is -1. Give a number from 0 on.]`,
    );
    expect(() => spectralNorm(new Linear(2, 1), { name: "kernel" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: spectralNorm: Linear has no parameter "kernel". It has "weight" and "bias".]`,
    );
  });
});
