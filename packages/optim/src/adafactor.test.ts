import { describe, expect, it } from "vitest";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { Adafactor, type AdafactorOptions } from "./adafactor.ts";
import { arrayParameter } from "./array-parameter.ts";
import type { Parameter } from "./parameter.ts";

testOptimizer("Adafactor", {
  make: (params, options) => new Adafactor(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 0.017, beta2Decay: -0.6, eps: [null, 0.5] },
  needsSchedule: true,
});

describe("Adafactor", () => {
  // PARITY §1.5, recorded from torch in float64 to 10 digits.
  it("goes where PyTorch goes, with a matrix and with a vector", () => {
    const matrix = arrayParameter(Float64Array.of(1, 2, 3, 4), { shape: [2, 2] });
    const vector = arrayParameter(Float64Array.of(1));
    const optimizer = new Adafactor([matrix, vector]);
    const steps = [
      {
        gradients: [[0.1, 0.2, 0.3, 0.4], [0.5]],
        matrix: [0.9787867966, 1.97, 2.9715395011, 3.9731671843],
        vector: 0.99,
      },
      {
        gradients: [[-0.4, 0.3, 0.2, -0.1], [-0.25]],
        matrix: [1.0156887376, 1.940915981, 2.951159056, 3.983875659],
        vector: 0.996560821352,
      },
    ];
    for (const { gradients, ...expected } of steps) {
      for (const [i, w] of [matrix, vector].entries()) w.grad = Float64Array.from(gradients[i] ?? []);
      optimizer.step();
      matrix.data.forEach((x, i) => void expect(x).toBeCloseTo(expected.matrix[i] ?? Number.NaN, 9));
      expect(vector.data[0]).toBeCloseTo(expected.vector, 11);
    }
  });

  it("takes the machine epsilon of each parameter, whatever is beside it", () => {
    // u = g / max(|g|, eps) at the first step: 1 in float64; float32's epsilon would make it 1e-3.
    const gradient = 1e-3 * 2 ** -23;
    const [single, double] = [arrayParameter(Float32Array.of(1)), arrayParameter(Float64Array.of(1))];
    single.grad = Float32Array.of(gradient);
    double.grad = Float64Array.of(gradient);
    new Adafactor([single, double], { lr: 0.01 }).step();
    expect(double.data[0]).toBeCloseTo(0.99, 14);
    // 1 - 1e-5, to half of float32's last bit.
    expect(Math.abs((single.data[0] ?? 0) - (1 - 1e-5))).toBeLessThan(2 ** -25);
  });

  it("keeps one number for each row and column of a matrix", () => {
    const w = arrayParameter(new Float32Array(24).fill(1), { shape: [2, 3, 4] });
    w.grad = new Float32Array(24).fill(2);
    const optimizer = new Adafactor([w]);
    optimizer.step();
    // The first mean of squares is taken over whole.
    expect(optimizer.stateDict().state[0]).toEqual({
      step: 1,
      row_var: { shape: [2, 3, 1], data: new Float32Array(6).fill(4) },
      col_var: { shape: [2, 1, 4], data: new Float32Array(8).fill(4) },
    });
  });

  it("refuses a state of another shape, and changes nothing", () => {
    const w = arrayParameter(new Float32Array(6).fill(1), { shape: [2, 3] });
    const optimizer = new Adafactor([w]);
    const saved = optimizer.stateDict();
    const state = { 0: { step: 1, row_var: { shape: [1, 2], data: [1, 1] } } };
    expect(() => optimizer.loadStateDict({ ...saved, state })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Adafactor.loadStateDict: state[0].row_var has shape [1, 2], what its parameter needs [2, 1]. Load it into the model it was saved with.]`,
    );
    expect(optimizer.stateDict()).toEqual(saved);
  });

  it("names an option that is wrong", () => {
    const make = (options: AdafactorOptions) => () => new Adafactor([arrayParameter(new Float32Array(1))], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adafactor: lr must be 0 or more, got -1.]`,
    );
    expect(make({ beta2Decay: 0.8 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adafactor: beta2Decay must be 0 or less, got 0.8.]`,
    );
    expect(make({ eps: [-1, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adafactor: eps must be [eps1, eps2], both 0 or more, or eps1 null, got [-1,0].]`,
    );
    expect(make({ eps: JSON.parse("0.1") })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adafactor: eps must be [eps1, eps2], both 0 or more, or eps1 null, got 0.1.]`,
    );
    expect(make({ d: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adafactor: d must be 1 or more, got 0.5.]`,
    );
    expect(make({ weightDecay: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Adafactor: weightDecay must be 0 or more, got NaN.]`,
    );
  });

  it("says what a host lacks, and which optimizers do without it", () => {
    const { shape, operations } = arrayParameter(new Float32Array(2));
    const host: Parameter<Float32Array> = {
      shape,
      grad: null,
      zeros: () => new Float32Array(2),
      update() {},
      saveState: (slot) => slot,
      loadState: () => new Float32Array(2),
    };
    expect(() => new Adafactor([host])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adafactor: a parameter of shape [2] has no operation compute, which Adafactor needs of its host (Parameter.operations). It can be trained by all that need only update rules, such as AdamW and SGD.]`,
    );
    const { value } = operations;
    const some = { ...host, operations: { value, compute: () => value, scope: <R>(body: () => R) => body() } };
    expect(() => new Adafactor([some])).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: Adafactor: a parameter of shape [2] has no operation epsilon, which Adafactor needs of its host (Parameter.operations). It can be trained by LAMB, SAM and all that need only update rules, such as AdamW and SGD.]`,
    );
    const optimizer = new Adafactor([arrayParameter(value)]);
    expect(() => optimizer.addParamGroup({ params: some })).toThrow(TypeError);
  });
});
