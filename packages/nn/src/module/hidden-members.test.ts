import { ones, type Tensor } from "@anneal/tensor";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Linear, Module, ModuleList, Parameter } from "../index.ts";

afterEach(() => void vi.restoreAllMocks());

const warnings = () => vi.spyOn(console, "warn").mockImplementation(() => {});

abstract class Net extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}

describe("modules and parameters that no method finds", () => {
  it("are told of once, with what to use instead", () => {
    class Inner extends Net {
      scales = new Map([["a", new Parameter(ones([1]))]]);
    }
    class Outer extends Net {
      layers = [new Linear(1, 1), new Linear(1, 1)];
      heads = { first: new Linear(1, 1) };
      inner = new Inner();
      numbers = [1, 2];
    }
    const warn = warnings();
    const net = new Outer();
    expect([...net.parameters()]).toEqual([]);
    void [...net.parameters()];
    expect(warn.mock.calls.map(([text]) => text)).toMatchInlineSnapshot(`
      [
        "Outer: the field layers is an array of modules, which parameters(), stateDict() and train() do not find. Make it a ModuleList.",
        "Outer: the field heads is an object of modules, which parameters(), stateDict() and train() do not find. Make it a ModuleDict.",
        "Inner: the field scales is a map of parameters, which parameters(), stateDict() and train() do not find. Make it a ParameterDict.",
      ]
    `);
  });

  it("are no news where they are members in another way too", () => {
    class Fine extends Net {
      layers = new ModuleList([new Linear(1, 1)]);
      all = [...this.layers];
      weights = [this.layers.at(0)?.weight];
    }
    const warn = warnings();
    expect([...new Fine().parameters()]).toHaveLength(2);
    expect(warn).not.toHaveBeenCalled();
  });
});
