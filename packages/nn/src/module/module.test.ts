import { isGradEnabled, memory, ones, scope, type Tensor, tensor, zeros } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { BatchNorm1d, Conv2d, Dropout, Linear, Module, Parameter, ReLU, Sequential } from "../index.ts";

class Block extends Module {
  linear: Linear;
  scale = new Parameter(ones([1]));
  constructor(size: number) {
    super();
    this.linear = new Linear(size, size, { bias: false });
  }
  forward(x: Tensor): Tensor {
    return this.linear.forward(x).mul(this.scale).add(x);
  }
}

class Net extends Module {
  readonly name = "not a module";
  first = new Linear(2, 3);
  norm = new BatchNorm1d(3);
  body = new Sequential(new Block(3), new ReLU(), new Block(3));
  shift = new Parameter(zeros([3]));
  nothing: Linear | null = null;
  #hidden = new Linear(1, 1);
  last = new Linear(3, 1);
  constructor() {
    super();
    this.registerBuffer("mean", zeros([2]));
    this.registerBuffer("cache", zeros([1]), { persistent: false });
  }
  forward(x: Tensor): Tensor {
    return this.last.forward(this.body.forward(this.norm.forward(this.first.forward(x)).add(this.shift)));
  }
  get hidden(): Linear {
    return this.#hidden;
  }
}

describe("what a module finds in itself", () => {
  it("is its fields in the order they were assigned, parameters before buffers before children", () => {
    // The order torch gives the same module: own parameters, own persistent buffers, then the children, depth first.
    expect([...new Net().stateDict().keys()]).toMatchInlineSnapshot(`
      [
        "shift",
        "mean",
        "first.weight",
        "first.bias",
        "norm.weight",
        "norm.bias",
        "norm.running_mean",
        "norm.running_var",
        "norm.num_batches_tracked",
        "body.0.scale",
        "body.0.linear.weight",
        "body.2.scale",
        "body.2.linear.weight",
        "last.weight",
        "last.bias",
      ]
    `);
  });

  it("has dotted names; its own parameters come first", () => {
    const net = new Net();
    expect([...net.namedParameters()].map(([name]) => name)).toMatchInlineSnapshot(`
      [
        "shift",
        "first.weight",
        "first.bias",
        "norm.weight",
        "norm.bias",
        "body.0.scale",
        "body.0.linear.weight",
        "body.2.scale",
        "body.2.linear.weight",
        "last.weight",
        "last.bias",
      ]
    `);
    expect([...net.namedBuffers()].map(([name]) => name)).toMatchInlineSnapshot(`
      [
        "mean",
        "cache",
        "norm.running_mean",
        "norm.running_var",
        "norm.num_batches_tracked",
      ]
    `);
    expect(
      [...net.namedModules()].map(([name, module]) => `${name}: ${module.constructor.name}`),
    ).toMatchInlineSnapshot(`
      [
        ": Net",
        "first: Linear",
        "norm: BatchNorm1d",
        "body: Sequential",
        "body.0: Block",
        "body.0.linear: Linear",
        "body.1: ReLU",
        "body.2: Block",
        "body.2.linear: Linear",
        "last: Linear",
      ]
    `);
    expect([...net.namedChildren()].map(([name]) => name)).toEqual(["first", "norm", "body", "last"]);
    expect([...net.children()]).toEqual([net.first, net.norm, net.body, net.last]);
  });

  it("leaves out what is private, null, or neither parameter nor module", () => {
    const net = new Net();
    const modules = [...net.modules()];
    expect(modules).not.toContain(net.hidden);
    expect(modules).not.toContain(null);
    net.nothing = new Linear(1, 1);
    expect([...net.modules()]).toContain(net.nothing);
    net.nothing = null;
    expect([...net.modules()]).toEqual(modules);
  });

  it("gives parameters one by one, for an optimizer that takes them once", () => {
    const net = new Net();
    const parameters = net.parameters();
    expect(parameters.next().value).toBe(net.shift);
    expect([...parameters]).toHaveLength(10);
    expect([...parameters]).toEqual([]);
  });

  it("is there once where it is shared: in the state dict under each name, for the optimizer under the first", () => {
    class Tied extends Module {
      encode = new Linear(3, 3);
      decode = new Linear(3, 3);
      again = this.encode;
      constructor() {
        super();
        this.decode.weight = this.encode.weight;
      }
      forward(x: Tensor): Tensor {
        return this.decode.forward(this.encode.forward(x));
      }
    }
    const tied = new Tied();
    expect([...tied.namedParameters()].map(([name]) => name)).toEqual(["encode.weight", "encode.bias", "decode.bias"]);
    expect([...tied.namedModules()].map(([name]) => name)).toEqual(["", "encode", "decode"]);
    expect([...tied.stateDict().keys()]).toEqual([
      "encode.weight",
      "encode.bias",
      "decode.weight",
      "decode.bias",
      "again.weight",
      "again.bias",
    ]);
    expect([...tied.namedParameters({ removeDuplicate: false })].map(([name]) => name)).toEqual([
      ...tied.stateDict().keys(),
    ]);
    tied.to("float64");
    expect(tied.decode.weight).toBe(tied.encode.weight);
    tied
      .forward(ones([1, 3], { dtype: "float64" }))
      .sum()
      .backward();
    expect(tied.encode.weight.grad?.shape).toEqual([3, 3]);
  });

  it("is there by its path, or alone without what is inside", () => {
    const net = new Net();
    expect(net.getSubmodule("body.2.linear")).toBe([...(net.body.at(2)?.children() ?? [])][0]);
    expect(net.getSubmodule("")).toBe(net);
    expect([...net.namedParameters({ recurse: false })].map(([name]) => name)).toEqual(["shift"]);
    expect([...net.parameters({ recurse: false })]).toEqual([net.shift]);
    expect(() => net.getSubmodule("body.3")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: getSubmodule: Net has no module "body.3". It has "first", "norm", "body", "last"; names inside of them follow a dot.]`,
    );
    expect(() => new ReLU().getSubmodule("x")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: getSubmodule: ReLU has no module "x". It has none; names inside of them follow a dot.]`,
    );
  });

  it("does not go round in circles", () => {
    class Node extends Module {
      other: Node | null = null;
      forward(): void {}
    }
    const [a, b] = [new Node(), new Node()];
    [a.other, b.other] = [b, a];
    expect([...a.modules()]).toEqual([a, b]);
    expect(a.eval().other?.training).toBe(false);
  });
});

describe("registerBuffer", () => {
  class Counter extends Module {
    field = 1;
    forward(): void {}
  }

  it("keeps what it is given, and replaces what had the name", () => {
    const module = new Counter();
    scope(() => module.registerBuffer("count", tensor([1])));
    expect(module.buffer("count")?.arraySync()).toEqual([1]);
    module.registerBuffer("count", tensor([2]), { persistent: false });
    expect(module.buffer("count")?.arraySync()).toEqual([2]);
    expect([...module.buffers()]).toHaveLength(1);
    expect(module.stateDict().size).toBe(0);
    expect(module.buffer("other")).toBeNull();
  });

  it("is found under its first name, or under all of them", () => {
    const norm = new BatchNorm1d(1, { affine: false });
    const names = (all: Iterable<[string, Tensor]>): string[] => [...all].map(([name]) => name);
    const twice = new Sequential(norm, norm);
    const first = ["0.running_mean", "0.running_var", "0.num_batches_tracked"];
    const second = first.map((name) => name.replace("0", "1"));
    expect(names(twice.namedBuffers())).toEqual(first);
    expect(names(twice.namedBuffers({ removeDuplicate: false }))).toEqual([...first, ...second]);
    expect(names(twice.namedBuffers({ recurse: false }))).toEqual([]);
    const [mean] = norm.buffers();
    const counter = new Counter();
    if (mean) for (const name of ["a", "b"]) counter.registerBuffer(name, mean);
    expect(names(counter.namedBuffers())).toEqual(["a"]);
  });

  it("says what is wrong with a name", () => {
    const module = new Counter();
    expect(() => module.registerBuffer("a.b", ones([1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: registerBuffer: the name is "a.b". Give a name without dots that no field has.]`,
    );
    expect(() => module.registerBuffer("", ones([1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: registerBuffer: the name is "". Give a name without dots that no field has.]`,
    );
    expect(() => module.registerBuffer("field", ones([1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: registerBuffer: Counter has a field "field". Give a name without dots that no field has.]`,
    );
  });
});

describe("gradients of a module", () => {
  it("are forgotten by zeroGrad, or zeroed in place", () => {
    const layer = new Linear(2, 1);
    const step = () =>
      layer
        .forward(ones([1, 2]))
        .sum()
        .backward();
    step();
    const before = layer.weight.grad;
    layer.zeroGrad({ setToNone: false });
    expect(layer.weight.grad).toBe(before);
    expect(before?.arraySync()).toEqual([[0, 0]]);
    step();
    expect(layer.weight.grad?.arraySync()).toEqual([[1, 1]]);
    layer.zeroGrad();
    expect([layer.weight.grad, layer.bias?.grad]).toEqual([null, null]);
  });

  it("are not asked for where they are frozen", () => {
    const model = new Sequential(new Linear(2, 2), new Linear(2, 1));
    const [first, second] = [...model] as [Linear, Linear];
    expect(first.requiresGrad_(false)).toBe(first);
    model
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect([...first.parameters()].map(({ grad }) => grad)).toEqual([null, null]);
    expect([...second.parameters()].every(({ grad }) => grad !== null)).toBe(true);
    first.requiresGrad_();
    model
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(first.weight.grad).not.toBeNull();
  });
});

describe("a module", () => {
  it("is visited from the inside out by apply", () => {
    const visited: string[] = [];
    const net = new Net();
    expect(net.apply((module) => void visited.push(module.constructor.name))).toBe(net);
    expect(visited).toMatchInlineSnapshot(`
      [
        "Linear",
        "BatchNorm1d",
        "Linear",
        "Block",
        "ReLU",
        "Linear",
        "Block",
        "Sequential",
        "Linear",
        "Net",
      ]
    `);
  });

  it("shows what is inside it", () => {
    expect(String(new Net())).toMatchInlineSnapshot(`
      "Net(
        (first): Linear(2, 3, { bias: true })
        (norm): BatchNorm1d(3)
        (body): Sequential(
          (0): Block(
            (linear): Linear(3, 3, { bias: false })
          )
          (1): ReLU()
          (2): Block(
            (linear): Linear(3, 3, { bias: false })
          )
        )
        (last): Linear(3, 1, { bias: true })
      )"
    `);
    expect(String(new Sequential(new Conv2d(1, 2, 3), new Dropout()))).toMatchInlineSnapshot(`
      "Sequential(
        (0): Conv2d(1, 2, 3)
        (1): Dropout(0.5)
      )"
    `);
  });

  it("takes only true and false for a mode", () => {
    expect(() => new ReLU().train("eval" as never)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: train: the mode is eval. Give true or false.]`,
    );
  });
});

describe("to", () => {
  it("moves parameters, gradients and buffers to a device, and keeps what is frozen frozen", () => {
    const net = new Net();
    net.first.requiresGrad_(false);
    const x = tensor([
      [1, 2],
      [3, 5],
      [4, 0],
    ]);
    const expected = net.forward(x).flatten();
    expected.sum().backward();
    const gradient = net.last.weight.grad?.arraySync();
    const device = reference();
    net.to(device);
    const all = [...net.parameters(), ...net.buffers()];
    expect(all.every((each) => each.device === device)).toBe(true);
    expect(net.last.weight.grad?.device).toBe(device);
    expect(net.last.weight.grad?.arraySync()).toEqual(gradient);
    expect([net.first.weight.requiresGrad, net.last.weight.requiresGrad]).toEqual([false, true]);
    // Both devices round to float32.
    const close = (expected.arraySync() as number[]).map((value) => expect.closeTo(value, 5));
    expect(net.forward(x.to(device)).flatten().arraySync()).toEqual(close);
  });

  it("converts floats and leaves integers", () => {
    const norm = new BatchNorm1d(2).to("float64");
    expect([...norm.stateDict()].map(([name, { dtype }]) => `${name} ${dtype}`)).toMatchInlineSnapshot(`
      [
        "weight float64",
        "bias float64",
        "running_mean float64",
        "running_var float64",
        "num_batches_tracked int32",
      ]
    `);
  });

  it("changes nothing where there is nothing to change, so that an optimizer keeps its parameters", () => {
    const net = new Net();
    const before = [...net.parameters()];
    net.to("float32").to(net.shift.device);
    expect([...net.parameters()].every((parameter, i) => parameter === before[i])).toBe(true);
  });

  it("refuses dtypes that cannot learn", () => {
    expect(() => new Net().to("int32")).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: Module.to: int32 parameters could not learn. Give a float dtype, such as "float64".]`,
    );
  });
});

describe("making a module", () => {
  it("needs no care inside of a scope", () => {
    const net = scope(() => new Net());
    expect(net.forward(ones([2, 2])).shape).toEqual([2, 1]);
  });

  it("leaves no more than its numbers behind", () => {
    const { bytes } = memory();
    const layer = scope(() => new Linear(100, 50));
    expect(memory().bytes - bytes).toBe(4 * (100 * 50 + 50));
    expect(layer.weight.isLeaf && isGradEnabled()).toBe(true);
  });
});
