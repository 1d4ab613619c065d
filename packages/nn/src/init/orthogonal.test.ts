import { empty, eye, Generator, manualSeed, randn, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { expectMoments } from "../../test/distributions.ts";
import { init } from "../index.ts";

const largest = (x: Tensor): number => x.abs().amax().itemSync();

describe("orthogonal_", () => {
  it("gives orthonormal rows, or columns where those are fewer, times the gain", () => {
    manualSeed(4);
    for (const shape of [
      [5, 5],
      [3, 20],
      [20, 3],
      [4, 2, 3, 3],
      [1, 1],
      [64, 64],
    ]) {
      const w = init.orthogonal_(empty(shape), { gain: 2 }).reshape([shape[0] as number, -1]);
      const [rows = 0, columns = 0] = w.shape;
      const product = rows <= columns ? w.matmul(w.T) : w.T.matmul(w);
      // 64 products of numbers around 1/8, rounded to float32.
      expect(largest(product.div(4).sub(eye(Math.min(rows, columns))))).toBeLessThan(1e-5);
    }
    const wide = init.orthogonal_(empty([30, 40], { dtype: "float64", device: reference() }));
    expect(largest(wide.matmul(wide.T).sub(eye(30, 30, { dtype: "float64", device: wide.device })))).toBeLessThan(
      1e-14,
    );
  });

  it("is Q of a random matrix QR in which the diagonal of R is above 0, as in PyTorch", () => {
    for (const [rows, columns] of [
      [7, 4],
      [4, 7],
      [5, 5],
    ] as const) {
      const options = { dtype: "float64", device: reference() } as const;
      const q = init.orthogonal_(empty([rows, columns], options), { generator: new Generator(5) });
      // One vector a row, as it draws them.
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
      const a = randn([count, length], { ...options, generator: new Generator(5) });
      const r = (rows <= columns ? q : q.T).matmul(a.T);
      // Sums of a few products around 1 in float64.
      expect(largest(r.tril(-1))).toBeLessThan(1e-13);
      for (let k = 0; k < count; k++) expect(r.select(0, k).select(0, k).itemSync()).toBeGreaterThan(0);
    }
  });

  it("prefers no direction: each coordinate has mean 0 and variance 1 / n", () => {
    manualSeed(6);
    const n = 3;
    const corners = Array.from({ length: 2000 }, () =>
      init
        .orthogonal_(empty([n, n]))
        .select(0, 0)
        .select(0, 0),
    );
    const numbers = corners.map((each) => each.itemSync());
    expectMoments(tensor(numbers), 0, 1 / Math.sqrt(n));
  });

  it("says what it needs, and leaves what is empty", () => {
    expect(() => init.orthogonal_(empty([3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: orthogonal_: x has the shape [3]. Give at least two dimensions: [rows, columns...].]`,
    );
    expect(init.orthogonal_(empty([0, 3])).shape).toEqual([0, 3]);
  });
});
