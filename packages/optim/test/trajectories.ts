import { describe, expect, it } from "vitest";
import type { Optimizer, OptimizerStateDict, Parameter } from "../src/index.ts";
import { gradientAt, optionsOf, type ReferenceCase, reference, startOf } from "./reference.ts";

/** Builds an optimizer from options in camelCase. */
export type MakeOptimizer = (params: Iterable<Parameter>, options?: Record<string, unknown>) => Optimizer;

interface SavedNumbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** How to make parameters of some kind, and to look into them. */
export interface Host<P extends Parameter> {
  make(numbers: readonly number[], shape: readonly number[], dtype: "float32" | "float64"): P;
  giveGradient(parameter: P, numbers: readonly number[] | null): void;
  numbersOf(parameter: P): ArrayLike<number>;
  slotOf(saved: unknown): SavedNumbers;
}

// float64: torch and we round in the same places but for a few fused ones, so 1e-12 leaves room for ten steps of them.
// float32: 1e-6 relative is what PyTorch asks of its own implementations among each other.
export const tolerance = { float32: 1e-6, float64: 1e-12 };

export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number> | undefined, bound: number): void {
  expect(got.length).toBe(expected?.length);
  for (let i = 0; i < got.length; i++) {
    const want = expected?.[i] ?? Number.NaN;
    const error = Math.abs((got[i] ?? Number.NaN) - want) / Math.max(1, Math.abs(want));
    if (!(error <= bound)) expect.fail(`element ${i}: got ${got[i]}, expected ${want} within ${bound}`);
  }
}

export function expectState(
  got: OptimizerStateDict,
  expected: OptimizerStateDict,
  bound: number,
  slotOf: Host<Parameter>["slotOf"],
): void {
  expect(Object.keys(got.state)).toEqual(Object.keys(expected.state));
  for (const [id, fields] of Object.entries(expected.state)) {
    expect(Object.keys(got.state[id] ?? {})).toEqual(Object.keys(fields));
    for (const [name, value] of Object.entries(fields)) {
      const saved = got.state[id]?.[name];
      const { shape, data } = typeof value === "number" ? { shape: [], data: [value] } : (value as SavedNumbers);
      // Step counts, and what is rounded as PyTorch rounds it, are the very same numbers.
      if (typeof saved === "number") expect([saved]).toEqual(data);
      else {
        const slot = slotOf(saved);
        expect(slot.shape).toEqual(shape);
        expectClose(slot.data, data, bound);
      }
    }
  }
  expect(got.param_groups).toEqual(expected.param_groups);
  // The order of the keys is what toString and a pickled file show.
  expect(got.param_groups.map(Object.keys)).toEqual(expected.param_groups.map(Object.keys));
}

/** That the recorded cases of `name` on `dtype` come out on parameters of a host: their numbers, states, and how they go on from a state. */
export function testTrajectories<P extends Parameter>(
  name: string,
  make: MakeOptimizer,
  host: Host<P>,
  dtype: ReferenceCase["dtype"],
): void {
  const cases = reference.cases.filter((each) => each.optimizer === name && each.dtype === dtype);
  const bound = tolerance[dtype];

  const parametersOf = ({ shapes = reference.shapes }: ReferenceCase, numbers?: readonly number[][]): P[] =>
    shapes.map((shape, i) => host.make(numbers?.[i] ?? startOf(shape, i), shape, dtype));
  const stepAt = (t: number, params: readonly P[], optimizer: Optimizer): void => {
    params.forEach((parameter, i) => {
      host.giveGradient(parameter, gradientAt(parameter.shape, t, i));
    });
    optimizer.step();
  };

  describe.each(cases)(`${name} $kwargs on ${dtype}`, (recorded) => {
    const { kwargs, params_after_step } = recorded;

    it("takes the reference's steps and saves its state", () => {
      const params = parametersOf(recorded);
      const optimizer = make(params, optionsOf(kwargs));
      params_after_step.forEach((expected, t) => {
        stepAt(t, params, optimizer);
        params.forEach((parameter, i) => void expectClose(host.numbersOf(parameter), expected[i], bound));
        if (t === 4) expectState(optimizer.stateDict(), recorded.state_dict_after_5, bound, host.slotOf);
      });
      expectState(optimizer.stateDict(), recorded.state_dict, bound, host.slotOf);
    });

    it("goes on from the reference's state", () => {
      const params = parametersOf(recorded, params_after_step[4]);
      const optimizer = make(params, { lr: 123 });
      optimizer.loadStateDict(recorded.state_dict_after_5);
      params_after_step.slice(5).forEach((expected, k) => {
        stepAt(5 + k, params, optimizer);
        params.forEach((parameter, i) => void expectClose(host.numbersOf(parameter), expected[i], bound));
      });
    });
  });
}
