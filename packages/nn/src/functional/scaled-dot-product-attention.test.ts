import { cat, gradcheck, gradgradcheck, manualSeed, ones, randn, type Tensor, tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.ts";

const double = (shape: number[]): Tensor => {
  const x = randn(shape, { dtype: "float64" }).contiguous();
  x.requiresGrad = true;
  return x;
};

describe("scaledDotProductAttention", () => {
  it("gives each query a mean of the values, with weights that sum to 1", () => {
    manualSeed(0);
    const y = scaledDotProductAttention(randn([2, 3, 4]), randn([2, 5, 4]), ones([2, 5, 2]));
    // A sum of five weights and a division in float32.
    for (const each of y.dataSync()) expect(each).toBeCloseTo(1, 6);
  });

  it("takes scores in the thousands", () => {
    const x = tensor([
      [3000, 0],
      [0, -3000],
    ]);
    const y = scaledDotProductAttention(x, x, tensor([[1], [2]]));
    expect(y.arraySync()).toEqual([[1], [2]]);
  });

  it("is blind to later keys and values where it is causal", () => {
    manualSeed(1);
    const [q, k, v] = [randn([4, 3]), randn([4, 3]), randn([4, 2])];
    const later = (x: Tensor) => cat([x.narrow(0, 0, 2), randn([2, x.shape[1] as number]).mul(100)]);
    const one = scaledDotProductAttention(q, k, v, { isCausal: true });
    const other = scaledDotProductAttention(q, later(k), later(v), { isCausal: true });
    expect(other.narrow(0, 0, 2).arraySync()).toEqual(one.narrow(0, 0, 2).arraySync());
    expect(other.narrow(0, 2, 2).arraySync()).not.toEqual(one.narrow(0, 2, 2).arraySync());
  });

  it("gives no weight and no gradient to what the mask leaves out, and zeros to who may attend to nothing", () => {
    manualSeed(2);
    const [q, k, v] = [double([2, 3]), double([3, 3]), double([3, 2])];
    const attnMask = tensor([
      [true, true, false],
      [false, false, false],
    ]);
    const y = scaledDotProductAttention(q, k, v, { attnMask });
    expect(y.select(0, 1).arraySync()).toEqual([0, 0]);
    const alone = scaledDotProductAttention(q.narrow(0, 0, 1), k.narrow(0, 0, 2), v.narrow(0, 0, 2));
    // The same terms of float64, perhaps in another order.
    const expected = [...alone.dataSync()].map((each) => expect.closeTo(Number(each), 14));
    expect(y.select(0, 0).arraySync()).toEqual(expected);
    y.square().sum().backward();
    expect(k.grad?.select(0, 2).arraySync()).toEqual([0, 0, 0]);
    expect(v.grad?.select(0, 2).arraySync()).toEqual([0, 0]);
    expect(q.grad?.select(0, 1).arraySync()).toEqual([0, 0, 0]);
  });

  it("shares each head of keys among neighbours of the queries with enableGqa", () => {
    manualSeed(3);
    const [q, k, v] = [randn([2, 4, 3, 2]), randn([2, 2, 5, 2]), randn([2, 2, 5, 3])];
    const repeated = (x: Tensor) => x.indexSelect(1, tensor([0, 0, 1, 1], { dtype: "int32" }));
    const shared = scaledDotProductAttention(q, k, v, { enableGqa: true });
    expect(shared.arraySync()).toEqual(scaledDotProductAttention(q, repeated(k), repeated(v)).arraySync());
  });

  it("drops weights, whatever the mode, and lets the others grow", () => {
    manualSeed(4);
    // One key: each weight is 1, so what is left of it is 0 or 1 / (1 - 0.25).
    const y = scaledDotProductAttention(ones([4000, 1]), ones([1, 1]), ones([1, 1]), { dropoutP: 0.25 });
    const numbers = [...y.dataSync()].map(Number);
    const dropped = numbers.filter((each) => each === 0).length;
    expect(numbers.every((each) => each === 0 || Math.abs(each - 4 / 3) < 1e-6)).toBe(true);
    // Binomial: the share of the dropped has a deviation of √(0.25 · 0.75 / 4000); five of them.
    expect(Math.abs(dropped / 4000 - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 4000));
  });

  it("has gradients, and gradients of gradients, through every kind of mask", () => {
    manualSeed(5);
    const inputs = [double([2, 2]), double([3, 2]), double([3, 1])];
    const mask = double([2, 3]);
    const attnMask = tensor([
      [true, false, true],
      [false, false, false],
    ]);
    const attend = (q: Tensor, k: Tensor, v: Tensor) => scaledDotProductAttention(q, k, v, { attnMask });
    const causal = (q: Tensor, k: Tensor, v: Tensor) => scaledDotProductAttention(q, k, v, { isCausal: true });
    const added = (q: Tensor, k: Tensor, v: Tensor, attnMask: Tensor) =>
      scaledDotProductAttention(q, k, v, { attnMask });
    for (const check of [gradcheck, gradgradcheck]) {
      expect(check(attend, inputs)).toBe(true);
      expect(check(causal, inputs)).toBe(true);
      expect(check(added, [...inputs, mask])).toBe(true);
    }
  });

  it("says what is wrong with its inputs", () => {
    const attend = (...shapes: [number[], number[], number[]]) => {
      const [q, k, v] = shapes.map((shape) => zeros(shape)) as [Tensor, Tensor, Tensor];
      return () => scaledDotProductAttention(q, k, v);
    };
    expect(attend([4], [3, 4], [3, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: query [4], key [3, 4] and value [3, 4] do not fit. They are [..., L, E], [..., S, E] and [..., S, V].]`,
    );
    expect(attend([2, 4], [3, 5], [3, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: query [2, 4], key [3, 5] and value [3, 4] do not fit. The last sizes of query and key must be equal.]`,
    );
    expect(attend([2, 4], [3, 4], [2, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: query [2, 4], key [3, 4] and value [2, 4] do not fit. Key and value must be of one length, their second-to-last size.]`,
    );
    expect(attend([2, 2, 4], [3, 3, 4], [3, 3, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: query [2, 2, 4], key [3, 3, 4] and value [3, 3, 4] do not fit. The dimensions before the last two must be equal or 1.]`,
    );
    const x = zeros([3, 2, 4]);
    expect(() =>
      scaledDotProductAttention(x, x, zeros([2, 2, 4]), { enableGqa: true }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: query [3, 2, 4], key [3, 2, 4] and value [2, 2, 4] do not fit. With enableGqa there are heads, third from the end: as many of key as of value, and a multiple of that of query.]`,
    );
    expect(() => scaledDotProductAttention(x, x.to("float64"), x)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: scaledDotProductAttention: query is float32, key float64 and value float32. All three must be the same float dtype.]`,
    );
    expect(() => scaledDotProductAttention(x.to("int32"), x, x)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: scaledDotProductAttention: query is int32, key float32 and value float32. All three must be the same float dtype.]`,
    );
  });

  it("says what is wrong with its options", () => {
    const x = zeros([2, 3, 4]);
    const attend = (options: Parameters<typeof scaledDotProductAttention>[3]) => () =>
      scaledDotProductAttention(x, x, x, options);
    expect(attend({ dropoutP: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: scaledDotProductAttention: dropoutP is 1.5. Give a number from 0 to 1.]`,
    );
    expect(attend({ scale: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: scaledDotProductAttention: scale is NaN. Give a number.]`,
    );
    expect(attend({ attnMask: zeros([3, 3]), isCausal: true })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: scaledDotProductAttention: attnMask and isCausal are both given. Give one of them.]`,
    );
    expect(attend({ attnMask: zeros([2, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: attnMask [2, 3] does not broadcast to the scores [2, 3, 3]. Give [L, S], or [..., L, S] with sizes that are equal or 1.]`,
    );
    expect(attend({ attnMask: zeros([1, 2, 3, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: attnMask [1, 2, 3, 3] does not broadcast to the scores [2, 3, 3]. Give [L, S], or [..., L, S] with sizes that are equal or 1.]`,
    );
    expect(attend({ attnMask: zeros([3, 3], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: scaledDotProductAttention: attnMask is int32, the query float32. A mask is bool (true takes part) or of the query's dtype (added to the scores).]`,
    );
  });
});
