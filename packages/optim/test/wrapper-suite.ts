import { describe, expect, it } from "vitest";
import { type ArrayParameter, arrayParameter, type FloatArray, type InnerOptimizer, SGD } from "../src/index.ts";
import { problems } from "./lbfgs-problems.ts";
import { expectClose } from "./trajectories.ts";

type Plain = ReturnType<SGD["stateDict"]>;
type Group = SGD["paramGroups"][number];

export interface WrapperUnderTest<State> {
  wrap(optimizer: InnerOptimizer<Plain, Group>): InnerOptimizer<State, Group> & { readonly optimizer: unknown };
  /** A point within this of the minimum counts as found. SAM circles around it. @defaultValue 1e-3 */
  nearness?: number;
}

type Point = ArrayParameter<Float64Array>;

const point = (...numbers: number[]): Point => arrayParameter(Float64Array.from(numbers));

/** Computes f = Σ (xᵢ - i)², i from 1, and its gradient. */
const parabola = (w: Point) => (): number => {
  w.grad = w.data.map((x, i) => 2 * (x - i - 1));
  return w.data.reduce((sum, x, i) => sum + (x - i - 1) ** 2, 0);
};

const rosenbrock = (w: Point) => (): number => {
  const { loss, gradients } = problems.rosen?.(w.data) ?? { loss: Number.NaN, gradients: [] };
  w.grad = Float64Array.from(gradients[0] ?? []);
  return loss;
};

/** What every optimizer around another one must do. */
export function testWrapper<State>(name: string, { wrap, nearness = 1e-3 }: WrapperUnderTest<State>): void {
  describe(name, () => {
    it("finds the minimum of a parabola", () => {
      const w = point(3, -2);
      const optimizer = wrap(new SGD([w], { lr: 0.1, momentum: 0.5 }));
      for (let k = 0; k < 500; k++) optimizer.step(parabola(w));
      expectClose(w.data, [1, 2], nearness);
    });

    it("finds the minimum of Rosenbrock's valley", () => {
      const w = point(-1.2, 1);
      const optimizer = wrap(new SGD([w], { lr: 5e-4, momentum: 0.98 }));
      for (let k = 0; k < 10000; k++) optimizer.step(rosenbrock(w));
      expectClose(w.data, [1, 1], 10 * nearness);
    });

    it("returns what the closure returns, and waits for a promise", async () => {
      const [now, later] = [point(3, -2), point(3, -2)];
      const [direct, waiting] = [wrap(new SGD([now], { lr: 0.1 })), wrap(new SGD([later], { lr: 0.1 }))];
      for (let k = 0; k < 6; k++) {
        const loss = direct.step(parabola(now));
        expect(await waiting.step(async () => parabola(later)())).toBe(loss);
      }
      expect(later.data).toEqual(now.data);
    });

    it("leaves a parameter alone that never has a gradient", () => {
      const [still, w] = [point(7), point(3, -2)];
      const inner = new SGD([still, w], { lr: 0.1, momentum: 0.9, weightDecay: 0.1 });
      const optimizer = wrap(inner);
      for (let k = 0; k < 6; k++) optimizer.step(parabola(w));
      expect(still.data).toEqual(Float64Array.of(7));
      expect(Object.keys(inner.stateDict().state)).toEqual(["1"]);
    });

    it("has the groups of the optimizer inside, whose rates schedulers write", () => {
      const [frozen, free] = [point(3, -2), point(3, -2)];
      const inner = new SGD([{ params: frozen, lr: 0 }, { params: free }], { lr: 0.5 });
      const optimizer = wrap(inner);
      expect(optimizer.optimizer).toBe(inner);
      expect(optimizer.paramGroups).toEqual(inner.paramGroups);
      const rates = [0.1, 0.1, 0.1, 0, 0, 0];
      const seen = rates.map((lr) => {
        for (const group of optimizer.paramGroups.slice(1)) group.lr = lr;
        optimizer.step(() => parabola(frozen)() + parabola(free)());
        return [...free.data];
      });
      expect(frozen.data).toEqual(Float64Array.of(3, -2));
      expect(seen[2]).not.toEqual([3, -2]);
    });

    it("zeroes the gradients of the optimizer inside", () => {
      const w = point(1);
      const optimizer = wrap(new SGD([w]));
      w.grad = Float64Array.of(2);
      optimizer.zeroGrad({ setToNone: false });
      expect(w.grad).toEqual(Float64Array.of(0));
      optimizer.zeroGrad();
      expect(w.grad).toBeNull();
    });

    it.each([0, 1, 2, 3, 4, 5, 6])(
      "resumes bit for bit after %i steps, from JSON too, without sharing memory",
      (steps) => {
        const w = point(-1.2, 1);
        const optimizer = wrap(new SGD([w], { lr: 1e-3, momentum: 0.9 }));
        for (let k = 0; k < steps; k++) optimizer.step(rosenbrock(w));
        const saved = optimizer.stateDict();
        const before = structuredClone(saved);
        const viaJson: State = JSON.parse(
          JSON.stringify(saved, (_, value) => (ArrayBuffer.isView(value) ? [...(value as FloatArray)] : value)),
        );
        const copies = [saved, viaJson].map((state) => {
          const copied = point(...w.data);
          const resumed = wrap(new SGD([copied]));
          resumed.loadStateDict(state);
          return { copied, resumed };
        });
        for (let k = 0; k < 7; k++) {
          optimizer.step(rosenbrock(w));
          for (const { copied, resumed } of copies) {
            resumed.step(rosenbrock(copied));
            expect(copied.data).toEqual(w.data);
          }
        }
        for (const { resumed } of copies) expect(resumed.stateDict()).toEqual(optimizer.stateDict());
        expect(saved).toEqual(before);
      },
    );

    it("changes nothing when a state dict does not fit", () => {
      const w = point(3, -2);
      const optimizer = wrap(new SGD([w], { lr: 0.1, momentum: 0.9 }));
      for (let k = 0; k < 4; k++) optimizer.step(parabola(w));
      const before = optimizer.stateDict();
      const other = wrap(new SGD([{ params: point(1) }, { params: point(2) }]));
      expect(() => optimizer.loadStateDict(other.stateDict())).toThrow("a different number of parameter groups");
      expect(optimizer.stateDict()).toEqual(before);
    });

    it("needs an optimizer", () => {
      expect(() => wrap(JSON.parse("[]"))).toThrow(`${name}: the first argument must be an optimizer`);
    });
  });
}
