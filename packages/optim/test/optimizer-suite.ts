import { describe, expect, it } from "vitest";
import {
  type ArrayParameter,
  arrayParameter,
  type FloatArray,
  type OptimizerStateDict,
  type Parameter,
} from "../src/index.ts";
import { snakeCase } from "../src/state-keys.ts";
import { arrayHost } from "./array-host.ts";
import { gradientAt, optionsOf, type ReferenceCase, reference, startOf } from "./reference.ts";
import { expectClose, type MakeOptimizer, testTrajectories } from "./trajectories.ts";

export interface OptimizerUnderTest {
  make: MakeOptimizer;
  /** Options with which it finds the minimum of a parabola in 500 steps, and that of Rosenbrock's valley in 5,000. */
  parabola: Record<string, unknown>;
  rosenbrock: Record<string, unknown>;
  /** Options with which nothing but the gradient moves a parameter. */
  undecayed?: Record<string, unknown>;
  /** Options of a group that does not move at all. */
  frozen?: Record<string, unknown>;
  /** Its rate is that of the first step only. */
  hasOwnRates?: boolean;
  /** Its state is there before the first step. */
  isEager?: boolean;
  /** Its steps do not shrink by themselves near a minimum, so that the rate has to fall on the way there. */
  needsSchedule?: boolean;
  /** It takes matrices only. */
  needsMatrices?: boolean;
  /** To be called before the parameters are looked at. */
  finish?: () => void;
}

type Dtype = ReferenceCase["dtype"];

/** What PyTorch added to its groups over the years, so that older state dicts lack it. */
const addedLater = [
  "maximize",
  "foreach",
  "capturable",
  "differentiable",
  "fused",
  "amsgrad",
  "decoupled_weight_decay",
  "nesterov",
  "momentum",
  "centered",
];

/** What every optimizer must do, over every recorded case of `name`. */
export function testOptimizer(name: string, optimizer: OptimizerUnderTest): void {
  const { make, parabola, rosenbrock, undecayed = {}, frozen = { lr: 1e-28 } } = optimizer;
  for (const dtype of ["float64", "float32"] as const) testTrajectories(name, make, arrayHost, dtype);

  const cases = reference.cases.filter((each) => each.optimizer === name);
  const usualShapes = cases[0]?.shapes ?? reference.shapes;
  const parametersOf = (dtype: Dtype, shapes = usualShapes): ArrayParameter[] =>
    shapes.map((shape, i) => arrayHost.make(startOf(shape, i), shape, dtype));
  const giveGradients = (params: readonly ArrayParameter[], t: number): void => {
    params.forEach((parameter, i) => void arrayHost.giveGradient(parameter, gradientAt(parameter.shape, t, i)));
  };
  const vector = (data: Float64Array): ArrayParameter<Float64Array> =>
    arrayParameter(data, optimizer.needsMatrices ? { shape: [data.length, 1] } : {});
  const scalar = (value = 1, gradient?: number): ArrayParameter<Float64Array> => {
    const parameter = vector(Float64Array.of(value));
    if (gradient !== undefined) parameter.grad = Float64Array.of(gradient);
    return parameter;
  };
  const defaults = reference.defaults[name] ?? {};

  describe.each(cases)(`${name} $kwargs on $dtype`, ({ kwargs, dtype, shapes }: ReferenceCase) => {
    it("resumes bit for bit, from JSON too, without sharing memory", () => {
      const params = parametersOf(dtype, shapes);
      const original = make(params, optionsOf(kwargs));
      for (let t = 0; t < 5; t++) {
        giveGradients(params, t);
        original.step();
      }
      const saved = original.stateDict();
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
        original.step();
        for (const { copied, resumed } of copies) {
          giveGradients(copied, t);
          resumed.step();
          expect(copied.map(({ data }) => data)).toEqual(params.map(({ data }) => data));
        }
      }
      for (const { resumed } of copies) expect(resumed.stateDict()).toEqual(original.stateDict());
      expect(saved).toEqual(before);
    });
  });

  describe(name, () => {
    it("has the reference's defaults", () => {
      expect(make([scalar()]).defaults).toMatchObject(optionsOf(defaults));
    });

    it("leaves a parameter without a gradient alone", () => {
      const still = scalar();
      const made = make([still, scalar(1, 0.5)]);
      const before = made.stateDict().state[0];
      made.step();
      expect(still.data[0]).toBe(1);
      expect(made.stateDict().state[0]).toEqual(before);
      expect(before !== undefined).toBe(optimizer.isEager ?? false);
    });

    it("does not move on a gradient of zero, where nothing decays, though that is a step", () => {
      const parameter = scalar(1, 0);
      const made = make([parameter], undecayed);
      made.step();
      expect(parameter.data[0]).toBe(1);
      const { step = 1 } = (made.stateDict().state[0] ?? {}) as { step?: number };
      expect(step).toBe(1);
    });

    it.runIf("maximize" in defaults)(
      "climbs with maximize where it descends without (skipped where there is no such option)",
      () => {
        const [down, up] = [scalar(0, 0.5), scalar(0, 0.5)];
        make([down]).step();
        make([up], { maximize: true }).step();
        expect(down.data[0]).toBeLessThan(0);
        expect(up.data[0]).toBe(-(down.data[0] ?? 0));
      },
    );

    it("lets a group have options of its own, down to not moving at all", () => {
      const [still, free] = [scalar(1, 1), scalar(1, 1)];
      const groups = [{ params: [still], ...frozen }, { params: free }] as unknown as Iterable<Parameter>;
      make(groups, { lr: 0.1 }).step();
      expect(still.data[0]).toBe(1);
      expect(free.data[0]).toBeLessThan(1);
    });

    it.skipIf(optimizer.hasOwnRates)(
      "obeys a rate changed between steps (skipped where lr is only the first step size)",
      () => {
        const parameter = scalar(1, 1);
        const made = make([parameter], { lr: 0.1 });
        for (const group of made.paramGroups) group.lr = 0;
        made.step();
        expect(parameter.data[0]).toBe(1);
      },
    );

    it("refuses gradients by rows, or takes them", () => {
      const parameter = scalar(1);
      parameter.grad = { indices: [0], values: Float64Array.of(1) };
      const made = make([parameter], { lr: 0.1, ...undecayed });
      const takesRows = reference.row_cases.some((each) => each.optimizer === name);
      if (takesRows) made.step();
      else
        expect(() => made.step()).toThrow(
          `has a gradient by rows (rowGradient, or an embedding with sparse), which ${name} does not take.`,
        );
      expect(parameter.data[0] === 1).toBe(!takesRows);
    });

    it("knows its options by name, and what was meant by another", () => {
      const unknown = (key: string) => () => make([scalar()], { [key]: 0 });
      expect(unknown("learningRate")).toThrow(`${name}: there is no option learningRate. Did you mean lr?`);
      for (const option of Object.keys(optionsOf(defaults)).filter((key) => key !== snakeCase(key))) {
        const meant = `${name}: there is no option ${snakeCase(option)}. Did you mean ${option}?`;
        expect(unknown(snakeCase(option))).toThrow(meant);
        expect(() => make([{ params: scalar(), [snakeCase(option)]: 0 }] as never)).toThrow(meant);
      }
      expect(unknown("colour")).toThrow(`${name}: there is no option colour. The options are `);
    });

    it("loads a state dict from before some options existed", () => {
      const [params, others] = [parametersOf("float64"), parametersOf("float64")];
      const [restored, untouched] = [make(params), make(others)];
      const saved = restored.stateDict();
      const missing = addedLater.filter((key) => !defaults[key]);
      for (const group of saved.param_groups) for (const key of missing) delete group[key];
      restored.loadStateDict(saved);
      expect(restored.stateDict()).toEqual(untouched.stateDict());
      for (let t = 0; t < 3; t++) {
        for (const each of [params, others]) giveGradients(each, t);
        for (const each of [restored, untouched]) each.step();
      }
      expect(params.map(({ data }) => data)).toEqual(others.map(({ data }) => data));
    });

    const descend = (
      start: Float64Array,
      options: object,
      steps: number,
      gradientOf: (x: Float64Array) => Float64Array,
    ): Float64Array => {
      const parameter = vector(start);
      const made = make([parameter], { ...undecayed, ...options });
      const rates = made.paramGroups.map(({ lr }) => lr);
      for (let k = 0; k < steps; k++) {
        if (optimizer.needsSchedule) {
          made.paramGroups.forEach((group, i) => {
            group.lr = Number(rates[i]) * (1 - k / steps);
          });
        }
        parameter.grad = gradientOf(parameter.data);
        made.step();
      }
      optimizer.finish?.();
      return parameter.data;
    };

    it("finds the minimum of a parabola", () => {
      // f = Σ (xᵢ - i)², i from 1.
      const found = descend(Float64Array.of(3, -2), parabola, 500, (x) => x.map((xi, i) => 2 * (xi - (i + 1))));
      expectClose(found, [1, 2], 1e-3);
    });

    it("finds the minimum of Rosenbrock's valley", () => {
      const found = descend(Float64Array.of(-1.2, 1), rosenbrock, 5000, ([x = 0, y = 0]) =>
        Float64Array.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)),
      );
      // The valley's floor is so flat that those without momentum are still on their way after 5,000 steps.
      expectClose(found, [1, 1], 2e-2);
    });
  });
}
