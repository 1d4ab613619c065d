import {
  type Device,
  type DType,
  grad,
  gradcheck,
  gradgradcheck,
  manualSeed,
  memory,
  noGrad,
  ones,
  randn,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { afterEach, describe, expect, it, vi } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { sgdStep } from "../../../test/sgd.ts";
import { GRU } from "./gru.ts";
import { LSTM } from "./lstm.ts";
import { RNN } from "./rnn.ts";

type Kind = typeof RNN | typeof GRU | typeof LSTM;
const kinds: readonly (readonly [name: string, kind: Kind])[] = [
  ["RNN", RNN],
  ["GRU", GRU],
  ["LSTM", LSTM],
];

/** h0, or h0 and c0, for any kind. */
const start =
  (kind: Kind, ...shape: number[]) =>
  (dtype: DType) =>
    kind === LSTM ? [spread(shape, dtype), spread(shape, dtype)] : spread(shape, dtype);

for (const [name, kind] of kinds) {
  testModule(name, { make: () => new kind(2, 3), shape: [3, 2, 2], shown: `${name}(2, 3)` });
  testModule(`${name} with options and a state`, {
    make: () => new kind(2, 2, { numLayers: 2, bias: false, batchFirst: true, dropout: 0.5, bidirectional: true }),
    inputs: (dtype) => [spread([2, 3, 2], dtype), start(kind, 4, 2, 2)(dtype), { lengths: [3, 1] }],
    shown: `${name}(2, 2, { numLayers: 2, bias: false, batchFirst: true, dropout: 0.5, bidirectional: true })`,
    random: true,
  });
}

testModule("RNN with relu", {
  make: () => new RNN(2, 3, { nonlinearity: "relu" }),
  shape: [3, 2, 2],
  shown: 'RNN(2, 3, { nonlinearity: "relu" })',
});

testModule("LSTM with a projection", {
  make: () => new LSTM(2, 3, { projSize: 2, bidirectional: true }),
  inputs: (dtype) => [spread([3, 2, 2], dtype), [spread([2, 2, 2], dtype), spread([2, 2, 3], dtype)]],
  shown: "LSTM(2, 3, { bidirectional: true, projSize: 2 })",
});

const outputOf = (result: [Tensor, unknown]): Tensor => result[0];

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(kinds)("%s", (_, kind) => {
  it("starts uniform in ±1/√H, weights and biases, as PyTorch's", () => {
    manualSeed(0);
    const bound = 1 / Math.sqrt(100);
    for (const [name, parameter] of new kind(150, 100, { bidirectional: true }).namedParameters()) {
      const numbers = Array.from(parameter.dataSync(), Number);
      expect(numbers.every((x) => Math.abs(x) <= bound)).toBe(true);
      // The variance of n uniform numbers is bound²/3 but for a relative error of √(4/5n): five of them.
      const variance = numbers.reduce((a, b) => a + b ** 2, 0) / numbers.length;
      expect(Math.abs(variance / (bound ** 2 / 3) - 1), name).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    }
  });

  it("has PyTorch's names in PyTorch's order", () => {
    const plain = (at: string) => ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => `${name}_${at}`);
    const names = [...new kind(2, 3, { numLayers: 2, bidirectional: true }).stateDict().keys()];
    expect(names).toEqual(["l0", "l0_reverse", "l1", "l1_reverse"].flatMap(plain));
  });

  it("goes on where an earlier part of the sequence ended", () => {
    const module = new kind(2, 3, { numLayers: 2 });
    const x = randn([5, 2, 2]);
    const [whole] = module.forward(x);
    const [first, state] = module.forward(x.narrow(0, 0, 2));
    const [second] = module.forward(x.narrow(0, 2, 3), state as never);
    expect(first.arraySync()).toEqual(whole.narrow(0, 0, 2).arraySync());
    // Products of other sizes may round in another order.
    const wanted = whole.narrow(0, 2, 3).flatten().arraySync() as number[];
    expect(second.flatten().arraySync()).toEqual(wanted.map((x) => expect.closeTo(x, 6)));
  });

  it("gives each sequence of a batch what it gives it alone, without its padding", () => {
    const module = new kind(2, 3, { numLayers: 2, bidirectional: true, batchFirst: true });
    const x = randn([3, 4, 2]);
    const lengths = [3, 4, 1];
    const [padded, last] = module.forward(x, null, { lengths });
    for (const [i, length] of lengths.entries()) {
      const [alone, lastAlone] = module.forward(x.select(0, i).narrow(0, 0, length));
      const wanted = alone.flatten().arraySync() as number[];
      const found = padded.select(0, i).narrow(0, 0, length).flatten().arraySync();
      // Products of other sizes may round in another order.
      expect(found).toEqual(wanted.map((x) => expect.closeTo(x, 6)));
      expect(
        padded
          .select(0, i)
          .narrow(0, length, 4 - length)
          .abs()
          .sum()
          .itemSync(),
      ).toBe(0);
      const [h, hAlone] = [last, lastAlone].map((each) =>
        Array.isArray(each) ? (each[0] as Tensor) : (each as Tensor),
      );
      const wantedH = hAlone?.flatten().arraySync() as number[];
      expect(h?.select(1, i).flatten().arraySync()).toEqual(wantedH.map((x) => expect.closeTo(x, 6)));
    }
  });

  it("leaves the state alone where a sequence has no step at all", () => {
    const module = new kind(2, 3, { bidirectional: true });
    const h0 = randn([2, 2, 3]);
    const given = kind === LSTM ? [h0, h0] : h0;
    const [, last] = module.forward(randn([4, 2, 2]), given as never, { lengths: tensor([0, 2], { dtype: "int32" }) });
    for (const each of [last].flat()) expect(each.select(1, 0).arraySync()).toEqual(h0.select(1, 0).arraySync());
  });

  it("takes lengths on devices that cannot be asked while one waits", async () => {
    const device: Device = Object.defineProperty(reference(), "readSync", { value: undefined });
    const module = new kind(1, 2).to(device);
    const lengths = tensor([1, 2], { dtype: "int32", device });
    const output = outputOf(module.forward(randn([2, 2, 1], { device }), null, { lengths }));
    const numbers = (await output.array()) as number[][][];
    expect(numbers[1]?.[0]).toEqual([0, 0]);
    expect(numbers[1]?.[1]?.every((x) => x !== 0)).toBe(true);
  });

  it("has gradients of gradients", () => {
    const module = new kind(1, 2, { bidirectional: true }).to("float64");
    const x = spread([2, 2, 1], "float64");
    x.requiresGrad = true;
    const state = start(kind, 2, 2, 2)("float64");
    for (const each of [state].flat()) each.requiresGrad = true;
    const leaves = [x, ...[state].flat()];
    const result = (input: Tensor, ...states: Tensor[]) => {
      const given = kind === LSTM ? states : states[0];
      return outputOf(module.forward(input, given as never, { lengths: [1, 2] }));
    };
    expect(gradcheck(result, leaves)).toBe(true);
    expect(gradgradcheck(result, leaves)).toBe(true);
  });

  it("records the same gradients as it computes otherwise, also where the state came through the same weights", () => {
    const module = new kind(1, 2).to("float64");
    const weights = [...module.parameters()];
    const x = spread([3, 2, 1], "float64");
    const [, state] = module.forward(x);
    const total = outputOf(module.forward(x, state as never))
      .square()
      .sum();
    const plain = grad(total, weights, { retainGraph: true });
    const recorded = grad(total, weights, { createGraph: true });
    for (const [i, each] of plain.entries()) {
      const wanted = each?.flatten().arraySync() as number[];
      // Another order of sums, in float64.
      expect(recorded[i]?.flatten().arraySync()).toEqual(wanted.map((x) => expect.closeTo(x, 12)));
    }
  });

  it("drops between layers in training only", () => {
    const options = { numLayers: 2, dropout: 1 };
    const module = new kind(2, 3, options);
    const x = randn([3, 2, 2]);
    const bare = new kind(3, 3);
    bare.loadStateDict(
      [...module.stateDict()].flatMap(([name, value]) =>
        name.endsWith("l1") ? [[name.replace("l1", "l0"), value] as const] : [],
      ),
    );
    // With everything dropped, the second layer sees zeros.
    const wanted = outputOf(bare.forward(zeros([3, 2, 3]))).arraySync();
    expect(outputOf(module.forward(x)).arraySync()).toEqual(wanted);
    expect(outputOf(module.eval().forward(x)).arraySync()).not.toEqual(wanted);
  });

  it("warns that a dropout has nowhere to be, once, when it is made", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const module = new kind(2, 3, { dropout: 0.5 });
    module.forward(ones([1, 1, 2]));
    expect(warn.mock.calls).toEqual([
      [`${kind.name}: dropout 0.5 drops between layers, and there is one. Give numLayers too, or no dropout.`],
    ]);
  });

  it("takes long sequences, forward and back, and holds the same memory after every step of training", () => {
    const module = new kind(2, 4);
    const x = randn([600, 1, 2]);
    const losses: number[] = [];
    const step = () =>
      scope(() => {
        const loss = outputOf(module.forward(x)).sub(0.1).square().mean();
        module.zeroGrad();
        loss.backward();
        sgdStep(module.parameters(), 0.1);
        losses.push(loss.itemSync());
        noGrad(() => module.forward(x));
      });
    for (let i = 0; i < 2; i++) step();
    const { tensors, bytes } = memory();
    for (let i = 0; i < 4; i++) step();
    expect({ tensors: memory().tensors, bytes: memory().bytes }).toEqual({ tensors, bytes });
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  });

  it("keeps nothing for a backward pass that will not come", () => {
    const module = new kind(2, 8);
    const x = randn([50, 4, 2]).realize();
    const held = (forward: () => Tensor): number =>
      scope(() => {
        const { bytes } = memory();
        const output = scope(() => forward());
        expect(output.shape).toEqual([50, 4, 8]);
        return memory().bytes - bytes;
      });
    // h of every step, and an LSTM's last c.
    const result = 4 * (50 * 4 * 8 + (kind === LSTM ? 4 * 8 : 0));
    expect(held(() => noGrad(() => outputOf(module.forward(x))))).toBe(result);
    expect(held(() => outputOf(module.forward(x)))).toBeGreaterThan(2 * result);
  });

  it("says what is wrong with its sizes and options", () => {
    const name = kind.name;
    const messageOf = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        return String(error).replace(`${name}:`, "KIND:");
      }
      return "nothing";
    };
    const messages = [
      () => new kind(0, 1),
      () => new kind(1, 1.5),
      () => new kind(1, 1, { numLayers: 0 }),
      () => new kind(1, 1, { numLayers: 2, dropout: 1.5 }),
    ].map(messageOf);
    expect(messages).toEqual([
      "OptionError: KIND: inputSize is 0. Give an integer from 1 on.",
      "OptionError: KIND: hiddenSize is 1.5. Give an integer from 1 on.",
      "OptionError: KIND: numLayers is 0. Give an integer from 1 on.",
      "OptionError: KIND: dropout is 1.5. Give a number from 0 to 1.",
    ]);
  });
});

describe("RNN", () => {
  it("says what nonlinearities there are", () => {
    expect(() => new RNN(2, 3, { nonlinearity: "sigmoid" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RNN: nonlinearity is "sigmoid". Give "tanh" or "relu".]`,
    );
  });

  it("has the gradient 0 where a relu is at its corner, as in PyTorch", () => {
    const module = new RNN(1, 1, { nonlinearity: "relu", bias: false });
    module
      .forward(zeros([2, 1, 1]))[0]
      .sum()
      .backward();
    expect(module.weight_ih_l0?.grad?.arraySync()).toEqual([[0]]);
  });
});

describe("GRU", () => {
  it("keeps its state where the update gate is shut", () => {
    const module = new GRU(1, 2);
    noGrad(() => module.bias_ih_l0?.narrow(0, 2, 2).fill_(1000));
    const h0 = randn([1, 3, 2]);
    expect(module.forward(randn([5, 3, 1]), h0)[1].arraySync()).toEqual(h0.arraySync());
  });
});

describe("LSTM", () => {
  it("keeps its memory where the forget gate is open and the input gate shut", () => {
    const module = new LSTM(1, 2);
    noGrad(() => {
      module.bias_ih_l0?.narrow(0, 0, 2).fill_(-1000);
      module.bias_ih_l0?.narrow(0, 2, 2).fill_(1000);
    });
    const c0 = randn([1, 3, 2]);
    const [, [, cn]] = module.forward(randn([5, 3, 1]), [randn([1, 3, 2]), c0]);
    expect(cn.arraySync()).toEqual(c0.arraySync());
  });

  it("uses each matrix once at each step of each sequence", () => {
    const [x, options] = [ones([4, 5, 2]), { projSize: 1, bidirectional: true, numLayers: 2 }];
    // Of 12 rows and 2 or 1 columns in the first layer, 2 and 1 in the second, and projections of 3 columns.
    expect(new LSTM(2, 3, options).macs([x])).toBe(4 * 5 * 2 * (12 * (2 + 1) + 12 * (2 + 1) + 2 * 3));
    expect(new LSTM(2, 3).macs([ones([4, 2])])).toBe(4 * 12 * (2 + 3));
  });

  it("says what is wrong with a projection", () => {
    expect(() => new LSTM(2, 3, { projSize: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LSTM: projSize 3 is not below hiddenSize 3. A projection makes the state smaller; 0 is none.]`,
    );
    expect(() => new LSTM(2, 3, { projSize: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LSTM: projSize is -1. Give an integer from 0 on.]`,
    );
  });

  it("says what is wrong with its input", () => {
    const lstm = new LSTM(2, 3, { bidirectional: true });
    const x = ones([4, 5, 2]);
    const h0 = zeros([2, 5, 3]);
    expect(() => lstm.forward(ones([4, 5, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTM: x has the shape [4, 5, 3]. It takes [L, N, in] or [L, in] with in = 2 and L from 1 on.]`,
    );
    expect(() => lstm.forward(ones([2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTM: x has the shape [2]. It takes [L, N, in] or [L, in] with in = 2 and L from 1 on.]`,
    );
    expect(() => lstm.forward(ones([0, 5, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTM: x has the shape [0, 5, 2]. It takes [L, N, in] or [L, in] with in = 2 and L from 1 on.]`,
    );
    const sentences = new LSTM(2, 3, { batchFirst: true });
    expect(() => sentences.forward(ones([5, 0, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTM: x has the shape [5, 0, 2]. It takes [N, L, in] or [L, in] with in = 2 and L from 1 on.]`,
    );
    expect(() => lstm.forward(ones([4, 5, 2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: LSTM: x is int32 and the weights float32. Convert it, x.to("float32").]`,
    );
    expect(() => lstm.forward(ones([4, 5, 2], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: LSTM: x is float64 and the weights float32. Convert it, x.to("float32"), or the module, to("float64").]`,
    );
    expect(() => lstm.forward(x, [h0, zeros([1, 5, 3])])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTM: c0 has the shape [1, 5, 3]. For this input it is [2, 5, 3].]`,
    );
    expect(() => lstm.forward(ones([4, 2]), [h0, h0])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTM: h0 has the shape [2, 5, 3]. For this input it is [2, 3].]`,
    );
    expect(() => lstm.forward(x, [zeros([2, 5, 3], { dtype: "float64" }), h0])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: LSTM: h0 is float64 and the weights float32. Convert it, h0.to("float32"), or the module, to("float64").]`,
    );
  });

  it("says what is wrong with lengths", () => {
    const gru = new GRU(2, 3);
    const x = ones([4, 3, 2]);
    expect(() => gru.forward(x, null, { lengths: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: GRU: lengths has the shape [2], and x [4, 3, 2] has 3 sequences. Give one length for each.]`,
    );
    expect(() =>
      gru.forward(x, null, { lengths: zeros([3, 1], { dtype: "int32" }) }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: GRU: lengths has the shape [3, 1], and x [4, 3, 2] has 3 sequences. Give one length for each.]`,
    );
    expect(() => gru.forward(x, null, { lengths: ones([3]) })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: GRU: lengths is float32. Give integers: lengths.to("int32").]`,
    );
    expect(() => gru.forward(x, null, { lengths: [1, 2, 5] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GRU: lengths has a 5, and x [4, 3, 2] has 4 steps. Give integers from 0 to 4.]`,
    );
    expect(() =>
      gru.forward(x, null, { lengths: tensor([1, -1, 2], { dtype: "int32" }) }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GRU: lengths has a -1, and x [4, 3, 2] has 4 steps. Give integers from 0 to 4.]`,
    );
    expect(() => gru.forward(x, null, { lengths: [1, 2.5, 3] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GRU: lengths has a 2.5, and x [4, 3, 2] has 4 steps. Give integers from 0 to 4.]`,
    );
    expect(() => gru.forward(ones([4, 2]), null, { lengths: [4] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GRU: lengths for one sequence, x [4, 2]. Leave out its padding.]`,
    );
  });
});
