// Embeddings with gradients by rows, and the optimizers that take them: neither package may import the other.
import { CrossEntropyLoss, Embedding, Linear, Module } from "@anneal/nn";
import { Adam, type AnyOptimizer, GradientAccumulation, SGD, SparseAdam } from "@anneal/optim";
import { type Device, manualSeed, memory, noGrad, scope, setDefaultDevice, type Tensor, tensor } from "@anneal/tensor";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { expectRows, sparse, sparseProblem } from "../../packages/nn/test/sparse-vectors.ts";
import { expectNumbers, precisions } from "../../packages/nn/test/vectors.ts";

describe.each(precisions)("PyTorch's steps of SparseAdam on embeddings in $name", ({ device, dtype, toleranceOf }) => {
  let before: Device;
  beforeAll(() => {
    before = setDefaultDevice(device());
  });
  afterAll(() => {
    setDefaultDevice(before);
  });

  it.each(sparse.cases)("$layer.0, $name", async (test) => {
    const { layer, weight, loss } = sparseProblem(test, dtype);
    const optimizer = new SparseAdam(layer.parameters(), { lr: 0.1 });
    for (const { gradient, weight: wanted } of test.steps) {
      // Gradients add up from pass to pass.
      loss().backward();
      await expectRows(weight, gradient, toleranceOf(sparse));
      optimizer.step();
      await expectNumbers("the weight", weight, wanted, toleranceOf(sparse));
    }
  });
});

const words = (data: number[] | number[][]): Tensor => tensor(data, { dtype: "int32" });

/** Sentences of four words out of eight, in two classes. */
class Classifier extends Module {
  words: Embedding;
  classes = new Linear(3, 2);

  constructor(sparse: boolean) {
    super();
    this.words = new Embedding(8, 3, { sparse });
  }

  forward(x: Tensor): Tensor {
    return this.classes.forward(this.words.forward(x).mean(1));
  }
}

/** The losses of 20 steps on the same sentences, and the model after them. */
function trained(sparse: boolean, optimizersOf: (model: Classifier) => AnyOptimizer[]) {
  manualSeed(5);
  const model = new Classifier(sparse).to("float64");
  const untrained = noGrad(() => model.words.weight.clone().arraySync());
  const sentences = words([
    [0, 2, 2, 5],
    [5, 3, 0, 3],
    [2, 3, 5, 5],
  ]);
  const labels = words([0, 1, 1]);
  const criterion = new CrossEntropyLoss();
  const optimizers = optimizersOf(model);
  const losses = Array.from({ length: 20 }, () => {
    const loss = criterion.forward(model.forward(sentences), labels);
    model.zeroGrad();
    loss.backward();
    for (const optimizer of optimizers) optimizer.step();
    return loss.itemSync();
  });
  return { losses, untrained, table: model.words.weight.arraySync() as number[][] };
}

/** A table of zeros whose row 1 has a gradient of ones. */
function withRows(): Embedding {
  const table = new Embedding(4, 2, { sparse: true });
  noGrad(() => table.weight.zero_());
  table
    .forward(words([1]))
    .sum()
    .backward();
  return table;
}

describe("A table of embeddings with sparse", () => {
  it("is trained by SparseAdam as by Adam, where each step names the same rows", () => {
    // Of the two only Adam corrects the eps for its bias: with one that is nothing beside the gradients they are one formula.
    const options = { lr: 0.1, eps: 1e-30 };
    const dense = trained(false, (model) => [new Adam(model.parameters(), options)]);
    const { losses, untrained, table } = trained(true, (model) => [
      new SparseAdam(model.words.parameters(), options),
      new Adam(model.classes.parameters(), options),
    ]);
    expect(losses.at(-1)).toBeLessThan(0.01);
    // Roundings of float64 in 20 steps.
    expect(losses).toEqual(dense.losses.map((x) => expect.closeTo(x, 12)));
    expect(table).toEqual(dense.table.map((row) => row.map((x) => expect.closeTo(x, 12))));
    const before = untrained as number[][];
    expect([1, 4, 6, 7].map((row) => table[row])).toEqual([1, 4, 6, 7].map((row) => before[row]));
  });

  it.each([
    ["SGD", (model: Module) => new SGD(model.parameters(), { lr: 0.5 })],
    ["SGD with momentum", (model: Module) => new SGD(model.parameters(), { lr: 0.5, momentum: 0.9 })],
    [
      "SGD over accumulated gradients",
      (model: Module) => new GradientAccumulation(new SGD(model.parameters(), { lr: 0.5 }), { steps: 2 }),
    ],
  ])("is trained by %s as without", (_, make) => {
    const [a, b] = [true, false].map((isSparse) => trained(isSparse, (model) => [make(model) as AnyOptimizer]));
    // Roundings of float64: sums come in another order.
    expect(a?.losses).toEqual(b?.losses.map((x) => expect.closeTo(x, 12)));
  });

  it("costs SparseAdam no memory step after step, and its graph none of the table", () => {
    const table = new Embedding(1000, 8, { sparse: true });
    const optimizer = new SparseAdam(table.parameters());
    const step = (): number => {
      scope(() => {
        const found = table.forward(words([5, 7, 5]));
        found.square().sum().backward();
        optimizer.step();
        // Still the old rows, though nothing has read them before.
        expect(found.select(0, 0).arraySync()).not.toEqual(table.weight.select(0, 5).arraySync());
        optimizer.zeroGrad();
      });
      return memory().bytes;
    };
    step();
    expect(Array.from({ length: 5 }, step)).toEqual(new Array(5).fill(step()));
  });

  it("steps by its rows though somebody looked at the dense gradient, and not once that was changed", () => {
    const table = withRows();
    const optimizer = new SparseAdam(table.parameters(), { lr: 0.5 });
    expect(table.weight.grad?.sum().itemSync()).toBe(2);
    optimizer.step();
    // The first step is lr long: in float32, with an eps of 1e-8.
    expect(table.weight.sum().itemSync()).toBeCloseTo(-1, 5);
    table.weight.grad?.mul_(2);
    expect(() => optimizer.step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SparseAdam: a parameter of shape [4, 2] has a dense gradient, which is Adam's: use Adam, or gradients by rows: rowGradient(indices, values), or those of new Embedding(n, d, { sparse: true }).]`,
    );
    new SGD(table.parameters(), { lr: 1 }).step();
    expect(table.weight.sum().itemSync()).toBeCloseTo(-5, 5);
  });

  it("zeroes its rows in place, or drops them, and still has a step of them", () => {
    const table = withRows();
    const optimizer = new SparseAdam(table.parameters());
    optimizer.zeroGrad({ setToNone: false });
    expect(table.weight.peekGrad()).toHaveProperty("values");
    expect(table.weight.grad?.abs().sum().itemSync()).toBe(0);
    optimizer.step();
    expect(optimizer.stateDict().state[0]?.step).toBe(1);
    optimizer.zeroGrad();
    expect(table.weight.grad).toBeNull();
  });

  it("is refused by optimizers that move every row", () => {
    expect(() => new Adam(withRows().parameters()).step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adam: a parameter of shape [4, 2] has a gradient by rows (rowGradient, or an embedding with sparse), which Adam does not take. SparseAdam, SGD and Adagrad do.]`,
    );
    const decaying = new SGD(withRows().parameters(), { weightDecay: 0.1 });
    expect(() => decaying.step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SGD: a parameter of shape [4, 2] has a gradient by rows (rowGradient, or an embedding with sparse), and weightDecay would change all the others. Set it to 0.]`,
    );
  });

  it("warns of a step of its rows in eval mode", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const table = withRows();
    table.eval();
    new SparseAdam(table.parameters()).step();
    expect(warn.mock.calls.flat().join()).toContain("eval()");
    warn.mockRestore();
  });
});
