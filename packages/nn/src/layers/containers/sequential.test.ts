import { ones } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { ReLU } from "../activations/relu.ts";
import { Linear } from "../linear/linear.ts";
import { Sequential } from "./sequential.ts";

testModule("Sequential", {
  make: () => new Sequential(new Linear(3, 4), new ReLU(), new Sequential(new Linear(4, 2, { bias: false }))),
  shape: [2, 3],
  shown: `Sequential(
  (0): Linear(3, 4, { bias: true })
  (1): ReLU()
  (2): Sequential(
    (0): Linear(4, 2, { bias: false })
  )
)`,
});

describe("Sequential", () => {
  it("is a list of its layers", () => {
    const [first, second] = [new Linear(3, 2), new ReLU()];
    const model = new Sequential(first, second);
    expect(model.length).toBe(2);
    expect([...model]).toEqual([first, second]);
    expect([model.at(0), model.at(-1), model.at(2)]).toEqual([first, second, undefined]);
    expect([...model.stateDict().keys()]).toEqual(["0.weight", "0.bias"]);
  });

  it("gives its input back where it is empty", () => {
    const x = ones([2]);
    expect(new Sequential().forward(x)).toBe(x);
  });

  it("runs a layer that is there twice twice, and counts its parameters once", () => {
    const layer = new Linear(2, 2);
    const model = new Sequential(layer, layer);
    expect([...model.parameters()]).toEqual([layer.weight, layer.bias]);
    expect([...model.stateDict().keys()]).toEqual(["0.weight", "0.bias", "1.weight", "1.bias"]);
    expect(model.forward(ones([1, 2])).arraySync()).toEqual(layer.forward(layer.forward(ones([1, 2]))).arraySync());
  });
});
