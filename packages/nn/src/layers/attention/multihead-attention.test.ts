import {
  type DType,
  gradgradcheck,
  manualSeed,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { summary } from "../../summary/summary.ts";
import { type AttendOptions, MultiheadAttention } from "./multihead-attention.ts";
import { Transformer } from "./transformer.ts";

testModule("MultiheadAttention", {
  make: () => new MultiheadAttention(4, 2),
  inputs: (dtype: DType) => [spread([2, 2, 4], dtype), spread([3, 2, 4], dtype), spread([3, 2, 4], dtype)],
  shown: `MultiheadAttention(4, 2
  (out_proj): Linear(4, 4, { bias: true })
)`,
});

testModule("MultiheadAttention with options", {
  make: () =>
    new MultiheadAttention(4, 2, {
      dropout: 0.5,
      bias: false,
      addBiasKv: true,
      addZeroAttn: true,
      kdim: 2,
      vdim: 3,
      batchFirst: true,
    }),
  inputs: (dtype: DType) => [
    spread([2, 2, 4], dtype),
    spread([2, 3, 2], dtype),
    spread([2, 3, 3], dtype),
    {
      isCausal: true,
      keyPaddingMask: tensor([
        [false, true, false],
        [false, false, true],
      ]),
      averageAttnWeights: false,
    },
  ],
  random: true,
  shown: `MultiheadAttention(4, 2, { dropout: 0.5, bias: false, addBiasKv: true, addZeroAttn: true, batchFirst: true, kdim: 2, vdim: 3 }
  (out_proj): Linear(4, 4, { bias: false })
)`,
});

const numbersOf = (x: Tensor | null | undefined): number[] => Array.from(x?.dataSync() ?? [], Number);

/** Both float32, of sums of a few terms around 1. */
const expectNear = (got: Tensor, want: Tensor) => {
  expect(got.shape).toEqual(want.shape);
  expect(numbersOf(got)).toEqual(numbersOf(want).map((each) => expect.closeTo(each, 5)));
};

describe("MultiheadAttention", () => {
  it("starts as PyTorch's: projections uniform by Xavier's rule, biases at 0, the added key and value normal", () => {
    manualSeed(0);
    const packed = new MultiheadAttention(120, 4, { addBiasKv: true });
    const separate = new MultiheadAttention(120, 4, { kdim: 200, vdim: 60 });
    const uniform = (weight: Tensor | null, bound: number) => {
      const numbers = numbersOf(weight);
      expect(numbers.every((x) => Math.abs(x) <= bound)).toBe(true);
      // The variance of n uniform numbers is bound²/3 but for a relative error of √(4/5n): five of them.
      const variance = numbers.reduce((a, b) => a + b ** 2, 0) / numbers.length;
      expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    };
    uniform(packed.in_proj_weight, Math.sqrt(6 / (360 + 120)));
    uniform(separate.q_proj_weight, Math.sqrt(6 / 240));
    uniform(separate.k_proj_weight, Math.sqrt(6 / 320));
    uniform(separate.v_proj_weight, Math.sqrt(6 / 180));
    uniform(packed.out_proj.weight, 1 / Math.sqrt(120));
    for (const bias of [packed.in_proj_bias, packed.out_proj.bias]) {
      expect(numbersOf(bias).every((x) => x === 0)).toBe(true);
    }
    const added = [packed.bias_k, packed.bias_v].flatMap(numbersOf);
    // The variance of n normal numbers has a relative error of √(2/n): five of them.
    const variance = added.reduce((a, b) => a + b ** 2, 0) / added.length;
    expect(Math.abs(variance * 120 - 1)).toBeLessThan(5 * Math.sqrt(2 / added.length));
    expect(numbersOf(packed.bias_k)).not.toEqual(numbersOf(packed.bias_v));
  });

  it("has PyTorch's keys in PyTorch's order", () => {
    expect([...new MultiheadAttention(4, 2, { addBiasKv: true }).stateDict().keys()]).toEqual([
      "in_proj_weight",
      "in_proj_bias",
      "bias_k",
      "bias_v",
      "out_proj.weight",
      "out_proj.bias",
    ]);
    expect([...new MultiheadAttention(4, 2, { vdim: 3 }).stateDict().keys()]).toEqual([
      "q_proj_weight",
      "k_proj_weight",
      "v_proj_weight",
      "in_proj_bias",
      "out_proj.weight",
      "out_proj.bias",
    ]);
  });

  it("gives weights that sum to 1, of each head or their mean, or none", () => {
    manualSeed(1);
    const attention = new MultiheadAttention(6, 3, { batchFirst: true });
    const [query, key] = [randn([2, 4, 6]), randn([2, 5, 6])];
    const [output, weights] = attention.forward(query, key, key);
    const [same, each] = attention.forward(query, key, key, { averageAttnWeights: false });
    const [without, none] = attention.forward(query, key, key, { needWeights: false });
    expect(weights?.shape).toEqual([2, 4, 5]);
    expect(each?.shape).toEqual([2, 3, 4, 5]);
    expect(none).toBe(null);
    if (!weights || !each) return;
    expectNear(each.sum(-1), ones([2, 3, 4]));
    expectNear(each.mean(1), weights);
    expectNear(same, output);
    expectNear(without, output);
  });

  it("is causal by itself, by a mask, or by both", () => {
    manualSeed(2);
    const attention = new MultiheadAttention(4, 2, { addZeroAttn: true });
    const x = randn([3, 2, 4]);
    const attnMask = Transformer.generateSquareSubsequentMask(3);
    for (const needWeights of [true, false]) {
      const [causal] = attention.forward(x, x, x, { isCausal: true, needWeights });
      expectNear(attention.forward(x, x, x, { attnMask, needWeights })[0], causal);
      expectNear(attention.forward(x, x, x, { attnMask, isCausal: true, needWeights })[0], causal);
    }
  });

  it("is blind to the future where it is causal, and to padding", () => {
    manualSeed(3);
    const attention = new MultiheadAttention(4, 2, { batchFirst: true });
    const x = randn([1, 4, 4]);
    const other = x.clone();
    other.narrow(1, 2, 2).mul_(-100);
    const keyPaddingMask = tensor([[false, false, true, true]]);
    for (const needWeights of [true, false]) {
      for (const options of [{ isCausal: true }, { keyPaddingMask }] satisfies AttendOptions[]) {
        const [one, two] = [x, other].map((each) => {
          const [output] = attention.forward(each, each, each, { ...options, needWeights });
          return output.narrow(1, 0, 2).arraySync();
        });
        expect(two).toEqual(one);
      }
    }
  });

  it("means the opposite of scaledDotProductAttention by a mask: true may not", () => {
    const attention = new MultiheadAttention(2, 1);
    const x = randn([3, 2]);
    const attnMask = tensor([
      [false, true, true],
      [true, false, true],
      [true, true, false],
    ]);
    const [, weights] = attention.forward(x, x, x, { attnMask });
    expect(weights?.arraySync()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it("gives NaN to who may attend to nothing if it gives weights, as PyTorch's, and else what the last projection makes of zeros", () => {
    const attention = new MultiheadAttention(2, 1, { bias: false });
    const x = randn([2, 2]);
    const keyPaddingMask = tensor([true, true]);
    const [output, weights] = attention.forward(x, x, x, { keyPaddingMask });
    expect([...numbersOf(output), ...numbersOf(weights)].every(Number.isNaN)).toBe(true);
    const [zero] = attention.forward(x, x, x, { keyPaddingMask, needWeights: false });
    expect(numbersOf(zero)).toEqual([0, 0, 0, 0]);
  });

  it("drops weights in training only, and gives those that are left", () => {
    manualSeed(4);
    const attention = new MultiheadAttention(4, 2, { dropout: 0.5 });
    const x = zeros([40, 4]);
    // Zeros attend evenly: each weight is 1/40, or 0, or twice that.
    const [, weights] = attention.forward(x, x, x, { averageAttnWeights: false });
    expect(new Set(numbersOf(weights).map((each) => Math.round(each * 40)))).toEqual(new Set([0, 2]));
    const [, all] = attention.eval().forward(x, x, x, { averageAttnWeights: false });
    expect(numbersOf(all).every((each) => Math.abs(each * 40 - 1) < 1e-5)).toBe(true);
    manualSeed(5);
    const v = ones([40, 4]);
    const output = (training: boolean) => attention.train(training).forward(x, x, v, { needWeights: false })[0];
    expect(output(true).arraySync()).not.toEqual(output(false).arraySync());
  });

  it("has gradients of gradients", () => {
    manualSeed(6);
    const attention = new MultiheadAttention(2, 1).to("float64");
    const inputs = [2, 3, 3].map((length) => {
      const x = randn([length, 2], { dtype: "float64" }).contiguous();
      x.requiresGrad = true;
      return x;
    });
    const keyPaddingMask = tensor([false, true, false]);
    for (const needWeights of [true, false]) {
      const attend = (q: Tensor, k: Tensor, v: Tensor) => {
        const [output, weights] = attention.forward(q, k, v, { needWeights, keyPaddingMask });
        return weights ? [output, weights] : output;
      };
      expect(gradgradcheck(attend, inputs)).toBe(true);
    }
  });

  it("counts its multiplications", () => {
    const attention = new MultiheadAttention(6, 2, { kdim: 4, addZeroAttn: true, batchFirst: true });
    const { macs, rows } = summary(attention, [
      [2, 3, 6],
      [2, 5, 4],
      [2, 5, 6],
    ]);
    // Three projections; then scores, and means of values, of 3 queries and 6 keys.
    const own = 2 * (3 * 6 * 6 + 5 * 4 * 6 + 5 * 6 * 6) + 2 * 2 * (3 * 6 * 6);
    expect(rows.map((row) => row.macs)).toEqual([own, 2 * 3 * 6 * 6]);
    expect(macs).toBe(own + 2 * 3 * 6 * 6);
  });

  it("says what is wrong with its options", () => {
    expect(() => new MultiheadAttention(0, 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiheadAttention: embedDim is 0. Give an integer from 1 on.]`,
    );
    expect(() => new MultiheadAttention(4, 1.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiheadAttention: numHeads is 1.5. Give an integer from 1 on.]`,
    );
    expect(() => new MultiheadAttention(10, 4)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiheadAttention: numHeads 4 does not divide embedDim 10. It must divide it.]`,
    );
    expect(() => new MultiheadAttention(4, 2, { kdim: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiheadAttention: kdim is -1. Give an integer from 1 on.]`,
    );
    expect(() => new MultiheadAttention(4, 2, { vdim: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiheadAttention: vdim is 0. Give an integer from 1 on.]`,
    );
    expect(() => new MultiheadAttention(4, 2, { dropout: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: MultiheadAttention: dropout is 2. Give a number from 0 to 1.]`,
    );
  });

  it("says what is wrong with its inputs", () => {
    const attention = new MultiheadAttention(4, 2, { vdim: 3 });
    const attend = (...shapes: [number[], number[], number[]]) => {
      const [q, k, v] = shapes.map((shape) => zeros(shape)) as [Tensor, Tensor, Tensor];
      return () => attention.forward(q, k, v);
    };
    expect(attend([5, 2, 4], [6, 2, 4], [6, 2, 4])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: query [5, 2, 4], key [6, 2, 4] and value [6, 2, 4] do not fit. They are [L, N, 4], [S, N, 4], [S, N, 3], or all without N.]`,
    );
    for (const shapes of [
      [
        [5, 2, 3],
        [6, 2, 4],
        [6, 2, 3],
      ],
      [
        [5, 2, 4],
        [6, 2, 4],
        [7, 2, 3],
      ],
      [
        [5, 2, 4],
        [6, 1, 4],
        [6, 1, 3],
      ],
      [
        [5, 4],
        [6, 1, 4],
        [6, 1, 3],
      ],
      [
        [1, 5, 2, 4],
        [1, 6, 2, 4],
        [1, 6, 2, 3],
      ],
    ] satisfies [number[], number[], number[]][]) {
      expect(attend(...shapes)).toThrow(ShapeError);
    }
    const x = zeros([2, 3, 4]);
    const first = new MultiheadAttention(4, 2, { batchFirst: true });
    expect(() => first.forward(x, zeros([3, 5, 4]), x)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: query [2, 3, 4], key [3, 5, 4] and value [2, 3, 4] do not fit. They are [N, L, 4], [N, S, 4], [N, S, 4], or all without N.]`,
    );
  });

  it("says what is wrong with its masks", () => {
    const attention = new MultiheadAttention(4, 2);
    const [query, key] = [zeros([3, 2, 4]), zeros([5, 2, 4])];
    const attend = (options: AttendOptions) => () => attention.forward(query, key, key, options);
    expect(attend({ attnMask: zeros([5, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: attnMask has the shape [5, 3]. For these inputs it is [3, 5] or [4, 3, 5].]`,
    );
    expect(attend({ attnMask: zeros([2, 3, 5]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: attnMask has the shape [2, 3, 5]. For these inputs it is [3, 5] or [4, 3, 5].]`,
    );
    expect(attend({ keyPaddingMask: zeros([5, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: keyPaddingMask has the shape [5, 2]. For these inputs it is [2, 5].]`,
    );
    expect(attend({ keyPaddingMask: zeros([2, 5], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: MultiheadAttention: keyPaddingMask is int32, the query float32. A mask is bool (true may not) or of the query's dtype (added to the scores).]`,
    );
    expect(attend({ attnMask: zeros([3, 5], { dtype: "float64" }) })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: MultiheadAttention: attnMask is float64, the query float32. A mask is bool (true may not) or of the query's dtype (added to the scores).]`,
    );
    const x = zeros([3, 4]);
    expect(() => attention.forward(x, x, x, { keyPaddingMask: zeros([1, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: MultiheadAttention: keyPaddingMask has the shape [1, 3]. For these inputs it is [3].]`,
    );
  });
});
