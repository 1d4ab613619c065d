// Graphs, feature maps and kernels of modules, which the package of the summaries may not import.
import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  evaluate,
  Flatten,
  Linear,
  LSTM,
  Module,
  ModuleList,
  MultiheadAttention,
  ReLU,
  Sequential,
} from "@anneal/nn";
import { featureMaps, kernels, makeGrid } from "@anneal/summary";
import { arange, isGradEnabled, noGrad, randn, type Tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { modelGraph } from "../../packages/summary/src/graphs/model-graph.ts";

class Block extends Module {
  conv1 = new Conv2d(4, 4, 3, { padding: 1, bias: false });
  bn1 = new BatchNorm2d(4);
  relu = new ReLU();
  forward(x: Tensor): Tensor {
    return this.relu.forward(this.bn1.forward(this.conv1.forward(x)).add(x));
  }
}

/** What the notes' tool failed at: a network of the user's own with sums around layers, branches, and a layer that is used twice. */
class ResNet extends Module {
  stem = new Sequential(new Conv2d(3, 4, 3, { padding: 1 }), new BatchNorm2d(4), new ReLU());
  layer1 = new Sequential(new Block(), new Block());
  dropout = new Dropout();
  flatten = new Flatten();
  shared = new Linear(64, 64);
  heads = new ModuleList([new Linear(64, 10), new Linear(64, 1)]);
  forward(x: Tensor): { classes: Tensor; score: Tensor } {
    const features = this.flatten.forward(this.dropout.forward(this.layer1.forward(this.stem.forward(x))));
    const mixed = this.shared.forward(this.shared.forward(features).tanh());
    const [classes, score] = this.heads as unknown as Iterable<Linear>;
    return { classes: (classes as Linear).forward(mixed), score: (score as Linear).forward(mixed) };
  }
}

const graphOf = (model: Module & { forward(...inputs: never[]): unknown }, input: unknown) => {
  const { node } = modelGraph(model, input);
  const names = new Set(node.map(({ name }) => name));
  expect(names.size).toBe(node.length);
  // Every edge comes from a node, and there are no circles: a node's inputs are before it.
  const seen = new Set<string>();
  for (const { name, input: sources } of node) {
    for (const source of sources) expect(seen).toContain(source);
    seen.add(name);
  }
  return node;
};

describe("the graph of a network", () => {
  it("is its modules, its ops and the flow of the data", () => {
    const node = graphOf(new ResNet(), zeros([2, 3, 4, 4]));
    const short = node.map(({ name, input }) => `${name} <- ${input.join(", ")}`.trimEnd());
    expect(short.filter((line) => !line.endsWith("<-"))).toMatchInlineSnapshot(`
      [
        "ResNet/Sequential[stem]/Conv2d[0]/conv <- input, ResNet/Sequential[stem]/Conv2d[0]/weight",
        "ResNet/Sequential[stem]/Conv2d[0]/add <- ResNet/Sequential[stem]/Conv2d[0]/conv, ResNet/Sequential[stem]/Conv2d[0]/bias",
        "ResNet/Sequential[stem]/BatchNorm2d[1]/sub <- ResNet/Sequential[stem]/Conv2d[0]/add",
        "ResNet/Sequential[stem]/BatchNorm2d[1]/mul <- ResNet/Sequential[stem]/BatchNorm2d[1]/weight",
        "ResNet/Sequential[stem]/BatchNorm2d[1]/mul_1 <- ResNet/Sequential[stem]/BatchNorm2d[1]/sub, ResNet/Sequential[stem]/BatchNorm2d[1]/mul",
        "ResNet/Sequential[stem]/BatchNorm2d[1]/add <- ResNet/Sequential[stem]/BatchNorm2d[1]/mul_1, ResNet/Sequential[stem]/BatchNorm2d[1]/bias",
        "ResNet/Sequential[stem]/ReLU[2]/relu <- ResNet/Sequential[stem]/BatchNorm2d[1]/add",
        "ResNet/Sequential[layer1]/Block[0]/Conv2d[conv1]/conv <- ResNet/Sequential[stem]/ReLU[2]/relu, ResNet/Sequential[layer1]/Block[0]/Conv2d[conv1]/weight",
        "ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/sub <- ResNet/Sequential[layer1]/Block[0]/Conv2d[conv1]/conv",
        "ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/mul <- ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/weight",
        "ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/mul_1 <- ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/sub, ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/mul",
        "ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/add <- ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/mul_1, ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/bias",
        "ResNet/Sequential[layer1]/Block[0]/add <- ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/add, ResNet/Sequential[stem]/ReLU[2]/relu",
        "ResNet/Sequential[layer1]/Block[0]/ReLU[relu]/relu <- ResNet/Sequential[layer1]/Block[0]/add",
        "ResNet/Sequential[layer1]/Block[1]/Conv2d[conv1]/conv <- ResNet/Sequential[layer1]/Block[0]/ReLU[relu]/relu, ResNet/Sequential[layer1]/Block[1]/Conv2d[conv1]/weight",
        "ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/sub <- ResNet/Sequential[layer1]/Block[1]/Conv2d[conv1]/conv",
        "ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/mul <- ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/weight",
        "ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/mul_1 <- ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/sub, ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/mul",
        "ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/add <- ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/mul_1, ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/bias",
        "ResNet/Sequential[layer1]/Block[1]/add <- ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/add, ResNet/Sequential[layer1]/Block[0]/ReLU[relu]/relu",
        "ResNet/Sequential[layer1]/Block[1]/ReLU[relu]/relu <- ResNet/Sequential[layer1]/Block[1]/add",
        "ResNet/Flatten[flatten]/reshape <- ResNet/Sequential[layer1]/Block[1]/ReLU[relu]/relu",
        "ResNet/Linear[shared]/permute <- ResNet/Linear[shared]/weight",
        "ResNet/Linear[shared]/matmul <- ResNet/Flatten[flatten]/reshape, ResNet/Linear[shared]/permute",
        "ResNet/Linear[shared]/add <- ResNet/Linear[shared]/matmul, ResNet/Linear[shared]/bias",
        "ResNet/tanh <- ResNet/Linear[shared]/add",
        "ResNet/Linear[shared]_1/permute <- ResNet/Linear[shared]/weight",
        "ResNet/Linear[shared]_1/matmul <- ResNet/tanh, ResNet/Linear[shared]_1/permute",
        "ResNet/Linear[shared]_1/add <- ResNet/Linear[shared]_1/matmul, ResNet/Linear[shared]/bias",
        "ResNet/ModuleList[heads]/Linear[0]/permute <- ResNet/ModuleList[heads]/Linear[0]/weight",
        "ResNet/ModuleList[heads]/Linear[0]/matmul <- ResNet/Linear[shared]_1/add, ResNet/ModuleList[heads]/Linear[0]/permute",
        "ResNet/ModuleList[heads]/Linear[0]/add <- ResNet/ModuleList[heads]/Linear[0]/matmul, ResNet/ModuleList[heads]/Linear[0]/bias",
        "ResNet/ModuleList[heads]/Linear[1]/permute <- ResNet/ModuleList[heads]/Linear[1]/weight",
        "ResNet/ModuleList[heads]/Linear[1]/matmul <- ResNet/Linear[shared]_1/add, ResNet/ModuleList[heads]/Linear[1]/permute",
        "ResNet/ModuleList[heads]/Linear[1]/add <- ResNet/ModuleList[heads]/Linear[1]/matmul, ResNet/ModuleList[heads]/Linear[1]/bias",
        "output/classes <- ResNet/ModuleList[heads]/Linear[0]/add",
        "output/score <- ResNet/ModuleList[heads]/Linear[1]/add",
      ]
    `);
    expect(short.filter((line) => line.endsWith("<-"))).toMatchInlineSnapshot(`
      [
        "input <-",
        "ResNet/Sequential[stem]/Conv2d[0]/weight <-",
        "ResNet/Sequential[stem]/Conv2d[0]/bias <-",
        "ResNet/Sequential[stem]/BatchNorm2d[1]/weight <-",
        "ResNet/Sequential[stem]/BatchNorm2d[1]/bias <-",
        "ResNet/Sequential[layer1]/Block[0]/Conv2d[conv1]/weight <-",
        "ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/weight <-",
        "ResNet/Sequential[layer1]/Block[0]/BatchNorm2d[bn1]/bias <-",
        "ResNet/Sequential[layer1]/Block[1]/Conv2d[conv1]/weight <-",
        "ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/weight <-",
        "ResNet/Sequential[layer1]/Block[1]/BatchNorm2d[bn1]/bias <-",
        "ResNet/Linear[shared]/weight <-",
        "ResNet/Linear[shared]/bias <-",
        "ResNet/ModuleList[heads]/Linear[0]/weight <-",
        "ResNet/ModuleList[heads]/Linear[0]/bias <-",
        "ResNet/ModuleList[heads]/Linear[1]/weight <-",
        "ResNet/ModuleList[heads]/Linear[1]/bias <-",
      ]
    `);
  });

  it("tells the shapes", () => {
    const shapes = graphOf(new Block(), zeros([2, 4, 8, 8])).map(({ name, attr }) => [name, attr._output_shapes]);
    expect(Object.fromEntries(shapes)).toMatchObject({
      input: { shapes: [[2, 4, 8, 8]] },
      "Block/Conv2d[conv1]/conv": { shapes: [[2, 4, 8, 8]] },
      "Block/Conv2d[conv1]/weight": { shapes: [[4, 4, 3, 3]] },
      output: { shapes: [[2, 4, 8, 8]] },
    });
  });

  it("leaves modes, gradients, statistics and hooks as they were", () => {
    const model = new ResNet();
    model.layer1.eval();
    model.stem.requiresGrad_(false);
    const before = [...model.modules()].map(({ training }) => training);
    const wants = [...model.parameters()].map(({ requiresGrad }) => requiresGrad);
    const state = [...model.stateDict()].map(([name, each]) => [name, each.arraySync()]);
    const input = randn([2, 3, 4, 4]);
    graphOf(model, input);
    expect([...model.modules()].map(({ training }) => training)).toEqual(before);
    expect([...model.parameters()].map(({ requiresGrad }) => requiresGrad)).toEqual(wants);
    expect([...model.parameters()].every(({ grad }) => grad === null)).toBe(true);
    expect([...model.stateDict()].map(([name, each]) => [name, each.arraySync()])).toEqual(state);
    expect([...model.modules()].some((module) => Object.hasOwn(module, "forward"))).toBe(false);
    expect([input.requiresGrad, isGradEnabled()]).toEqual([false, true]);
  });

  it("follows integers into embeddings, and results of several tensors", () => {
    const words = graphOf(new Sequential(new Embedding(10, 4), new Linear(4, 2)), arange(3, { dtype: "int32" }));
    expect(words.find(({ op }) => op === "embedding")?.input).toEqual(["Sequential/Embedding[0]/weight", "input"]);
    const recurrent = graphOf(new LSTM(3, 4), zeros([5, 2, 3]));
    expect(recurrent.filter(({ name }) => name.startsWith("output")).map(({ name }) => name)).toEqual([
      "output/0",
      "output/1/0",
      "output/1/1",
    ]);
    const sequence = zeros([5, 2, 8]);
    const attention = graphOf(new MultiheadAttention(8, 2), [sequence, sequence, sequence]);
    expect(attention.filter(({ op }) => op === "softmax")).toHaveLength(1);
  });

  it("says what to do inside of noGrad", () => {
    const model = new Linear(2, 2);
    expect(() => noGrad(() => modelGraph(model, zeros([1, 2])))).toThrow("outside of noGrad() and evaluate()");
    expect(() => evaluate(model, () => modelGraph(model, zeros([1, 2])))).toThrow("outside of noGrad() and evaluate()");
  });
});

describe("featureMaps", () => {
  it("shows what the stages of a network make of an image", async () => {
    const model = new ResNet();
    const input = randn([2, 3, 4, 4]);
    const maps = await noGrad(() => featureMaps(model, input, ["stem", "layer1.0"], { nrow: 4 }));
    expect(Object.keys(maps)).toEqual(["stem", "layer1.0"]);
    // As people write it in PyTorch: make_grid(features[0].unsqueeze(1), nrow=4, normalize=True, scale_each=True).
    const features = evaluate(model, () => model.stem.forward(input))
      .select(0, 0)
      .unsqueeze(1);
    expect(maps.stem).toEqual(await makeGrid(features, { nrow: 4, normalize: true, scaleEach: true }));
    expect(maps.stem?.shape).toEqual([3, 4 + 2 * 2, 4 * (4 + 2) + 2]);
    expect(model.training).toBe(true);
  });
});

describe("kernels", () => {
  it("shows those of a convolution", async () => {
    expect((await kernels(new Conv2d(3, 16, 3))).shape).toEqual([3, 2 * 5 + 2, 8 * 5 + 2]);
    const layer = new Conv2d(4, 2, 5);
    const rows = layer.weight.detach().reshape([8, 1, 5, 5]);
    expect(await kernels(layer)).toEqual(await makeGrid(rows, { nrow: 4, normalize: true, scaleEach: true }));
  });
});
