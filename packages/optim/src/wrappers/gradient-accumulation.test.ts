import { describe, expect, it, vi } from "vitest";
import { testWrapper } from "../../test/wrapper-suite.ts";
import { AdamW } from "../adamw.ts";
import { arrayParameter } from "../array-parameter.ts";
import { gradientOf } from "../parameter.ts";
import { SGD } from "../sgd.ts";
import { GradientAccumulation } from "./gradient-accumulation.ts";

testWrapper("GradientAccumulation", { wrap: (optimizer) => new GradientAccumulation(optimizer, { steps: 3 }) });

const scalar = (value = 1) => arrayParameter(Float64Array.of(value));

describe("GradientAccumulation", () => {
  it("steps once for each average, wherever zeroGrad is called", () => {
    const means = [2, -3, 5];
    const run = (
      loop: (
        w: ReturnType<typeof scalar>,
        optimizer: GradientAccumulation<unknown, AdamW["paramGroups"][number]>,
      ) => void,
    ) => {
      const w = scalar();
      loop(w, new GradientAccumulation(new AdamW([w], { lr: 0.1 }), { steps: 4 }));
      return w.data;
    };
    // Exact: four gradients of small whole numbers.
    const gradients = means.flatMap((mean) => [mean - 3, mean + 1, mean + 4, mean - 2]);
    const plain = scalar();
    const expected = new AdamW([plain], { lr: 0.1 });
    for (const mean of means) {
      plain.grad = Float64Array.of(mean);
      expected.step();
    }
    const before = run((w, optimizer) => {
      for (const gradient of gradients) {
        optimizer.zeroGrad();
        w.grad = Float64Array.of(gradient);
        optimizer.step();
      }
    });
    const after = run((w, optimizer) => {
      for (const gradient of gradients) {
        w.grad = Float64Array.of(gradient);
        optimizer.step();
        optimizer.zeroGrad();
      }
    });
    // A backward pass adds to the gradient there is.
    const never = run((w, optimizer) => {
      for (const gradient of gradients) {
        w.grad = Float64Array.of(Number(gradientOf(w) ?? 0) + gradient);
        optimizer.step();
      }
    });
    expect([before, after, never]).toEqual([plain.data, plain.data, plain.data]);
  });

  it("says when the optimizer inside has stepped", () => {
    const w = scalar();
    const optimizer = new GradientAccumulation(new SGD([w]), { steps: 3 });
    expect(optimizer.didStep).toBe(false);
    const stepped = Array.from({ length: 7 }, () => {
      w.grad = Float64Array.of(1);
      optimizer.step();
      return optimizer.didStep;
    });
    expect(stepped).toEqual([false, false, true, false, false, true, false]);
  });

  it("counts a parameter that had no gradient in some passes as 0 there, and skips one that had none", () => {
    const [sometimes, never] = [scalar(), scalar()];
    const optimizer = new GradientAccumulation(new SGD([sometimes, never], { lr: 0.1, weightDecay: 0.5 }), {
      steps: 2,
    });
    sometimes.grad = Float64Array.of(4);
    optimizer.step();
    optimizer.step();
    // 1 - 0.1 (2 + 0.5 · 1)
    expect(sometimes.data[0]).toBeCloseTo(0.75, 15);
    expect(never.data[0]).toBe(1);
  });

  it("shows the average to the hooks of the optimizer inside, and drops it afterwards", () => {
    const w = scalar();
    const inner = new SGD([w], { lr: 0.1 });
    const seen: unknown[] = [];
    inner.registerStepPreHook(() => void seen.push(structuredClone(w.grad)));
    const optimizer = new GradientAccumulation(inner, { steps: 2 });
    for (const gradient of [1, 2]) {
      w.grad = Float64Array.of(gradient);
      optimizer.step();
      expect(w.grad).toBeNull();
    }
    expect(seen).toEqual([Float64Array.of(1.5)]);
  });

  it("steps by what there is when it is flushed, and not without any", () => {
    const w = scalar();
    const inner = new SGD([w], { lr: 0.1 });
    const step = vi.spyOn(inner, "step");
    const optimizer = new GradientAccumulation(inner, { steps: 4 });
    optimizer.flush();
    expect([optimizer.didStep, step.mock.calls.length]).toEqual([false, 0]);
    for (const gradient of [1, 3]) {
      w.grad = Float64Array.of(gradient);
      optimizer.step();
    }
    optimizer.flush();
    expect(optimizer.didStep).toBe(true);
    expect(w.data[0]).toBeCloseTo(0.8, 15);
    // And the next average is one of four again.
    for (let k = 0; k < 3; k++) optimizer.step();
    expect(step).toHaveBeenCalledTimes(1);
  });

  it("does not touch the arrays that gradients came in", () => {
    const w = scalar();
    const optimizer = new GradientAccumulation(new SGD([w]), { steps: 2 });
    const gradient = Float64Array.of(3);
    for (let k = 0; k < 2; k++) {
      w.grad = gradient;
      optimizer.step();
    }
    expect(gradient).toEqual(Float64Array.of(3));
  });

  it("names an option, or what is wrong in a state dict", () => {
    const make = (steps: number) => new GradientAccumulation(new SGD([scalar()]), { steps });
    expect(() => make(0)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GradientAccumulation: steps must be a whole number from 1, got 0.]`,
    );
    expect(() => make(2.5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GradientAccumulation: steps must be a whole number from 1, got 2.5.]`,
    );
    const optimizer = make(2);
    const saved = optimizer.stateDict();
    expect(() => optimizer.loadStateDict({ ...saved, step: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: GradientAccumulation.loadStateDict: step must be a whole number from 0 up to, but not including, 2, got 2.]`,
    );
    expect(() => optimizer.loadStateDict({ ...saved, sums: { 3: [1] } })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: GradientAccumulation.loadStateDict: sums has parameter 3, the optimizer has 1. Load it into an optimizer of the same model.]`,
    );
  });
});
