import { gradgradcheck, manualSeed, ones, randn, type Tensor, zeros } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { spread, testModule } from "../../../test/module-suite.ts";
import { GRUCell, LSTMCell, RNNCell } from "./cells.ts";
import { LSTM } from "./lstm.ts";

for (const [name, kind] of [
  ["RNNCell", RNNCell],
  ["GRUCell", GRUCell],
] as const) {
  testModule(name, {
    make: () => new kind(2, 3),
    inputs: (dtype) => [spread([2, 2], dtype), spread([2, 3], dtype)],
    shown: `${name}(2, 3)`,
  });
}

testModule("RNNCell with options", {
  make: () => new RNNCell(2, 3, { bias: false, nonlinearity: "relu" }),
  inputs: (dtype) => [spread([2], dtype), spread([3], dtype)],
  shown: 'RNNCell(2, 3, { bias: false, nonlinearity: "relu" })',
});

testModule("LSTMCell", {
  make: () => new LSTMCell(2, 3, { bias: false }),
  inputs: (dtype) => [spread([2, 2], dtype), [spread([2, 3], dtype), spread([2, 3], dtype)]],
  shown: "LSTMCell(2, 3, { bias: false })",
});

describe("A recurrent cell", () => {
  it("starts uniform in ±1/√H", () => {
    manualSeed(0);
    for (const [name, parameter] of new GRUCell(150, 100).namedParameters()) {
      const numbers = Array.from(parameter.dataSync(), Number);
      expect(numbers.every((x) => Math.abs(x) <= 0.1)).toBe(true);
      // The variance of n uniform numbers is bound²/3 but for a relative error of √(4/5n): five of them.
      const variance = numbers.reduce((a, b) => a + b ** 2, 0) / numbers.length;
      expect(Math.abs(variance / (0.1 ** 2 / 3) - 1), name).toBeLessThan(5 * Math.sqrt(0.8 / numbers.length));
    }
  });

  it("step by step gives what the layer gives, and the same gradients", () => {
    const [layer, cell] = [new LSTM(2, 3), new LSTMCell(2, 3)];
    cell.loadStateDict([...layer.stateDict()].map(([name, value]) => [name.replace("_l0", ""), value] as const));
    const x = randn([4, 2, 2]);
    const [output] = layer.forward(x);
    let state: [Tensor, Tensor] | null = null;
    let total = zeros([]);
    for (let t = 0; t < 4; t++) {
      const [h, c]: [Tensor, Tensor] = cell.forward(x.select(0, t), state);
      state = [h, c];
      total = total.add(h.square().sum());
      const wanted = output.select(0, t).flatten().arraySync() as number[];
      expect(h.flatten().arraySync()).toEqual(wanted.map((x) => expect.closeTo(x, 6)));
    }
    total.backward();
    output.square().sum().backward();
    for (const [name, { grad }] of cell.namedParameters()) {
      const wanted = layer[`${name}_l0` as "weight_ih_l0"]?.grad?.flatten().arraySync() as number[];
      // Sums over the steps, in another order.
      expect(grad?.flatten().arraySync(), name).toEqual(wanted.map((x) => expect.closeTo(x, 5)));
    }
  });

  it("uses each matrix once for each sequence", () => {
    expect(new GRUCell(2, 3).macs([ones([5, 2])])).toBe(5 * 9 * (2 + 3));
    expect(new RNNCell(2, 3).macs([ones([2])])).toBe(3 * (2 + 3));
  });

  it("has gradients of gradients", () => {
    const cell = new LSTMCell(1, 2).to("float64");
    const leaves = [spread([2, 1], "float64"), spread([2, 2], "float64"), spread([2, 2], "float64")];
    for (const leaf of leaves) leaf.requiresGrad = true;
    const result = (...[x, h, c]: Tensor[]) => {
      const [newH, newC] = cell.forward(x as Tensor, [h as Tensor, c as Tensor]);
      return newH.mul(newC);
    };
    expect(gradgradcheck(result, leaves)).toBe(true);
  });

  it("says what is wrong with its sizes and options", () => {
    expect(() => new LSTMCell(0, 3)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LSTMCell: inputSize is 0. Give an integer from 1 on.]`,
    );
    expect(() => new GRUCell(2, -3)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GRUCell: hiddenSize is -3. Give an integer from 1 on.]`,
    );
    expect(() => new RNNCell(2, 3, { nonlinearity: "gelu" as never })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: RNNCell: nonlinearity is "gelu". Give "tanh" or "relu".]`,
    );
  });

  it("says what is wrong with its input", () => {
    const cell = new LSTMCell(2, 3);
    expect(() => cell.forward(ones([4, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTMCell: x has the shape [4, 3]. It takes [N, in] or [in] with in = 2.]`,
    );
    expect(() => cell.forward(ones([1, 4, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTMCell: x has the shape [1, 4, 2]. It takes [N, in] or [in] with in = 2.]`,
    );
    expect(() => cell.forward(ones([4, 2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: LSTMCell: x is int32 and the weights float32. Convert it, x.to("float32").]`,
    );
    expect(() => cell.forward(ones([4, 2]), [ones([4, 3]), ones([3])])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: LSTMCell: c has the shape [3]. For this input it is [4, 3].]`,
    );
    expect(() => new RNNCell(2, 3).forward(ones([2]), ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RNNCell: h has the shape [1, 3]. For this input it is [3].]`,
    );
  });
});
