import { describe, expect, it } from "vitest";
import { Dense, op, parameter, Recorded, Watched } from "../../test/recording.ts";
import type { GraphDef } from "./graph-def.ts";
import { modelGraph } from "./model-graph.ts";

/** `name = op(inputs)`, a line each. */
const lines = ({ node }: GraphDef) => node.map(({ name, op, input }) => `${name} = ${op}(${input.join(", ")})`);

const relu = (x: Recorded) => op("relu", x.shape, [x]);

class Block extends Watched {
  inner = new Dense(4, 4);
  protected override compute(x: Recorded): Recorded {
    return relu(op("add", x.shape, [this.inner.forward(x), x]));
  }
}

/** A branch, a sum around a module, a module that is called twice, one that is not called. */
class Net extends Watched {
  first = new Dense(3, 4);
  block = new Block();
  unused = new Dense(1, 1);
  heads = new Heads();
  protected override compute(x: Recorded): unknown {
    const y = relu(this.first.forward(x));
    const z = this.block.forward(this.block.forward(y));
    // Called from outside of what holds it.
    return { left: this.heads.left.forward(z), right: this.heads.right.forward(op("tanh", z.shape, [z])) };
  }
}

class Heads extends Watched {
  left = new Dense(4, 1);
  right = new Dense(4, 2);
  protected override compute(): never {
    throw new Error("never called");
  }
}

describe("the graph of a model", () => {
  it("has the modules as scopes, and the edges of the data: branches, sums around modules, shared modules", () => {
    // What the classes above do, read by a person.
    expect(lines(modelGraph(new Net(), new Recorded([2, 3])))).toMatchInlineSnapshot(`
      [
        "input = IO Node()",
        "Net/Dense[first]/weight = Parameter()",
        "Net/Dense[first]/matmul = matmul(input, Net/Dense[first]/weight)",
        "Net/Dense[first]/bias = Parameter()",
        "Net/Dense[first]/add = add(Net/Dense[first]/matmul, Net/Dense[first]/bias)",
        "Net/relu = relu(Net/Dense[first]/add)",
        "Net/Block[block]/Dense[inner]/weight = Parameter()",
        "Net/Block[block]/Dense[inner]/matmul = matmul(Net/relu, Net/Block[block]/Dense[inner]/weight)",
        "Net/Block[block]/Dense[inner]/bias = Parameter()",
        "Net/Block[block]/Dense[inner]/add = add(Net/Block[block]/Dense[inner]/matmul, Net/Block[block]/Dense[inner]/bias)",
        "Net/Block[block]/add = add(Net/Block[block]/Dense[inner]/add, Net/relu)",
        "Net/Block[block]/relu = relu(Net/Block[block]/add)",
        "Net/Block[block]_1/Dense[inner]/matmul = matmul(Net/Block[block]/relu, Net/Block[block]/Dense[inner]/weight)",
        "Net/Block[block]_1/Dense[inner]/add = add(Net/Block[block]_1/Dense[inner]/matmul, Net/Block[block]/Dense[inner]/bias)",
        "Net/Block[block]_1/add = add(Net/Block[block]_1/Dense[inner]/add, Net/Block[block]/relu)",
        "Net/Block[block]_1/relu = relu(Net/Block[block]_1/add)",
        "Net/Heads[heads]/Dense[left]/weight = Parameter()",
        "Net/Heads[heads]/Dense[left]/matmul = matmul(Net/Block[block]_1/relu, Net/Heads[heads]/Dense[left]/weight)",
        "Net/Heads[heads]/Dense[left]/bias = Parameter()",
        "Net/Heads[heads]/Dense[left]/add = add(Net/Heads[heads]/Dense[left]/matmul, Net/Heads[heads]/Dense[left]/bias)",
        "Net/tanh = tanh(Net/Block[block]_1/relu)",
        "Net/Heads[heads]/Dense[right]/weight = Parameter()",
        "Net/Heads[heads]/Dense[right]/matmul = matmul(Net/tanh, Net/Heads[heads]/Dense[right]/weight)",
        "Net/Heads[heads]/Dense[right]/bias = Parameter()",
        "Net/Heads[heads]/Dense[right]/add = add(Net/Heads[heads]/Dense[right]/matmul, Net/Heads[heads]/Dense[right]/bias)",
        "output/left = IO Node(Net/Heads[heads]/Dense[left]/add)",
        "output/right = IO Node(Net/Heads[heads]/Dense[right]/add)",
      ]
    `);
  });

  it("says the shape and dtype of each node, and what module it is of", () => {
    const { node } = modelGraph(new Dense(3, 2), new Recorded([5, 3]));
    expect(node.find(({ op: name }) => name === "matmul")).toEqual({
      name: "Dense/matmul",
      op: "matmul",
      input: ["input", "Dense/weight"],
      attr: { _output_shapes: { shapes: [[5, 2]] }, dtype: { type: 1 }, attr: { s: "Dense(3, 2)" } },
    });
    expect(node.find(({ name }) => name === "Dense/weight")?.attr).toEqual({
      _output_shapes: { shapes: [[2, 3]] },
      dtype: { type: 1 },
    });
  });

  it("shows inputs that want no gradient: several, of integers, frozen parameters, tensors no op made", () => {
    class Lookup extends Watched {
      table = new Recorded([10, 4]);
      #scale = parameter([4]);
      protected override compute(index: Recorded, mask: Recorded): Recorded {
        const rows = op("embedding", [2, 4], [this.table], [index]);
        return op("mul", [2, 4], [op("mul", [2, 4], [rows, mask]), this.#scale]);
      }
    }
    const model = new Lookup();
    expect(lines(modelGraph(model, [new Recorded([2], "int64"), new Recorded([2, 1])]))).toMatchInlineSnapshot(`
      [
        "input/0 = IO Node()",
        "input/1 = IO Node()",
        "Lookup/table = Parameter()",
        "Lookup/embedding = embedding(Lookup/table, input/0)",
        "Lookup/mul = mul(Lookup/embedding, input/1)",
        "Lookup/variable = Variable()",
        "Lookup/mul_1 = mul(Lookup/mul, Lookup/variable)",
        "output = IO Node(Lookup/mul_1)",
      ]
    `);
    expect(model.table.requiresGrad).toBe(false);
  });

  it("leaves out other looks at the same numbers", () => {
    class Looks extends Watched {
      weight = parameter([3]);
      protected override compute(x: Recorded): Recorded {
        const row = op("reshape", [1, 3], [this.weight]);
        return op("reshape", [6], [op("mul", [2, 3], [x, row])]);
      }
    }
    expect(lines(modelGraph(new Looks(), new Recorded([2, 3])))).toMatchInlineSnapshot(`
      [
        "input = IO Node()",
        "Looks/weight = Parameter()",
        "Looks/mul = mul(input, Looks/weight)",
        "Looks/reshape = reshape(Looks/mul)",
        "output = IO Node(Looks/reshape)",
      ]
    `);
  });

  it("puts modes, gradients and hooks back, also after a throw", () => {
    class Fails extends Watched {
      inner = new Dense(3, 3);
      frozen = new Recorded([3]);
      seen: unknown[] = [];
      protected override compute(x: Recorded): Recorded {
        this.seen.push(this.training, this.inner.training, this.frozen.requiresGrad);
        this.inner.forward(x);
        throw new Error("no such luck");
      }
    }
    const model = new Fails();
    model.inner.training = false;
    expect(() => modelGraph(model, new Recorded([2, 3]))).toThrow("no such luck");
    expect(model.seen).toEqual([false, false, true]);
    expect([model.training, model.inner.training, model.frozen.requiresGrad]).toEqual([true, false, false]);
    expect([model.hooks.before.size, model.hooks.after.size, model.inner.hooks.after.size]).toEqual([0, 0, 0]);
  });

  it("goes on in the right scope where a module's error was caught", () => {
    class Fragile extends Watched {
      protected override compute(): never {
        throw new Error("not today");
      }
    }
    class Brave extends Watched {
      fragile = new Fragile();
      fallback = new Dense(3, 3);
      protected override compute(x: Recorded): Recorded {
        try {
          return this.fragile.forward(x);
        } catch {
          return relu(this.fallback.forward(x));
        }
      }
    }
    expect(lines(modelGraph(new Brave(), new Recorded([2, 3]))).at(-2)).toBe(
      "Brave/relu = relu(Brave/Dense[fallback]/add)",
    );
  });

  it("says so where nothing is recorded", () => {
    class Plain extends Watched {
      protected override compute(x: Recorded): Recorded {
        return new Recorded(x.shape);
      }
    }
    expect(() => modelGraph(new Plain(), new Recorded([2]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addGraph: nothing was recorded of what Plain does. Call addGraph outside of noGrad() and evaluate(), with tensors that record, such as those of @anneal/tensor.]`,
    );
  });
});
