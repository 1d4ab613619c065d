import { type Device, ones, randn, type Tensor, tensor, zeros } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { type BagMode, embeddingBag } from "../../functional/embedding-bag.ts";
import { EmbeddingBag } from "./embedding-bag.ts";

const integers = (data: number[] | number[][]): Tensor => tensor(data, { dtype: "int32" });

const modes: readonly BagMode[] = ["sum", "mean", "max"];

for (const mode of modes) {
  testModule(`EmbeddingBag, ${mode}`, {
    make: () => new EmbeddingBag(5, 3, { mode }),
    inputs: () => [integers([1, 4, 1, 0]), integers([0, 3, 3])],
    shown: mode === "mean" ? "EmbeddingBag(5, 3)" : `EmbeddingBag(5, 3, { mode: "${mode}" })`,
  });
}

testModule("EmbeddingBag with options", {
  make: () => new EmbeddingBag(5, 3, { mode: "sum", paddingIdx: 2, includeLastOffset: true }),
  // The factors' gradients are checked too.
  inputs: (dtype) => [integers([1, 2, 1, 0]), integers([0, 3, 4]), { perSampleWeights: spread([4], dtype) }],
  shown: 'EmbeddingBag(5, 3, { mode: "sum", paddingIdx: 2, includeLastOffset: true })',
});

const weight = tensor([
  [1, -2],
  [3, 4],
  [5, 6],
]);

describe("EmbeddingBag", () => {
  it.each(modes)("%s: the last offset may be an end, and indices after it are in no bag", (mode) => {
    const table = tensor([[1], [2], [4]], { requiresGrad: true });
    const offsets = integers([0, 2, 3]);
    const options = { offsets, mode, includeLastOffset: true };
    const bags = embeddingBag(integers([1, 1, 0, 2, 2]), table, options);
    bags.sum().backward();
    expect(bags.arraySync()).toEqual(mode === "sum" ? [[4], [1]] : [[2], [1]]);
    expect(table.grad?.arraySync()).toEqual([[1], [mode === "sum" ? 2 : 1], [0]]);
  });

  it.each(modes)("%s: lines without indices give zeros", (mode) => {
    expect(embeddingBag(zeros([2, 0], { dtype: "int32" }), weight, { mode }).arraySync()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it.each(modes)("%s: rows that do not count may be anything", (mode) => {
    const table = tensor([[1], [Infinity], [Number.NaN]], { requiresGrad: true });
    const bags = embeddingBag(
      integers([
        [0, 1],
        [1, 1],
      ]),
      table,
      { mode, paddingIdx: 1 },
    );
    bags.sum().backward();
    expect(bags.arraySync()).toEqual([[1], [0]]);
    expect(table.grad?.arraySync()).toEqual([[1], [0], [0]]);
  });

  it("divides a row's gradient by its own count", () => {
    // By mathematics: PyTorch 2.13 on the CPU takes the count of another row here.
    const table = tensor([[1], [2], [4]], { requiresGrad: true });
    const options = { offsets: integers([0, 1]), mode: "sum", scaleGradByFreq: true } as const;
    embeddingBag(integers([1, 1, 1, 2]), table, options)
      .sum()
      .backward();
    expect(table.grad?.arraySync()).toEqual([[0], [1], [1]]);
  });

  it("gives the gradient of a maximum to the first of equals", () => {
    const table = ones([4, 1], { requiresGrad: true });
    embeddingBag(integers([[2, 1, 3]]), table, { mode: "max" })
      .sum()
      .backward();
    expect(table.grad?.arraySync()).toEqual([[0], [0], [1], [0]]);
  });

  it.each(modes)("%s: lists of bags give what lines give", (mode) => {
    const table = randn([6, 3]);
    const lines = integers([
      [1, 5, 2],
      [0, 3, 3],
    ]);
    const bags = embeddingBag(lines.flatten(), table, { offsets: integers([0, 3]), mode });
    const wanted = embeddingBag(lines, table, { mode }).arraySync() as number[][];
    // Sums in another order.
    expect(bags.arraySync()).toEqual(wanted.map((row) => row.map((x) => expect.closeTo(x, 5))));
  });

  it("goes on with numbers learned before, frozen unless it is told otherwise", () => {
    const bags = EmbeddingBag.fromPretrained(weight, { mode: "max" });
    expect(String(bags)).toBe('EmbeddingBag(3, 2, { mode: "max" })');
    expect(bags.weight.requiresGrad).toBe(false);
    expect(bags.forward(integers([[0, 2]])).arraySync()).toEqual([[5, 6]]);
    expect(EmbeddingBag.fromPretrained(weight, { freeze: false }).weight.requiresGrad).toBe(true);
  });

  it.each(modes)("%s works on devices that cannot be asked while one waits", async (mode) => {
    const device: Device = Object.defineProperty(reference(), "readSync", { value: undefined });
    const put = (data: number[]): Tensor => tensor(data, { dtype: "int32", device });
    const table = tensor([[1], [3], [5]], { device, requiresGrad: true });
    const bags = embeddingBag(put([0, 2, 1, 2]), table, { offsets: put([0, 2, 2, 3]), mode });
    bags.sum().backward();
    const first = { sum: 6, mean: 3, max: 5 }[mode];
    expect(await bags.array()).toEqual([[first], [0], [3], [5]]);
    const grads = { sum: [[1], [1], [2]], mean: [[0.5], [1], [1.5]], max: [[0], [1], [2]] }[mode];
    expect(await table.grad?.array()).toEqual(grads);
  });

  it("says what is wrong with its options", () => {
    expect(() => new EmbeddingBag(5, 0.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EmbeddingBag: embeddingDim is 0.5. Give an integer from 0 on.]`,
    );
    expect(() => new EmbeddingBag(5, 2, { mode: "median" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EmbeddingBag: mode is "median". Give "sum", "mean" or "max".]`,
    );
    expect(() => new EmbeddingBag(5, 2, { mode: "max", scaleGradByFreq: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EmbeddingBag: scaleGradByFreq with mode "max". Leave it out, or use mode "sum" or "mean".]`,
    );
    expect(() => new EmbeddingBag(5, 2, { paddingIdx: 9 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EmbeddingBag: paddingIdx is 9, and there are 5 rows. Give an integer from -5 to 4.]`,
    );
    expect(() => EmbeddingBag.fromPretrained(ones([2, 2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: EmbeddingBag.fromPretrained: the weights have the shape [2, 2, 2]. Give a table, [rows, D].]`,
    );
  });

  it("says what is wrong with its input", () => {
    const bags = new EmbeddingBag(5, 2);
    const list = integers([1, 2, 3]);
    const sums = new EmbeddingBag(5, 2, { mode: "sum" });
    expect(() => bags.forward(list)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: the input [3] has no offsets. Say where each bag starts.]`,
    );
    expect(() => bags.forward(integers([[1]]), integers([0]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: offsets for the input [1, 1]. Its lines are the bags: leave them out.]`,
    );
    expect(() => bags.forward(zeros([1, 1, 1], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: embeddingBag: the input has the shape [1, 1, 1]. Give [B, n] or [n].]`,
    );
    expect(() => bags.forward(ones([2, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: embeddingBag: input is float32. Give integers: input.to("int32").]`,
    );
    expect(() => bags.forward(list, ones([1]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: embeddingBag: offsets is float32. Give integers: offsets.to("int32").]`,
    );
    expect(() => bags.forward(list, integers([[0]]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: embeddingBag: offsets has the shape [1, 1]. Give a list, [B].]`,
    );
    expect(() => bags.forward(list, integers([]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: offsets is empty. It begins with 0, the start of the first bag.]`,
    );
    expect(() => bags.forward(list, integers([1, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: offset 0 is 1, the input has 3 indices. Offsets begin with 0, never fall, and end within the input.]`,
    );
    expect(() => bags.forward(list, integers([0, 2, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: offset 2 is 1 after 2, the input has 3 indices. Offsets begin with 0, never fall, and end within the input.]`,
    );
    expect(() => bags.forward(list, integers([0, 4]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: offset 1 is 4 after 0, the input has 3 indices. Offsets begin with 0, never fall, and end within the input.]`,
    );
    expect(() => bags.forward(integers([[1, 7]]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: the input has 7, which is no row of the weight [5, 2]. Rows are numbered from 0 to 4.]`,
    );
    const factors = { perSampleWeights: ones([3]) };
    expect(() => bags.forward(list, integers([0]), factors)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embeddingBag: perSampleWeights with mode "mean". They go with mode "sum" only.]`,
    );
    expect(() => sums.forward(integers([[1, 2, 3]]), null, factors)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: embeddingBag: the input [1, 3] and perSampleWeights [3] do not fit. Give one factor for each index.]`,
    );
    const wide = { perSampleWeights: ones([3], { dtype: "float64" }) };
    expect(() => sums.forward(list, integers([0]), wide)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: embeddingBag: perSampleWeights is float64, the weight float32. Cast it: perSampleWeights.to("float32").]`,
    );
  });
});
