import {
  type Device,
  defaultDevice,
  memory,
  noGrad,
  scope,
  setDefaultDevice,
  type Tensor,
  tensor,
} from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRows, sparse, sparseProblem } from "../../../test/sparse-vectors.ts";
import { precisions } from "../../../test/vectors.ts";
import { embedding } from "../../functional/embedding.ts";
import { clipGradNorm_ } from "../../parameters/clip-grad-norm.ts";
import { clipGradValue_ } from "../../parameters/clip-grad-value.ts";
import { Embedding } from "./embedding.ts";
import { EmbeddingBag } from "./embedding-bag.ts";

const words = (data: number[] | number[][]): Tensor => tensor(data, { dtype: "int32" });

/** A table of zeros whose rows 0 and 2 have the gradients [3, 0] and [0, 4], the latter in two parts. */
function withRows(): Embedding {
  const table = new Embedding(4, 2, { sparse: true });
  noGrad(() => table.weight.zero_());
  const factors = tensor([
    [0, 1],
    [3, 0],
    [0, 3],
  ]);
  table
    .forward(words([2, 0, 2]))
    .mul(factors)
    .sum()
    .backward();
  return table;
}

const rowsOf = (table: Embedding) => ({
  indices: [0, 2],
  values: [...(table.weight.grad as Tensor).index([words([0, 2])]).dataSync()].map(Number),
});

const isByRows = ({ weight }: { weight: Tensor }): boolean => {
  const gradient = weight.peekGrad();
  return gradient !== null && "values" in gradient;
};

describe.each(precisions)("PyTorch's sparse gradients in $name", ({ device, dtype, toleranceOf }) => {
  let before: Device;
  beforeAll(() => {
    before = setDefaultDevice(device());
  });
  afterAll(() => {
    setDefaultDevice(before);
  });

  it.each(sparse.cases)("$layer.0, $name", async (test) => {
    const { weight, loss } = sparseProblem(test, dtype);
    loss().backward();
    const [first] = test.steps;
    if (first) await expectRows(weight, first.gradient, toleranceOf(sparse));
  });
});

describe("An embedding with sparse", () => {
  it.each([
    ["plain", {}],
    ["by frequency, which PyTorch refuses", { scaleGradByFreq: true }],
    ["padded", { paddingIdx: 3 }],
  ])("has the gradient that it has without, %s", (_, options) => {
    const input = words([
      [3, 1, 3],
      [0, 1, 3],
    ]);
    const [a, b] = [true, false].map((isSparse) => {
      const table = tensor(
        [
          [1, 2],
          [3, 4],
          [5, 6],
          [7, 8],
        ],
        { requiresGrad: true },
      );
      embedding(input, table, { ...options, sparse: isSparse })
        .pow(3)
        .sum()
        .backward();
      expect(isByRows({ weight: table })).toBe(isSparse);
      return table.grad?.arraySync();
    });
    expect(a).toEqual(b);
  });

  it("has no row for the padding, wherever it stands, and none at all without words", async () => {
    const table = new Embedding(4, 2, { paddingIdx: 1, sparse: true });
    table
      .forward(words([1, 2, 1]))
      .sum()
      .backward();
    await expectRows(table.weight, { indices: [2], values: [1, 1] }, { rtol: 0, atol: 0 });
    table.zeroGrad();
    table.forward(words([])).sum().backward();
    await expectRows(table.weight, { indices: [], values: [] }, { rtol: 0, atol: 0 });
    expect(clipGradNorm_(table.weight, 1, { normType: Infinity }).itemSync()).toBe(0);
  });

  it("gives dense gradients to a weight that is no leaf", () => {
    const table = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    embedding(words([1]), table.mul(2), { sparse: true })
      .sum()
      .backward();
    expect(isByRows({ weight: table })).toBe(false);
    expect(table.grad?.arraySync()).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  it("keeps its rows when they are clipped, and clips the dense gradient somebody holds with them", () => {
    const table = withRows();
    const held = table.weight.grad;
    expect(clipGradNorm_(table.parameters(), 1).itemSync()).toBe(5);
    expect(isByRows(table)).toBe(true);
    // By the factor 1 / (5 + 1e-6), in float32.
    expect(rowsOf(table).values).toEqual([0.6, 0, 0, 0.8].map((x) => expect.closeTo(x, 6)));
    expect(table.weight.grad).toBe(held);
    clipGradValue_(table.parameters(), 0.7);
    expect(isByRows(table)).toBe(true);
    expect(rowsOf(table).values).toEqual([0.6, 0, 0, 0.7].map((x) => expect.closeTo(x, 6)));
  });

  it("zeroes its rows in place, or drops them", () => {
    const table = withRows();
    table.zeroGrad({ setToNone: false });
    expect(isByRows(table)).toBe(true);
    expect(rowsOf(table).values).toEqual([0, 0, 0, 0]);
    table.zeroGrad();
    expect(table.weight.grad).toBeNull();
  });

  it("takes its rows to another dtype and another device", () => {
    const table = withRows();
    table.to("float64");
    expect([isByRows(table), table.weight.grad?.dtype, rowsOf(table).values]).toEqual([true, "float64", [3, 0, 0, 4]]);
    const there = reference();
    table.to(there);
    expect([isByRows(table), table.weight.grad?.device]).toEqual([true, there]);
    table.to(defaultDevice());
    expect(rowsOf(table).values).toEqual([3, 0, 0, 4]);
  });

  it("costs no memory, step after step, and none in the forward pass but the rows it found", () => {
    const table = new Embedding(1000, 8, { sparse: true });
    const step = () => {
      scope(() => {
        table
          .forward(words([5, 7, 5]))
          .square()
          .sum()
          .backward();
        table
          .forward(words([1]))
          .square()
          .sum()
          .backward();
        clipGradNorm_(table.parameters(), 1);
        table.zeroGrad();
      });
      const { tensors, bytes } = memory();
      return { tensors, bytes };
    };
    const first = step();
    expect(Array.from({ length: 5 }, step)).toEqual(new Array(5).fill(first));
  });

  it("shows it, and goes with sums and means of bags only", () => {
    expect(String(new Embedding(5, 2, { sparse: true }))).toBe("Embedding(5, 2, { sparse: true })");
    expect(String(new EmbeddingBag(5, 2, { sparse: true }))).toBe("EmbeddingBag(5, 2, { sparse: true })");
    expect(() => new EmbeddingBag(5, 2, { mode: "max", sparse: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EmbeddingBag: sparse with mode "max". Leave it out, or use mode "sum" or "mean".]`,
    );
  });
});
