import { noGrad, ones, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it, vi } from "vitest";
import { sgdStep } from "../../test/sgd.ts";
import {
  isParametrized,
  Linear,
  Module,
  Parameter,
  registerParametrization,
  removeParametrizations,
  Sequential,
  summary,
  weightNorm,
} from "../index.ts";

class Symmetric extends Module {
  forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).T);
  }
}

class Doubled extends Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
  rightInverse(value: Tensor): Tensor {
    return value.div(2);
  }
}

class Product extends Module {
  forward(a: Tensor, b: Tensor): Tensor {
    return a.mul(b);
  }
  rightInverse(value: Tensor): readonly Tensor[] {
    return [value.sign(), value.abs()];
  }
}

const layerOf = (numbers: number[][]): Linear => {
  const layer = new Linear(numbers[0]?.length ?? 0, numbers.length);
  noGrad(() => layer.weight.copy_(tensor(numbers)));
  return layer;
};

const square = () =>
  layerOf([
    [1, 2],
    [3, 4],
  ]);

describe("registerParametrization", () => {
  it("computes the parameter anew at each reading, and learns the original, the same object as before", () => {
    const layer = square();
    const { weight } = layer;
    expect(registerParametrization(layer, "weight", new Symmetric())).toBe(layer);
    expect(layer.weight.arraySync()).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect([...layer.parameters()]).toEqual([layer.bias, weight]);
    expect([...layer.stateDict().keys()]).toEqual(["bias", "parametrizations.weight.original"]);
    layer
      .forward(tensor([1, 10]))
      .sum()
      .backward();
    sgdStep(layer.parameters(), 1);
    // The gradient of the off-diagonal element comes from both of its places: 1 and 10.
    expect(layer.weight.arraySync()).toEqual([
      [0, -9],
      [-9, -6],
    ]);
  });

  it("goes through rightInverse on the way in and when the parameter is assigned to", () => {
    const layer = registerParametrization(square(), "weight", new Doubled());
    const original = layer.stateDict().get("parametrizations.weight.original");
    expect(layer.weight.arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(original?.arraySync()).toEqual([
      [0.5, 1],
      [1.5, 2],
    ]);
    layer.weight = new Parameter(ones([2, 2]));
    expect(original?.arraySync()).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect([...layer.parameters()].length).toBe(2);
  });

  it("learns several originals where there are several", () => {
    const layer = registerParametrization(layerOf([[-3, 4]]), "weight", new Product());
    expect([...layer.stateDict().keys()]).toEqual([
      "bias",
      "parametrizations.weight.original0",
      "parametrizations.weight.original1",
    ]);
    expect(layer.weight.arraySync()).toEqual([[-3, 4]]);
    layer.weight = new Parameter(tensor([[5, -6]]));
    expect(layer.weight.arraySync()).toEqual([[5, -6]]);
  });

  it("computes one after the other", () => {
    const layer = registerParametrization(
      registerParametrization(square(), "weight", new Doubled()),
      "weight",
      new Symmetric(),
    );
    expect(layer.weight.arraySync()).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(() => {
      layer.weight = new Parameter(ones([2, 2]));
    }).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Linear.weight: Symmetric computes it, and cannot tell from what. Give the parametrization a rightInverse, or change the originals.]`,
    );
    registerParametrization(layer, "weight", new Doubled());
    expect(layer.weight.arraySync()).toEqual([
      [2, 4],
      [4, 8],
    ]);
  });

  it("keeps frozen parameters frozen, and moves and saves with the model", () => {
    const layer = square().requiresGrad_(false);
    registerParametrization(layer, "weight", new Product());
    expect([...layer.parameters()].map(({ requiresGrad }) => requiresGrad)).toEqual([false, false, false]);
    expect(layer.weight.requiresGrad).toBe(false);
    layer.to("float64");
    expect(layer.weight.dtype).toBe("float64");
    const other = registerParametrization(new Linear(2, 2), "weight", new Product());
    other.loadStateDict(layer.stateDict());
    expect(other.weight.arraySync()).toEqual(layer.weight.arraySync());
    const third = registerParametrization(new Linear(2, 2), "weight", new Product());
    third.loadStateDict(layer.stateDict(), { assign: true });
    expect(third.weight.dtype).toBe("float64");
  });

  it("takes over the mode of the module, and the place that is blamed for it", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const model = new Sequential(square()).eval();
    registerParametrization(model.at(0) as Linear, "weight", new Product());
    expect([...model.modules()].map(({ training }) => training)).toEqual(new Array(5).fill(false));
    for (const each of model.parameters()) each.grad = ones(each.shape);
    sgdStep(model.parameters(), 1);
    expect(warn.mock.calls.flat().join()).toContain("Sequential is in eval mode");
    warn.mockRestore();
  });

  it("shows what it adds to the module", () => {
    expect(String(registerParametrization(square(), "weight", new Symmetric()))).toMatchInlineSnapshot(`
      "Linear(2, 2, { bias: true }
        (parametrizations): Parametrizations(
          (weight): ParametrizationList(
            (0): Symmetric()
          )
        )
      )"
    `);
  });

  it("leaves the operations in a summary as they were", () => {
    const layer = square();
    const { macs } = summary(layer, [5, 2]);
    registerParametrization(layer, "weight", new Product());
    expect(summary(layer, [5, 2]).macs).toBe(macs);
    expect(summary(removeParametrizations(layer, "weight"), [5, 2]).macs).toBe(macs);
  });

  it("says what is wrong", () => {
    class Row extends Module {
      forward(x: Tensor): Tensor {
        return x.select(0, 0);
      }
    }
    expect(() => registerParametrization(square(), "wieght", new Symmetric())).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: registerParametrization: Linear has no parameter "wieght". It has "weight" and "bias".]`,
    );
    expect(() =>
      registerParametrization(new Linear(2, 2, { bias: false }), "bias", new Doubled()),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: registerParametrization: Linear has no parameter "bias". It has "weight".]`,
    );
    expect(() => registerParametrization(new Symmetric(), "weight", new Doubled())).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: registerParametrization: Symmetric has no parameter "weight". It has none; name the module that has it.]`,
    );
    const layer = square();
    expect(() => registerParametrization(layer, "weight", new Row())).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: registerParametrization: weight of Linear is float32 [2, 2] and would become float32 [2]. A parametrization keeps shape and dtype.]`,
    );
    expect(isParametrized(layer)).toBe(false);
    registerParametrization(layer, "weight", new Symmetric());
    expect(() => registerParametrization(layer, "weight", new Row())).toThrow(
      "A parametrization keeps shape and dtype",
    );
  });
});

describe("isParametrized", () => {
  it("tells of one parameter, or of any", () => {
    const layer = square();
    expect([isParametrized(layer), isParametrized(layer, "weight")]).toEqual([false, false]);
    registerParametrization(layer, "weight", new Symmetric());
    expect([isParametrized(layer), isParametrized(layer, "weight"), isParametrized(layer, "bias")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("removeParametrizations", () => {
  it("leaves the computed value in the parameter that was there before", () => {
    const layer = square();
    const { weight } = layer;
    registerParametrization(layer, "weight", new Symmetric());
    expect(removeParametrizations(layer, "weight")).toBe(layer);
    expect(layer.weight).toBe(weight);
    expect(weight.arraySync()).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect([...layer.stateDict().keys()]).toEqual(["bias", "weight"]);
    expect(isParametrized(layer)).toBe(false);
    expect(String(layer)).toBe("Linear(2, 2, { bias: true })");
  });

  it("or the original, where that is wanted", () => {
    const layer = registerParametrization(square(), "weight", new Symmetric());
    removeParametrizations(layer, "weight", { leaveParametrized: false });
    expect(layer.weight.arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("makes a new parameter of several originals, and leaves other parameters as they are", () => {
    const layer = weightNorm(weightNorm(square()), { name: "bias" });
    const value = layer.weight.arraySync();
    removeParametrizations(layer, "weight");
    expect(layer.weight).toBeInstanceOf(Parameter);
    expect(layer.weight.arraySync()).toEqual(value);
    expect([...layer.stateDict().keys()]).toEqual([
      "weight",
      "parametrizations.bias.original0",
      "parametrizations.bias.original1",
    ]);
  });

  it("says what cannot be", () => {
    expect(() => removeParametrizations(square(), "weight")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: removeParametrizations: weight of Linear is not parametrized. Name a parameter that is.]`,
    );
    const layer = weightNorm(square());
    expect(() =>
      removeParametrizations(layer, "weight", { leaveParametrized: false }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: removeParametrizations: leaveParametrized is false, and there are 2 originals. Only one could take the parameter's place; leave it as it was computed.]`,
    );
    expect(isParametrized(layer, "weight")).toBe(true);
  });
});
