import { type Device, grad, manualSeed, noGrad, ones, randn, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { testModule } from "../../../test/module-suite.ts";
import { embedding } from "../../functional/embedding.ts";
import { Embedding } from "./embedding.ts";
import { EmbeddingBag } from "./embedding-bag.ts";

const words = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: "int32" });

testModule("Embedding", {
  make: () => new Embedding(5, 3),
  inputs: () => [words([[1, 4, 1]])],
  shown: "Embedding(5, 3)",
});

testModule("Embedding with options", {
  // Without the padding among the inputs and without frequencies gradients are those of the numbers.
  make: () => new Embedding(5, 3, { paddingIdx: -1, maxNorm: 100, normType: 1 }),
  inputs: () => [words([[1, 3, 1]])],
  shown: "Embedding(5, 3, { paddingIdx: -1, maxNorm: 100, normType: 1 })",
});

describe("Embedding", () => {
  it("starts normally distributed, with zeros at paddingIdx", () => {
    manualSeed(0);
    const { weight } = new Embedding(200, 300, { paddingIdx: 7 });
    expect(weight.select(0, 7).arraySync()).toEqual(new Array(300).fill(0));
    const numbers = Array.from(noGrad(() => weight.narrow(0, 8, 192)).dataSync(), Number);
    const mean = numbers.reduce((a, b) => a + b) / numbers.length;
    const variance = numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / numbers.length;
    // Of n normal numbers the mean is 0 but for 1/√n, the variance 1 but for √(2/n): five of each.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(numbers.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / numbers.length));
  });

  it("learns the rows that were looked up, as often as they were, and never the padding", () => {
    const table = new Embedding(4, 2, { paddingIdx: 0 });
    table
      .forward(words([1, 0, 1, 3]))
      .sum()
      .backward();
    expect(table.weight.grad?.arraySync()).toEqual([
      [0, 0],
      [2, 2],
      [0, 0],
      [1, 1],
    ]);
  });

  it("multiplies nothing", () => {
    expect(new Embedding(4, 2).macs()).toBe(0);
    expect(new EmbeddingBag(4, 2).macs()).toBe(0);
  });

  it("shortens the rows it looks up in place, and no others, and has no gradient for that", () => {
    const start = [
      [3, 4],
      [30, 40],
      [0.3, 0.4],
    ];
    const table = new Embedding(3, 2, { weight: tensor(start), maxNorm: 1 });
    const rows = table.forward(words([2, 0, 0]));
    // The new length is maxNorm but for a part of 1e-7 / 5, and float32's rounding.
    const short = [expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)];
    expect(table.weight.arraySync()).toEqual([short, [30, 40].map(Math.fround), [0.3, 0.4].map(Math.fround)]);
    expect(rows.arraySync()).toEqual([[0.3, 0.4].map(Math.fround), short, short]);
    rows.sum().backward();
    expect(table.weight.grad?.arraySync()).toEqual([
      [2, 2],
      [0, 0],
      [1, 1],
    ]);
  });

  it("measures rows by their largest number where normType is Infinity", () => {
    const table = new Embedding(1, 2, { weight: tensor([[2, -8]]), maxNorm: 4, normType: Infinity });
    expect(table.forward(words([0])).arraySync()).toEqual([[expect.closeTo(1, 6), expect.closeTo(-4, 6)]]);
  });

  it("takes int64 and uint8 too", () => {
    const weight = tensor([[1], [2], [3]]);
    expect(embedding(tensor([2, 0], { dtype: "uint8" }), weight).arraySync()).toEqual([[3], [1]]);
    const device = reference();
    const table = tensor([[1], [2], [3]], { device, requiresGrad: true });
    const rows = embedding(tensor([2, 0, 2], { dtype: "int64", device }), table, {
      paddingIdx: 0,
      scaleGradByFreq: true,
    });
    rows.sum().backward();
    expect(rows.arraySync()).toEqual([[3], [1], [3]]);
    expect(table.grad?.arraySync()).toEqual([[0], [0], [1]]);
  });

  it("has gradients of gradients", () => {
    const weight = randn([3, 2], { requiresGrad: true });
    // Σ w³, so the gradient is 3 w² times the count and the gradient of its sum 6 w times the count.
    const [first] = grad(
      embedding(words([1, 1, 2]), weight)
        .pow(3)
        .sum(),
      [weight],
      { createGraph: true },
    );
    const [second] = grad((first as Tensor).sum(), [weight]);
    const count = tensor([[0], [2], [1]]);
    // Four products, each rounded.
    const wanted = noGrad(() => weight.mul(6).mul(count)).arraySync() as number[][];
    expect(second?.arraySync()).toEqual(wanted.map((row) => row.map((x) => expect.closeTo(x, 5))));
  });

  it("goes on with numbers learned before, frozen unless it is told otherwise", () => {
    const weights = tensor([
      [1, 2],
      [3, 4],
    ]);
    const frozen = Embedding.fromPretrained(weights, { paddingIdx: 0 });
    expect(String(frozen)).toBe("Embedding(2, 2, { paddingIdx: 0 })");
    expect(frozen.weight.requiresGrad).toBe(false);
    // The row of the padding too.
    expect(frozen.weight.arraySync()).toEqual(weights.arraySync());
    expect(Embedding.fromPretrained(weights, { freeze: false }).weight.requiresGrad).toBe(true);
  });

  it("works on devices that cannot be asked while one waits, without a look at the numbers", async () => {
    const device: Device = Object.defineProperty(reference(), "readSync", { value: undefined });
    const weight = tensor([[1], [2], [30]], { device, requiresGrad: true });
    const input = tensor([2, 0, 2], { dtype: "int32", device });
    const rows = embedding(input, weight, { maxNorm: 20, scaleGradByFreq: true, paddingIdx: 0 });
    rows.sum().backward();
    expect(await rows.array()).toEqual([[expect.closeTo(20, 5)], [1], [expect.closeTo(20, 5)]]);
    expect(await weight.grad?.array()).toEqual([[0], [0], [1]]);
  });

  it("says what is wrong with its options", () => {
    expect(() => new Embedding(-1, 2)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: numEmbeddings is -1. Give an integer from 0 on.]`,
    );
    expect(() => new Embedding(2, 1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: embeddingDim is 1.5. Give an integer from 0 on.]`,
    );
    expect(() => new Embedding(5, 2, { paddingIdx: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: paddingIdx is 5, and there are 5 rows. Give an integer from -5 to 4.]`,
    );
    expect(() => new Embedding(5, 2, { paddingIdx: -6 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: paddingIdx is -6, and there are 5 rows. Give an integer from -5 to 4.]`,
    );
    expect(() => new Embedding(0, 2, { paddingIdx: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: paddingIdx is 0, and there are 0 rows. Leave it out.]`,
    );
    expect(() => new Embedding(5, 2, { maxNorm: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: maxNorm is NaN. Give a number.]`,
    );
    expect(() => new Embedding(5, 2, { normType: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Embedding: normType is NaN. Give a number.]`,
    );
    expect(() => new Embedding(5, 2, { weight: ones([2, 5]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: Embedding: the weight has the shape [2, 5]. Give 5 rows of 2 numbers, [5, 2].]`,
    );
    expect(() => Embedding.fromPretrained(ones([4]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: Embedding.fromPretrained: the weights have the shape [4]. Give a table, [rows, D].]`,
    );
  });

  it("says what is wrong with its input", () => {
    const table = new Embedding(5, 2);
    expect(() => table.forward(words([1, 5]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embedding: the input has 5, which is no row of the weight [5, 2]. Rows are numbered from 0 to 4.]`,
    );
    expect(() => table.forward(words([[-1]]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embedding: the input has -1, which is no row of the weight [5, 2]. Rows are numbered from 0 to 4.]`,
    );
    expect(() => new Embedding(0, 2).forward(words([0]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embedding: the input has 0, which is no row of the weight [0, 2]. It has none.]`,
    );
    expect(() => table.forward(ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: embedding: input is float32. Give integers: input.to("int32").]`,
    );
    expect(() => embedding(words([0]), ones([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: embedding: the weight has the shape [3]. Give a table, [rows, D].]`,
    );
    expect(() => embedding(words([0]), ones([3, 1]), { paddingIdx: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: embedding: paddingIdx is 3, and there are 3 rows. Give an integer from -3 to 2.]`,
    );
  });
});
