import { describe, expect, it, vi } from "vitest";
import { problems } from "../../test/lbfgs-problems.ts";
import { lbfgs, optionsOf } from "../../test/reference.ts";
import { expectClose } from "../../test/trajectories.ts";
import { type ArrayParameter, arrayParameter } from "../array-parameter.ts";
import type { FloatArray } from "../array-shape.ts";
import type { OptimizerStateDict } from "../state-dict.ts";
import { LBFGS, type LBFGSOptions } from "./lbfgs.ts";

const arrays = { float32: Float32Array, float64: Float64Array };

const startOf = (name: string, dtype: keyof typeof arrays = "float64"): ArrayParameter[] =>
  (lbfgs.starts[name] ?? []).map((numbers) => {
    const data = arrays[dtype].from(numbers.flat());
    return arrayParameter<FloatArray>(data, {
      shape: Array.isArray(numbers[0]) ? [numbers.length, 1] : [numbers.length],
    });
  });

/** @param isFirst - whether it is the first evaluation of a run, in which `split` has no gradient for its second parameter */
function closureOf(name: string, params: readonly ArrayParameter[], isFirst = true): () => number {
  let isNew = isFirst;
  return () => {
    const evaluated = problems[name]?.(...params.map(({ data }) => data));
    for (const [i, parameter] of params.entries()) {
      const gradient = evaluated?.gradients[i] ?? [];
      const Kind = parameter.data instanceof Float32Array ? Float32Array : Float64Array;
      parameter.grad = isNew && name === "split" && i === 1 ? null : Kind.from(gradient);
    }
    isNew = false;
    return evaluated?.loss ?? Number.NaN;
  };
}

const stateOf = (optimizer: LBFGS): Record<string, unknown> => optimizer.stateDict().state[0] ?? {};

// As PyTorch's others, 1e-12 and 1e-6, and what the run itself makes of a difference in the last bit: up to 20 times what torch makes of the last
// bit of the start, for we round in more places than one.
const boundOf = (dtype: keyof typeof arrays, shaken: number): number =>
  (dtype === "float64" ? 1e-12 : 1e-6) + 20 * shaken;

describe.each(lbfgs.runs)("LBFGS on $function in $dtype with $kwargs", (run) => {
  const { function: name, kwargs, dtype, trace, state_dict_after_2: half } = run;

  it("goes where PyTorch goes, with as many evaluations and iterations, and saves PyTorch's state", async () => {
    const params = startOf(name, dtype);
    const optimizer = new LBFGS(params, optionsOf(kwargs));
    const closure = closureOf(name, params);
    for (const [k, expected] of trace.entries()) {
      const loss = await optimizer.step(closure);
      const bound = boundOf(dtype, Math.max(expected.shaken, trace[k - 1]?.shaken ?? 0));
      // Losses are of the size of 25, and float32 has them to 1e-6 of that.
      expectClose([loss], [expected.loss], 10 * bound);
      params.forEach(({ data }, i) => void expectClose(data, expected.params[i], bound));
      expect(stateOf(optimizer)).toMatchObject({ func_evals: expected.func_evals, n_iter: expected.n_iter });
      if (k === 1) expectState(optimizer.stateDict(), half, dtype, expected.shaken);
    }
  });

  it("goes on from PyTorch's state", async () => {
    const params = startOf(name, dtype);
    const optimizer = new LBFGS(params, { lr: 123 });
    params.forEach(({ data }, i) => void data.set(trace[1]?.params[i] ?? []));
    optimizer.loadStateDict(half);
    const closure = closureOf(name, params, false);
    for (const expected of trace.slice(2)) {
      await optimizer.step(closure);
      params.forEach(({ data }, i) => void expectClose(data, expected.params[i], boundOf(dtype, expected.shaken)));
      expect(stateOf(optimizer)).toMatchObject({ func_evals: expected.func_evals, n_iter: expected.n_iter });
    }
  });

  it("resumes bit for bit, from JSON too, without sharing memory", async () => {
    const params = startOf(name, dtype);
    const optimizer = new LBFGS(params, optionsOf(kwargs));
    const closure = closureOf(name, params);
    await optimizer.step(closure);
    const saved = optimizer.stateDict();
    const before = structuredClone(saved);
    const viaJson: OptimizerStateDict = JSON.parse(
      JSON.stringify(saved, (_, value) => (ArrayBuffer.isView(value) ? [...(value as FloatArray)] : value)),
    );
    const copies = [saved, viaJson].map((state) => {
      const copied = params.map(({ data, shape }) => arrayParameter<FloatArray>(data.slice(), { shape }));
      const resumed = new LBFGS(copied);
      resumed.loadStateDict(state);
      return { copied, resumed };
    });
    for (let k = 0; k < 2; k++) {
      await optimizer.step(closure);
      for (const { copied, resumed } of copies) {
        await resumed.step(closureOf(name, copied, false));
        expect(copied.map(({ data }) => data)).toEqual(params.map(({ data }) => data));
      }
    }
    // JSON has no -0, which is all that it may lose.
    expect(copies[0]?.resumed.stateDict()).toEqual(optimizer.stateDict());
    expect(saved).toEqual(before);
  });
});

/** Everything that torch keeps is there, in its shape, and near to its numbers. */
function expectState(
  got: OptimizerStateDict,
  half: OptimizerStateDict,
  dtype: keyof typeof arrays,
  shaken: number,
): void {
  const [group] = got.param_groups;
  // PyTorch has `maximize` since 2.14.
  expect(group).toEqual({ ...half.param_groups[0], maximize: false });
  const state: Record<string, unknown> = got.state[0] ?? {};
  const expected: Record<string, unknown> = half.state[0] ?? {};
  expect(Object.keys(state).sort()).toEqual(Object.keys(expected).sort());
  const shapesIn = (value: unknown): unknown => (Array.isArray(value) ? value.map(shapesIn) : shapeOf(value));
  for (const name of ["d", "old_dirs", "old_stps", "ro", "H_diag", "prev_flat_grad"]) {
    expect(shapesIn(state[name])).toEqual(shapesIn(expected[name]));
  }
  const numbers = (value: unknown): number[] => Array.from((value as { data: ArrayLike<number> }).data);
  // A gradient here is up to 1e3 times as far off as the point is.
  expectClose(numbers(state.prev_flat_grad), numbers(expected.prev_flat_grad), 1e3 * boundOf(dtype, shaken));
}

const shapeOf = (value: unknown): unknown => (value as { shape?: unknown }).shape;

describe("LBFGS", () => {
  const parabola =
    (w: ArrayParameter, closure: (loss: number) => unknown = (loss) => loss) =>
    (): unknown => {
      w.grad = Float64Array.from(w.data, (x, i) => 2 * (x - i));
      return closure(Array.from(w.data).reduce((sum, x, i) => sum + (x - i) ** 2, 0));
    };
  const start = (): ArrayParameter => arrayParameter<FloatArray>(Float64Array.of(3, -2));

  it("has PyTorch's defaults, and counts evaluations from iterations", () => {
    const { max_eval: _, ...defaults } = lbfgs.defaults;
    expect(new LBFGS([start()]).defaults).toEqual({ ...optionsOf(defaults), maxEval: 25, maximize: false });
    expect(new LBFGS([start()], { maxIter: 7 }).defaults.maxEval).toBe(8);
    expect(new LBFGS([start()], { maxIter: 7, maxEval: 3 }).defaults.maxEval).toBe(3);
  });

  it("saves its state in PyTorch's order", async () => {
    const w = start();
    const optimizer = new LBFGS([w], { lr: 0.1 });
    await optimizer.step(parabola(w));
    expect(Object.keys(stateOf(optimizer))).toEqual([
      "func_evals",
      "n_iter",
      "d",
      "t",
      "old_dirs",
      "old_stps",
      "ro",
      "H_diag",
      "al",
      "prev_flat_grad",
      "prev_loss",
    ]);
  });

  it.each<[string, (loss: number) => unknown]>([
    ["a number", (loss) => loss],
    ["a promise", async (loss) => loss],
    ["something with item()", (loss) => ({ item: async () => loss, itemSync: () => Number.NaN })],
    ["something with itemSync()", (loss) => ({ itemSync: () => loss })],
  ])("takes %s as the loss, and resolves to what the closure returned first", async (_, wrap) => {
    const w = start();
    const returned: unknown[] = [];
    const loss = await new LBFGS([w]).step(
      parabola(w, (number) => {
        returned.push(wrap(number));
        return returned.at(-1);
      }),
    );
    // The parabola's minimum, from tolerances of 1e-7 and 1e-9.
    expectClose(w.data, [0, 1], 1e-7);
    expect(returned.length).toBeGreaterThan(1);
    expect(loss).toBe(await returned[0]);
  });

  it("climbs with maximize, just as it descends the mirrored loss", async () => {
    const [down, up] = [start(), start()];
    const rose = problems.rosen as NonNullable<typeof problems.rosen>;
    for (const [w, sign] of [
      [down, 1],
      [up, -1],
    ] as const) {
      const optimizer = new LBFGS([w], { maximize: sign < 0, lineSearchFn: "strong_wolfe" });
      const loss = await optimizer.step(() => {
        const { loss, gradients } = rose(w.data);
        w.grad = Float64Array.from(gradients[0] ?? [], (g) => sign * g);
        return sign * loss;
      });
      expect(loss).toBe(sign * rose([3, -2]).loss);
    }
    expect(up.data).toEqual(down.data);
  });

  it("evaluates once where there is nothing to do, and keeps only the count", async () => {
    const w = arrayParameter<FloatArray>(Float64Array.of(0, 1));
    const optimizer = new LBFGS([w]);
    const closure = vi.fn(parabola(w));
    expect(await optimizer.step(closure)).toBe(0);
    expect(closure).toHaveBeenCalledTimes(1);
    expect(w.data).toEqual(Float64Array.of(0, 1));
    expect(stateOf(optimizer)).toEqual({ func_evals: 1, n_iter: 0 });
  });

  it("leaves a parameter that never has a gradient alone", async () => {
    const [w, still] = [start(), start()];
    await new LBFGS([still, w], { lineSearchFn: "strong_wolfe" }).step(parabola(w));
    expect(still.data).toEqual(start().data);
    expectClose(w.data, [0, 1], 1e-7);
  });

  it("finds the minimum of Rosenbrock's valley", async () => {
    const w = arrayParameter<FloatArray>(Float64Array.of(-1.2, 1));
    const options: LBFGSOptions = { lineSearchFn: "strong_wolfe", maxIter: 100, toleranceChange: 1e-16 };
    await new LBFGS([w], options).step(closureOf("rosen", [w]));
    // Where the gradient is below 1e-7, the smallest curvature being 0.4.
    expectClose(w.data, [1, 1], 1e-6);
  });

  it("remembers no more moves than it should, and fewer after a smaller history was loaded", async () => {
    const w = arrayParameter<FloatArray>(Float64Array.of(-1.2, 1));
    const optimizer = new LBFGS([w], { lr: 0.1, maxIter: 8 });
    await optimizer.step(closureOf("rosen", [w]));
    expect(stateOf(optimizer)).toMatchObject({ old_dirs: { length: 7 }, ro: { length: 7 } });
    const saved = optimizer.stateDict();
    for (const group of saved.param_groups) group.history_size = 3;
    optimizer.loadStateDict(saved);
    await optimizer.step(closureOf("rosen", [w]));
    const lengths = { old_dirs: { length: 3 }, old_stps: { length: 3 }, ro: { length: 3 }, al: { length: 3 } };
    expect(stateOf(optimizer)).toMatchObject(lengths);
  });

  it("runs its hooks before and after the whole step", async () => {
    const w = start();
    const optimizer = new LBFGS([w]);
    const closure = vi.fn(parabola(w));
    const calls: number[] = [];
    optimizer.registerStepPreHook(() => void calls.push(closure.mock.calls.length));
    optimizer.registerStepPostHook(() => void calls.push(closure.mock.calls.length));
    await optimizer.step(closure);
    expect(calls).toEqual([0, closure.mock.calls.length]);
  });

  it("says what is wrong with a closure, and goes on afterwards", async () => {
    const w = start();
    const optimizer = new LBFGS([w]);
    await expect(Reflect.apply(optimizer.step, optimizer, [])).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: LBFGS.step: needs a closure that computes the loss and its gradients: await optimizer.step(() => { optimizer.zeroGrad(); const loss = ...; loss.backward(); return loss; }).]`,
    );
    await expect(optimizer.step(parabola(w, () => undefined))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: LBFGS.step: the closure must return the loss, a number or a tensor of one element, but returned undefined. End it with: return loss.]`,
    );
    await expect(optimizer.step(parabola(w, () => ({ loss: 1 })))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: LBFGS.step: the closure must return the loss, a number or a tensor of one element, but returned something else. End it with: return loss.]`,
    );
    const first = optimizer.step(parabola(w));
    await expect(optimizer.step(parabola(w))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: LBFGS.step: the step before has not ended. Await each: await optimizer.step(closure).]`,
    );
    await first;
    expectClose(w.data, [0, 1], 1e-7);
  });

  it("goes back to where a line search started when the closure fails in it", async () => {
    const w = start();
    const optimizer = new LBFGS([w], { lineSearchFn: "strong_wolfe" });
    const closure = vi.fn(
      parabola(w, (loss) => {
        if (closure.mock.calls.length === 2) throw new Error("out of memory");
        return loss;
      }),
    );
    await expect(optimizer.step(closure)).rejects.toThrow("out of memory");
    expect(w.data).toEqual(start().data);
    await optimizer.step(closure);
    expectClose(w.data, [0, 1], 1e-7);
  });

  it("refuses parameter groups, from the start and later", () => {
    const make = () => new LBFGS([{ params: start() }, { params: start(), lr: 0.1 }]);
    expect(make).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: LBFGS: doesn't support per-parameter options (parameter groups): it sees all parameters as one point. Put them into one list.]`,
    );
    const optimizer = new LBFGS([{ params: start() }]);
    expect(() => optimizer.addParamGroup({ params: start() })).toThrow(RangeError);
  });

  it("names an option that is wrong", () => {
    const make = (options: LBFGSOptions) => () => new LBFGS([start()], options);
    expect(make({ lr: -1 })).toThrowErrorMatchingInlineSnapshot(`[OptionError: LBFGS: lr must be 0 or more, got -1.]`);
    expect(make({ maxIter: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LBFGS: maxIter must be a whole number from 1, got 0.]`,
    );
    expect(make({ maxEval: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LBFGS: maxEval must be a whole number from 1, got 1.5.]`,
    );
    expect(make({ toleranceGrad: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LBFGS: toleranceGrad must be 0 or more, got NaN.]`,
    );
    expect(make({ toleranceChange: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LBFGS: toleranceChange must be 0 or more, got -1.]`,
    );
    expect(make({ historySize: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LBFGS: historySize must be a whole number from 1, got 0.]`,
    );
    expect(make({ lineSearchFn: JSON.parse('"wolfe"') })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: LBFGS: lineSearchFn must be null or "strong_wolfe", got "wolfe".]`,
    );
  });
});
