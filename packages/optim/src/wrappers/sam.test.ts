import { describe, expect, it, vi } from "vitest";
import { gradientOfPapers, lossOfPapers, papers } from "../../test/reference.ts";
import { expectClose } from "../../test/trajectories.ts";
import { testWrapper } from "../../test/wrapper-suite.ts";
import { arrayParameter } from "../array-parameter.ts";
import type { Parameter } from "../parameter.ts";
import { SGD } from "../sgd.ts";
import { Lookahead } from "./lookahead.ts";
import type { InnerOptimizer } from "./optimizer-wrapper.ts";
import { SAM } from "./sam.ts";

testWrapper("SAM", { wrap: (optimizer) => new SAM(optimizer, { rho: 1e-3 }), nearness: 2e-3 });

const scalar = (value = 1) => arrayParameter(Float64Array.of(value));

describe("SAM", () => {
  it.each(papers.sam)("goes where the papers' algorithms go with $options", ({ options, trajectory }) => {
    const [w, b] = [arrayParameter(Float64Array.of(1.5, -0.5, 2)), scalar(-1)];
    const optimizer = new SAM(new SGD([w, b], { lr: 0.05 }), options);
    for (const expected of trajectory) {
      const loss = optimizer.step(() => {
        [w.grad, b.grad] = gradientOfPapers(w.data, b.data);
        return lossOfPapers(w.data, b.data);
      });
      // float64, the same formulas: 1e-12 leaves room for ten steps.
      expectClose([loss], [expected.loss], 1e-12);
      expectClose(w.data, expected.w, 1e-12);
      expectClose(b.data, [expected.b], 1e-12);
    }
  });

  it("moves uphill by rho in all, whatever the gradients' scale", () => {
    const params = [arrayParameter(Float64Array.of(1, 2)), scalar(3)];
    const before = params.map(({ data }) => [...data]);
    params.forEach((w, i) => {
      w.grad = Float64Array.from(w.data, (x) => 1e3 * (x - i));
    });
    const optimizer = new SAM(new SGD(params), { rho: 0.25 });
    optimizer.firstStep();
    const moved = params.flatMap(({ data }, i) => Array.from(data, (x, j) => x - (before[i]?.[j] ?? 0)));
    expect(Math.hypot(...moved)).toBeCloseTo(0.25, 14);
    expect(params.map(({ grad }) => grad)).toEqual([null, null]);
  });

  it("does the same by hand, in two steps", () => {
    const [one, two] = [scalar(), scalar()];
    const [whole, halves] = [new SAM(new SGD([one], { lr: 0.1 })), new SAM(new SGD([two], { lr: 0.1 }))];
    const backward = (w: typeof one) => () => {
      w.grad = w.data.map((x) => x ** 3);
    };
    for (let k = 0; k < 3; k++) {
      whole.step(backward(one));
      backward(two)();
      halves.firstStep();
      backward(two)();
      halves.secondStep();
      expect(two.data).toEqual(one.data);
    }
    expect(() => halves.secondStep()).toThrowErrorMatchingInlineSnapshot(
      `[Error: SAM.secondStep: comes after firstStep() and a second backward pass.]`,
    );
    halves.firstStep();
    expect(() => halves.firstStep()).toThrowErrorMatchingInlineSnapshot(
      `[Error: SAM.firstStep: called twice in a row. After the second backward pass call secondStep().]`,
    );
  });

  it("may have another closure for the second pass", () => {
    const w = scalar();
    const perturbed = vi.fn(() => {
      w.grad = Float64Array.of(2);
      return "second";
    });
    const loss = new SAM(new SGD([w], { lr: 0.1 })).step(() => {
      w.grad = Float64Array.of(1);
      return "first";
    }, perturbed);
    expect(loss).toBe("first");
    expect(perturbed).toHaveBeenCalledTimes(1);
    expect(w.data[0]).toBeCloseTo(0.8, 15);
  });

  it("moves back when the second pass fails, at once or later", async () => {
    const w = scalar();
    const optimizer = new SAM(new SGD([w], { lr: 0.1 }));
    const closure = () => {
      w.grad = Float64Array.of(1);
    };
    const fail = () => {
      expect(w.data[0]).toBeGreaterThan(1);
      throw new Error("out of memory");
    };
    expect(() => optimizer.step(closure, fail)).toThrow("out of memory");
    expect(w.data[0]).toBe(1);
    // The step was begun at once, so what fails later fails it.
    await expect(
      Promise.resolve(
        optimizer.step(
          async () => closure(),
          async () => fail(),
        ),
      ),
    ).rejects.toThrow("out of memory");
    expect(w.data[0]).toBe(1);
    optimizer.step(closure);
    expect(w.data[0]).toBeCloseTo(0.9, 15);
  });

  it("steps where no parameter has a gradient, and where all gradients are 0", () => {
    const w = scalar();
    const optimizer = new SAM(new SGD([w], { lr: 0.1, weightDecay: 1 }));
    expect(optimizer.step(() => 7)).toBe(7);
    expect(w.data[0]).toBe(1);
    optimizer.step(() => {
      w.grad = Float64Array.of(0);
    });
    expect(w.data[0]).toBeCloseTo(0.9, 15);
  });

  it("goes around and into other wrappers", () => {
    type Wrapped = InnerOptimizer<unknown, SGD["paramGroups"][number]>;
    const run = (make: (inner: SGD) => Wrapped) => {
      const w = scalar();
      const optimizer = make(new SGD([w], { lr: 0.1 }));
      for (let k = 0; k < 4; k++) {
        optimizer.step(() => {
          w.grad = w.data.map((x) => 4 * x ** 3);
        });
      }
      return w.data;
    };
    expect(run((inner) => new Lookahead(new SAM(inner), { k: 2 }))).toEqual(
      run((inner) => new SAM(new Lookahead(inner, { k: 2 }))),
    );
  });

  it("says what is wrong", () => {
    const optimizer = new SAM(new SGD([scalar()]));
    expect(() => new SAM(new SGD([scalar()]), { rho: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SAM: rho must be 0 or more, got -1.]`,
    );
    expect(() => optimizer.step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SAM.step: needs a closure that computes the loss and its gradients, to call it twice: optimizer.step(() => { ...; return loss; }). By hand: backward, firstStep(), backward, secondStep().]`,
    );
    expect(() => optimizer.loadStateDict({ ...optimizer.stateDict(), rho: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SAM.loadStateDict: rho must be 0 or more, got -1.]`,
    );
    const bare: Parameter = {
      shape: [1],
      grad: null,
      zeros: () => 0,
      update() {},
      saveState: (slot) => slot,
      loadState: (saved) => saved,
    };
    expect(() => new SAM(new SGD([bare]))).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SAM: a parameter of shape [1] has no operation compute, which SAM needs of its host (Parameter.operations). It can be trained by all that need only update rules, such as AdamW and SGD.]`,
    );
  });
});
