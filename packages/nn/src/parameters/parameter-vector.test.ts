import { ones, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { Linear, parametersToVector, vectorToParameters } from "../index.ts";

describe("parametersToVector", () => {
  it("has the numbers of all parameters in their order, with a graph to them", () => {
    const model = new Linear(2, 1);
    vectorToParameters(tensor([1, 2, 3]), model.parameters());
    const vector = parametersToVector(model.parameters());
    expect(vector.arraySync()).toEqual([1, 2, 3]);
    vector.square().sum().backward();
    expect([model.weight.grad?.arraySync(), model.bias?.grad?.arraySync()]).toEqual([[[2, 4]], [6]]);
    expect(parametersToVector(tensor(5)).arraySync()).toEqual([5]);
  });

  it("needs parameters", () => {
    expect(() => parametersToVector([])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: parametersToVector: there are no parameters. Call model.parameters() each time.]`,
    );
  });
});

describe("vectorToParameters", () => {
  it("copies: parameters stay the same objects, and do not change with the vector later", () => {
    const model = new Linear(3, 2);
    const { weight } = model;
    const vector = ones([8]);
    vectorToParameters(vector, model.parameters());
    vector.zero_();
    expect(model.weight).toBe(weight);
    expect([weight.isLeaf, weight.requiresGrad]).toEqual([true, true]);
    expect(parametersToVector(model.parameters()).arraySync()).toEqual(new Array(8).fill(1));
  });

  it("takes just as many numbers as there are, or none", () => {
    const model = new Linear(2, 1);
    const before = parametersToVector(model.parameters()).arraySync();
    expect(() => vectorToParameters(ones([4]), model.parameters())).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: vectorToParameters: the vector has the shape [4], the parameters have 3 numbers. Give a vector of the shape [3].]`,
    );
    expect(() => vectorToParameters(ones([3, 1]), model.parameters())).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: vectorToParameters: the vector has the shape [3, 1], the parameters have 3 numbers. Give a vector of the shape [3].]`,
    );
    expect(parametersToVector(model.parameters()).arraySync()).toEqual(before);
  });
});
