import { scope, tensor } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { DataLoader } from "./data-loader.ts";
import { TensorDataset } from "./tensor-dataset.ts";

describe("TensorDataset", () => {
  const images = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i),
    { shape: [3, 2, 2] },
  );
  const labels = tensor(Int32Array.of(7, 8, 9));

  it("gives one tensor of each, samples picked by their place", async () => {
    const dataset = new TensorDataset(images, labels);
    expect(dataset.length).toBe(3);
    const [x, y] = dataset.batch(Int32Array.of(2, 0));
    expect(await x.array()).toEqual([
      [
        [8, 9],
        [10, 11],
      ],
      [
        [0, 1],
        [2, 3],
      ],
    ]);
    expect([y.dtype, await y.array()]).toEqual(["int32", [9, 7]]);
  });

  it("gives copies: changing a batch does not change the data", async () => {
    const dataset = new TensorDataset(labels);
    const [batch] = dataset.batch(Int32Array.of(0, 1, 2));
    batch.add_(1);
    expect(await labels.array()).toEqual([7, 8, 9]);
  });

  it("keeps its tensors, wherever they were made", () => {
    const dataset = scope(() => new TensorDataset(tensor([1, 2])));
    expect(dataset.tensors[0].isFreed).toBe(false);
  });

  it("pairs every image with its label through a shuffled loader", async () => {
    const x = tensor(Float32Array.from({ length: 20 }, (_, i) => i));
    const y = tensor(Int32Array.from({ length: 20 }, (_, i) => i * i));
    const seen: number[] = [];
    for (const [a, b] of new DataLoader(new TensorDataset(x, y), { batchSize: 6, shuffle: true, seed: 4 })) {
      const [numbers, squares] = [[...(await a.data())].map(Number), [...(await b.data())].map(Number)];
      expect(squares).toEqual(numbers.map((each) => each * each));
      seen.push(...numbers);
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("names what does not fit", () => {
    expect(() => new TensorDataset()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TensorDataset: got no tensor. Give it tensors whose first dimension counts the samples.]`,
    );
    expect(() => new TensorDataset(tensor(1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TensorDataset: a tensor of shape [] has no samples to count. Give it tensors whose first dimension counts the samples.]`,
    );
    expect(() => new TensorDataset(images, tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: TensorDataset: tensors of shape [3, 2, 2] and [2] do not have the same number of samples. Their first sizes must be equal.]`,
    );
  });
});
