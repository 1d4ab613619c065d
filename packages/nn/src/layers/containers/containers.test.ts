import { memory, ones, scope, type Tensor, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";
import { ReLU } from "../activations/relu.ts";
import { Linear } from "../linear/linear.ts";
import { ModuleDict } from "./module-dict.ts";
import { ModuleList } from "./module-list.ts";
import { ParameterDict } from "./parameter-dict.ts";
import { ParameterList } from "./parameter-list.ts";
import { Sequential } from "./sequential.ts";

class Everything extends Module {
  list = new ModuleList([new Linear(2, 2), new ReLU(), new Linear(2, 2)]);
  // Of keys that are whole numbers a plain object would forget the order.
  dict = new ModuleDict(
    new Map<string, Module>([
      ["z", new Linear(2, 1)],
      ["1", new Linear(2, 1, { bias: false })],
      ["forward", new ReLU()],
    ]),
  );
  weights = new ParameterList([ones([2]), new Parameter(ones([3]))]);
  named = new ParameterDict({ b: ones([1]), a: ones([1, 2]) });
  forward(x: Tensor): Tensor {
    return x;
  }
}

describe("Containers", () => {
  it("are looked into for parameters and modules, in PyTorch's order", () => {
    // torch.nn gives the same keys for the same containers, those of 2.13 in order of insertion.
    expect([...new Everything().stateDict().keys()]).toMatchInlineSnapshot(`
      [
        "list.0.weight",
        "list.0.bias",
        "list.2.weight",
        "list.2.bias",
        "dict.z.weight",
        "dict.z.bias",
        "dict.1.weight",
        "weights.0",
        "weights.1",
        "named.b",
        "named.a",
      ]
    `);
    const model = new Everything();
    expect([...model.namedParameters()].map(([name]) => name)).toEqual([...model.stateDict().keys()]);
    expect([...model.dict.eval().modules()].every(({ training }) => !training)).toBe(true);
  });

  it("move with their owner, and load", () => {
    const model = new Everything().to("float64");
    expect(new Set([...model.parameters()].map(({ dtype }) => dtype))).toEqual(new Set(["float64"]));
    expect([...model.weights].map(({ dtype }) => dtype)).toEqual(["float64", "float64"]);
    expect(model.named.get("a")?.dtype).toBe("float64");
    model.loadStateDict({ "weights.1": tensor([4, 5, 6]), "named.a": tensor([[7, 8]]) }, { strict: false });
    expect(model.weights.at(-1)?.arraySync()).toEqual([4, 5, 6]);
    expect(model.named.get("a")?.arraySync()).toEqual([[7, 8]]);
  });

  it("show what is in them, equal neighbours on one line", () => {
    expect(String(new Everything())).toMatchInlineSnapshot(`
      "Everything(
        (list): ModuleList(
          (0): Linear(2, 2, { bias: true })
          (1): ReLU()
          (2): Linear(2, 2, { bias: true })
        )
        (dict): ModuleDict(
          (z): Linear(2, 1, { bias: true })
          (1): Linear(2, 1, { bias: false })
          (forward): ReLU()
        )
        (weights): ParameterList([2], [3])
        (named): ParameterDict(b: [1], a: [1, 2])
      )"
    `);
    const block = () => new Sequential(new Linear(3, 3), new ReLU());
    expect(String(new ModuleList([block(), block(), block(), new ReLU()]))).toMatchInlineSnapshot(`
      "ModuleList(
        (0-2): 3 x Sequential(
          (0): Linear(3, 3, { bias: true })
          (1): ReLU()
        )
        (3): ReLU()
      )"
    `);
    expect(String(new ModuleList())).toBe("ModuleList()");
  });

  it("take members of a subclass beside their own", () => {
    class Stack extends ModuleList<Linear> {
      norm = new ReLU();
      scale = new Parameter(ones([1]));
    }
    const stack = new Stack([new Linear(1, 1)]);
    // A field of the class is not there yet when the list is filled.
    expect([...stack.stateDict().keys()]).toEqual(["scale", "0.weight", "0.bias"]);
    class Weights extends ParameterList {
      other = new Parameter(ones([1]));
    }
    expect([...new Weights([ones([2])]).to("float64").stateDict()].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ["other", "float64"],
      ["0", "float64"],
    ]);
  });

  it("change as lists and maps do", () => {
    const [a, b, c] = [new Linear(1, 1), new ReLU(), new Linear(2, 2)];
    const list = new ModuleList<Module>([a]);
    expect(list.append(b).insert(1, c).length).toBe(3);
    expect([...list]).toEqual([a, c, b]);
    expect([...list.extend([a]).set(0, b)]).toEqual([b, c, b, a]);
    expect([list.at(-1), list.at(9)]).toEqual([a, undefined]);

    const dict = new ModuleDict<Module>([["a", a]]);
    expect(dict.set("b", b).set("a", c).size).toBe(2);
    expect([...dict]).toEqual([
      ["a", c],
      ["b", b],
    ]);
    expect([dict.get("b"), dict.get("c"), dict.has("a"), dict.delete("a"), dict.delete("a")]).toEqual([
      b,
      undefined,
      true,
      true,
      false,
    ]);
    expect([...dict.keys(), ...dict.values()]).toEqual(["b", b]);

    const weights = new ParameterList().append(ones([1])).extend([ones([2]), new Parameter(ones([3]))]);
    expect([...weights].map(({ shape }) => shape)).toEqual([[1], [2], [3]]);
    expect(weights.length).toBe(3);
    const named = new ParameterDict().set("x", ones([1])).set("y", ones([2]));
    expect([named.size, named.has("x"), named.delete("x"), [...named.keys()]]).toEqual([2, true, true, ["y"]]);
    expect([...named].map(([key, { requiresGrad }]) => [key, requiresGrad])).toEqual([["y", true]]);
    expect([...named.values()]).toHaveLength(1);
  });

  it("keep what they are given over the end of a scope", () => {
    const { bytes } = memory();
    const list = scope(() => new ParameterList([ones([5])]));
    expect(list.at(0)?.arraySync()).toEqual([1, 1, 1, 1, 1]);
    expect(memory().bytes - bytes).toBe(20);
  });

  it("say what they do not take", () => {
    expect(() => new ModuleList([ReLU as never])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ModuleList: it was given the ReLU itself, which is no module. Give instances of Module.]`,
    );
    expect(() => new Sequential(new ReLU(), null as never)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Sequential: it was given null, which is no module. Give instances of Module.]`,
    );
    expect(() => new ModuleDict({ "a.b": new ReLU() })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ModuleDict: the key is "a.b". Give a name without dots.]`,
    );
    expect(() => new ParameterList([new ReLU() as never])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ParameterList: it was given an instance of ReLU, which is no tensor. Give parameters, or tensors.]`,
    );
    expect(() => new ParameterDict({ x: 3 as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ParameterDict: it was given 3, which is no tensor. Give parameters, or tensors.]`,
    );
    expect(() => new ModuleList().set(0, new ReLU())).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: ModuleList.set: there is no module at 0 of 0. append() makes the list longer.]`,
    );
  });

  it("compute nothing themselves", () => {
    const { list, dict, weights, named } = new Everything();
    for (const each of [list, dict, weights, named]) expect(() => each.forward()).toThrow("computes nothing");
  });
});
