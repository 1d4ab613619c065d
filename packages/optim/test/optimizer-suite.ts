import { describe, expect, it } from "vitest";
import {
  type ArrayParameter,
  arrayParameter,
  type FloatArray,
  type Optimizer,
  type OptimizerStateDict,
  type Parameter,
} from "../src/index.ts";
import { drawn, optionsOf, type ReferenceCase, reference } from "./reference.ts";

export interface OptimizerUnderTest {
  /** Build one from options in camelCase. */
  make(params: Iterable<Parameter>, options?: Record<string, unknown>): Optimizer;
  /** Options with which it finds the minimum of a parabola in 500 steps, and that of Rosenbrock's valley in 5,000. */
  parabola: Record<string, unknown>;
  rosenbrock: Record<string, unknown>;
}

const arrays = { float32: Float32Array, float64: Float64Array };

// float64: torch and we round in the same places but for a few fused ones, so 1e-12 leaves room for ten steps of them.
// float32: 1e-6 relative is what PyTorch asks of its own implementations among each other.
const tolerance = { float32: 1e-6, float64: 1e-12 };

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number> | undefined, bound: number): void {
  expect(got.length).toBe(expected?.length);
  for (let i = 0; i < got.length; i++) {
    const want = expected?.[i] ?? Number.NaN;
    const error = Math.abs((got[i] ?? Number.NaN) - want) / Math.max(1, Math.abs(want));
    if (!(error <= bound)) expect.fail(`element ${i}: got ${got[i]}, expected ${want} within ${bound}`);
  }
}

function parametersOf(dtype: "float32" | "float64"): ArrayParameter[] {
  return reference.shapes.map((shape, i) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return arrayParameter<FloatArray>(arrays[dtype].from(drawn(count, 11 + i)), { shape });
  });
}

function giveGradients(params: readonly ArrayParameter[], t: number): void {
  params.forEach((parameter, i) => {
    const numbers = drawn(parameter.data.length, 1000 + 97 * t + i);
    const Kind = parameter.data instanceof Float32Array ? Float32Array : Float64Array;
    parameter.grad = t === 3 && i === 1 ? null : Kind.from(numbers);
  });
}

function expectState(got: OptimizerStateDict, expected: OptimizerStateDict, bound: number): void {
  expect(Object.keys(got.state)).toEqual(Object.keys(expected.state));
  for (const [id, fields] of Object.entries(expected.state)) {
    expect(Object.keys(got.state[id] ?? {})).toEqual(Object.keys(fields));
    for (const [name, value] of Object.entries(fields)) {
      const saved = got.state[id]?.[name];
      const { shape, data } = value as { shape: number[]; data: number[] };
      if (typeof saved === "number") expect([saved]).toEqual(data);
      else {
        const slot = saved as { shape: number[]; data: FloatArray };
        expect(slot.shape).toEqual(shape);
        expectClose(slot.data, data, bound);
      }
    }
  }
  expect(got.param_groups).toEqual(expected.param_groups);
  // The order of the keys is what toString and a pickled file show.
  expect(got.param_groups.map(Object.keys)).toEqual(expected.param_groups.map(Object.keys));
}

/** What every optimizer must do, over every recorded case of `name`. */
export function testOptimizer(name: string, { make, parabola, rosenbrock }: OptimizerUnderTest): void {
  const cases = reference.cases.filter(({ optimizer }) => optimizer === name);

  describe.each(cases)(`${name} $kwargs on $dtype`, (recorded: ReferenceCase) => {
    const { kwargs, dtype, params_after_step } = recorded;
    const bound = tolerance[dtype];

    it("takes PyTorch's steps and saves PyTorch's state", () => {
      const params = parametersOf(dtype);
      const optimizer = make(params, optionsOf(kwargs));
      params_after_step.forEach((expected, t) => {
        giveGradients(params, t);
        optimizer.step();
        params.forEach(({ data }, i) => void expectClose(data, expected[i], bound));
        if (t === 4) expectState(optimizer.stateDict(), recorded.state_dict_after_5, bound);
      });
      expectState(optimizer.stateDict(), recorded.state_dict, bound);
    });

    it("goes on from PyTorch's state", () => {
      const params = parametersOf(dtype);
      const optimizer = make(params, { lr: 123 });
      params.forEach(({ data }, i) => void data.set(params_after_step[4]?.[i] ?? []));
      optimizer.loadStateDict(recorded.state_dict_after_5);
      params_after_step.slice(5).forEach((expected, k) => {
        giveGradients(params, 5 + k);
        optimizer.step();
        params.forEach(({ data }, i) => void expectClose(data, expected[i], bound));
      });
    });

    it("resumes bit for bit, from JSON too, without sharing memory", () => {
      const params = parametersOf(dtype);
      const optimizer = make(params, optionsOf(kwargs));
      for (let t = 0; t < 5; t++) {
        giveGradients(params, t);
        optimizer.step();
      }
      const saved = optimizer.stateDict();
      const viaJson: OptimizerStateDict = JSON.parse(
        JSON.stringify(saved, (_, value) => (ArrayBuffer.isView(value) ? [...(value as FloatArray)] : value)),
      );
      const before = structuredClone(saved);
      const copies = [saved, viaJson].map((state) => {
        const copied = params.map(({ data, shape }) => arrayParameter<FloatArray>(data.slice(), { shape }));
        const resumed = make(copied);
        resumed.loadStateDict(state);
        return { copied, resumed };
      });
      for (let t = 5; t < 10; t++) {
        giveGradients(params, t);
        optimizer.step();
        for (const { copied, resumed } of copies) {
          giveGradients(copied, t);
          resumed.step();
          expect(copied.map(({ data }) => data)).toEqual(params.map(({ data }) => data));
        }
      }
      for (const { resumed } of copies) expect(resumed.stateDict()).toEqual(optimizer.stateDict());
      expect(saved).toEqual(before);
    });
  });

  describe(name, () => {
    it("has PyTorch's defaults", () => {
      const optimizer = make([arrayParameter(new Float64Array(1))]);
      const expected = optionsOf(reference.defaults[name] ?? {});
      expect(optimizer.defaults).toMatchObject(expected);
    });

    it("leaves a parameter without a gradient alone, and steps on a zero gradient", () => {
      const [still, moved] = [arrayParameter(Float64Array.of(1)), arrayParameter(Float64Array.of(1))];
      const optimizer = make([still, moved]);
      moved.grad = Float64Array.of(0);
      optimizer.step();
      expect(still.data[0]).toBe(1);
      expect(Object.keys(optimizer.stateDict().state)).not.toContain("0");
    });

    it("climbs with maximize where it descends without", () => {
      const [down, up] = [arrayParameter(Float64Array.of(1)), arrayParameter(Float64Array.of(1))];
      for (const [parameter, maximize] of [
        [down, false],
        [up, true],
      ] as const) {
        parameter.grad = Float64Array.of(0.5);
        make([parameter], { maximize, weightDecay: 0 }).step();
      }
      expect(down.data[0]).toBeLessThan(1);
      expect(up.data[0] ?? 0).toBeCloseTo(2 - (down.data[0] ?? 0), 12);
    });

    it("lets a group have options of its own, down to not moving at all", () => {
      const [frozen, free] = [arrayParameter(Float64Array.of(1)), arrayParameter(Float64Array.of(1))];
      const groups = [{ params: [frozen], lr: 1e-28 }, { params: free }] as unknown as Iterable<Parameter>;
      const optimizer = make(groups, { lr: 0.1 });
      frozen.grad = Float64Array.of(1);
      free.grad = Float64Array.of(1);
      optimizer.step();
      expect(frozen.data[0]).toBe(1);
      expect(free.data[0]).toBeLessThan(1);
    });

    it("obeys a rate changed between steps", () => {
      const parameter = arrayParameter(Float64Array.of(1));
      const optimizer = make([parameter], { lr: 0.1 });
      for (const group of optimizer.paramGroups) group.lr = 0;
      parameter.grad = Float64Array.of(1);
      optimizer.step();
      expect(parameter.data[0]).toBe(1);
    });

    it("finds the minimum of a parabola", () => {
      const parameter = arrayParameter(Float64Array.of(3, -2));
      const optimizer = make([parameter], { weightDecay: 0, ...parabola });
      for (let k = 0; k < 500; k++) {
        parameter.grad = parameter.data.map((x, i) => 2 * (x - (i + 1)));
        optimizer.step();
      }
      // f = Σ (xᵢ - i)², i from 1.
      expectClose(parameter.data, [1, 2], 1e-3);
    });

    it("finds the minimum of Rosenbrock's valley", () => {
      const parameter = arrayParameter(Float64Array.of(-1.2, 1));
      const optimizer = make([parameter], { weightDecay: 0, ...rosenbrock });
      for (let k = 0; k < 5000; k++) {
        const [x = 0, y = 0] = parameter.data;
        parameter.grad = Float64Array.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x));
        optimizer.step();
      }
      expectClose(parameter.data, [1, 1], 1e-2);
    });
  });
}
