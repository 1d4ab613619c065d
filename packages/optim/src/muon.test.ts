import { describe, expect, it } from "vitest";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { frozen } from "../test/reference.ts";
import { expectClose } from "../test/trajectories.ts";
import { arrayParameter } from "./array-parameter.ts";
import { Muon, type MuonOptions } from "./muon.ts";

testOptimizer("Muon", {
  make: (params, options) => new Muon(params, options),
  parabola: { lr: 0.05 },
  rosenbrock: { lr: 0.02 },
  undecayed: { weightDecay: 0 },
  needsSchedule: true,
  needsMatrices: true,
});

describe("Muon", () => {
  it("ends where PyTorch's own test ends", () => {
    const w = arrayParameter(Float32Array.from(frozen.start), { shape: [8, 4] });
    const optimizer = new Muon([w], { lr: 0.02, weightDecay: 0.1, momentum: 0.95, nesterov: true });
    for (const gradient of frozen.gradients) {
      w.grad = Float32Array.from(gradient);
      optimizer.step();
    }
    // The directions are bit for bit the same; torch adds them to the parameter with one rounding, we with two: five of float32's last bits.
    const literals = [1.938483476638794, 1.463821530342102, 0.8684228658676147, -2.107022762298584];
    expect(frozen.end.slice(0, 4)).toEqual(literals);
    w.data.forEach((x, i) => {
      const expected = frozen.end[i] ?? Number.NaN;
      expect(Math.abs(x - expected)).toBeLessThanOrEqual(5 * 2 ** -23 * Math.max(0.5, Math.abs(expected)));
    });
  });

  it("goes where PyTorch goes", () => {
    // PARITY §1.5, recorded from torch in float32 to 8 decimals.
    const w = arrayParameter(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
    const optimizer = new Muon([w], { lr: 0.1 });
    const steps = [
      { gradient: [0.1, 0.2, 0.3, 0.4], expected: [1.05835938, 1.89835942, 2.89656258, 3.93529296] },
      { gradient: [-0.4, 0.3, 0.2, -0.1], expected: [1.07551014, 1.80671954, 2.78556561, 3.83109641] },
    ];
    for (const { gradient, expected } of steps) {
      w.grad = Float32Array.from(gradient);
      optimizer.step();
      w.data.forEach((x, i) => void expect(x).toBeCloseTo(expected[i] ?? Number.NaN, 6));
    }
  });

  it("only decays under a zero gradient", () => {
    const w = arrayParameter(Float64Array.of(1, -2), { shape: [1, 2] });
    w.grad = new Float64Array(2);
    new Muon([w], { lr: 0.1, weightDecay: 0.5 }).step();
    expect(w.data).toEqual(Float64Array.of(0.95, -1.9));
  });

  // √max(1, A/B), 0.2 √max(A, B) and √(A/B) with A rows and B columns: the formulas of the documentation.
  it.each([
    { adjustLrFn: null, tall: 2, wide: 1 },
    { adjustLrFn: "original", tall: 2, wide: 1 },
    { adjustLrFn: "match_rms_adamw", tall: 0.2 * Math.sqrt(12), wide: 0.2 * Math.sqrt(12) },
    { adjustLrFn: "spectral_unclamped", tall: 2, wide: 0.5 },
  ] as const)("adjusts its rate to the shape by $adjustLrFn", ({ adjustLrFn, tall, wide }) => {
    const moveOf = (shape: readonly number[], lr: number, rule: typeof adjustLrFn): Float64Array => {
      const w = arrayParameter(new Float64Array(36), { shape });
      w.grad = w.data.map((_, i) => Math.sin(i));
      new Muon([w], { lr, adjustLrFn: rule }).step();
      return w.data;
    };
    // The original rule multiplies by 2 for the tall one, and leaves the rate of the wide one.
    expectClose(moveOf([12, 3], 1, adjustLrFn), moveOf([12, 3], tall / 2, "original"), 1e-15);
    expectClose(moveOf([3, 12], 1, adjustLrFn), moveOf([3, 12], wide, "original"), 1e-15);
  });

  it("names an option that is wrong", () => {
    const make = (options: MuonOptions) => () =>
      new Muon([arrayParameter(new Float32Array(1), { shape: [1, 1] })], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: Muon: lr must be 0 or more, got -1.]`);
    expect(make({ weightDecay: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Muon: weightDecay must be 0 or more, got -1.]`,
    );
    expect(make({ momentum: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Muon: momentum must be 0 or more, got -1.]`,
    );
    expect(make({ eps: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Muon: eps must be 0 or more, got NaN.]`,
    );
    expect(make({ nsCoefficients: JSON.parse("[1, 2]") })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Muon: nsCoefficients must be three numbers, got [1,2].]`,
    );
    expect(make({ nsSteps: 100 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Muon: nsSteps must be a whole number from 0 up to, but not including, 100, got 100.]`,
    );
    expect(make({ adjustLrFn: JSON.parse('"rms"') })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: Muon: adjustLrFn must be null or one of "original", "match_rms_adamw", "spectral_unclamped", got "rms".]`,
    );
  });

  it("takes matrices only, in groups added later too", () => {
    const [vector, matrix] = [
      arrayParameter(new Float32Array(2)),
      arrayParameter(new Float32Array(2), { shape: [1, 2] }),
    ];
    expect(() => new Muon([vector])).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: Muon: takes matrices only, but one of the params has shape [2]. Give vectors, embeddings and kernels of convolutions to another optimizer, such as AdamW.]`,
    );
    const optimizer = new Muon([matrix]);
    expect(() => optimizer.addParamGroup({ params: vector })).toThrow(RangeError);
    expect(optimizer.paramGroups).toHaveLength(1);
  });
});
