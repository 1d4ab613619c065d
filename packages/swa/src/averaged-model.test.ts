import { describe, expect, it, vi } from "vitest";
import { forms, kinds, type MakeNumbers, type Numbers, numbersOf, PlainModel, reference } from "../test/plain-model.ts";
import { PlainTensor } from "../test/plain-tensor.ts";
import {
  type Averageable,
  AveragedModel,
  type AveragedModelOptions,
  getEmaAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
} from "./index.ts";

type Options = Omit<AveragedModelOptions<PlainModel<Averageable>>, "copy">;

/** What PyTorch has of a whole number it averages, and we copy. */
const count = "module.1.num_batches_tracked";

// Both sides compute in float64; ten updates lose a few units of the sixteenth digit, and the reference has fifteen.
function expectNumbers(got: ReadonlyMap<string, unknown>, expected: Numbers | undefined): void {
  expect([...got.keys()]).toEqual(Object.keys(expected ?? {}));
  for (const [name, value] of got) {
    const numbers = numbersOf(value);
    expect(numbers).toHaveLength(expected?.[name]?.length ?? -1);
    numbers.forEach((each, i) => {
      expect(Math.abs(each - (expected?.[name]?.[i] ?? Number.NaN)), `${name}[${i}]`).toBeLessThan(1e-13);
    });
  }
}

const updated = (
  averaged: AveragedModel<PlainModel<Averageable>>,
  model: PlainModel<Averageable>,
  from = 0,
  to = 10,
) => {
  for (const numbers of reference.models.slice(from, to)) {
    model.become(numbers);
    averaged.updateParameters(model);
  }
};

describe.each(Object.entries<MakeNumbers<Averageable>>(kinds))("AveragedModel of %s", (_, make) => {
  describe.each(["by themselves", "in a copy"])("with averages %s", (place) => {
    const withPlace = (options: Options = {}): AveragedModelOptions<PlainModel<Averageable>> =>
      place === "in a copy" ? { ...options, copy: () => new PlainModel(make) } : options;

    it.each(reference.cases)("follows PyTorch, $form, useBuffers $useBuffers", ({ form, useBuffers, after }) => {
      const model = new PlainModel(make);
      const averaged = new AveragedModel(model, withPlace({ ...forms[form], useBuffers }));
      reference.models.forEach((numbers, k) => {
        model.become(numbers);
        averaged.updateParameters(model);
        const expected = after[k + 1];
        if (expected)
          expectNumbers(averaged.stateDict(), { ...expected, [count]: numbers["1.num_batches_tracked"] ?? [] });
        expect(model.numbers()).toEqual(numbers);
      });
      expect(averaged.nAveraged).toBe(10);
    });

    it("is what the model was at construction, until the first update", () => {
      const model = new PlainModel(make);
      model.become(reference.models[3]);
      const averaged = new AveragedModel(model, withPlace());
      model.become(reference.models[4]);
      const expected = Object.entries(reference.models[3] ?? {}).map(([name, numbers]) => [`module.${name}`, numbers]);
      expectNumbers(averaged.stateDict(), { n_averaged: [0], ...Object.fromEntries(expected) });
    });

    it("resumes from PyTorch's state and from its own, bit for bit", () => {
      const { after } = reference.cases.find(({ form, useBuffers }) => form === "default" && useBuffers) ?? {};
      const model = new PlainModel(make);
      const averaged = new AveragedModel(model, withPlace({ useBuffers: true }));
      const saved = Object.entries(after?.[5] ?? {}).map(([name, data]) => {
        const shape = reference.shapes[name.replace("module.", "")] ?? [];
        return [name, { shape, data }] as const;
      });
      expect(averaged.loadStateDict(new Map(saved))).toEqual({ missingKeys: [], unexpectedKeys: [] });
      expect(averaged.nAveraged).toBe(5);
      updated(averaged, model, 5, 7);

      const other = new AveragedModel(new PlainModel(make), withPlace({ useBuffers: true }));
      other.loadStateDict(savedAs(averaged.stateDict()));
      updated(averaged, model, 7, 10);
      updated(other, model, 7, 10);
      const numbers = [...averaged.stateDict()].map(([name, value]) => [name, numbersOf(value)]);
      expect([...other.stateDict()].map(([name, value]) => [name, numbersOf(value)])).toEqual(numbers);
      expectNumbers(other.stateDict(), { ...after?.[10], [count]: [28] });
    });

    it("lends the averages to the model, and gives its own numbers back", () => {
      const model = new PlainModel(make);
      const averaged = new AveragedModel(model, withPlace());
      updated(averaged, model);
      const [own] = [model.numbers()];
      const averages = Object.fromEntries([...averaged.stateDict()].map(([name, value]) => [name, numbersOf(value)]));
      const lent = (): Record<string, number[]> =>
        Object.fromEntries(Object.entries(model.numbers()).map(([name, numbers]) => [`module.${name}`, numbers]));
      const { n_averaged: _, ...expected } = averages;

      expect(averaged.swapped(() => lent())).toEqual(expected);
      expect(model.numbers()).toEqual(own);
      {
        using _ = averaged.swapped();
        expect(lent()).toEqual(expected);
      }
      expect(model.numbers()).toEqual(own);
      averaged.applyTo();
      expect(lent()).toEqual(expected);
    });

    it("leaves nothing behind in memory", () => {
      const model = new PlainModel(make);
      const averaged = new AveragedModel(model, withPlace({ avgFn: getEmaAvgFn(0.5), useBuffers: true }));
      const { live } = PlainTensor;
      updated(averaged, model);
      averaged.swapped(() => {});
      averaged.applyTo();
      expect(PlainTensor.live).toBe(live);
    });
  });
});

/** As a file would give it back. */
const savedAs = (state: ReadonlyMap<string, unknown>): Map<string, unknown> =>
  new Map([...state].map(([name, value]) => [name, value instanceof PlainTensor ? value : structuredClone(value)]));

const single = (...numbers: number[]) => {
  const w = Float32Array.from(numbers);
  return { w, model: { namedParameters: () => [["w", w] as const] } };
};

describe("AveragedModel", () => {
  it("takes the first model as it is, then asks the function, with the number of models so far", () => {
    const { w, model } = single(1);
    const avgFn = vi.fn((average: Float32Array, value: Float32Array) => average.map((a, i) => a + (value[i] ?? 0)));
    const averaged = new AveragedModel(model, { avgFn });
    for (const value of [2, 3, 4]) {
      w[0] = value;
      averaged.updateParameters();
    }
    expect(avgFn.mock.calls.map((call) => call.at(2))).toEqual([1, 2]);
    expect([...averaged.namedParameters()]).toEqual([["module.w", Float32Array.of(9)]]);
    expect(w).toEqual(Float32Array.of(4));
  });

  it("gives a function for many the parameters of one dtype and device at a time", () => {
    const tensor = (dtype: string, device: string): PlainTensor =>
      new PlainTensor([1], Float64Array.of(1), { dtype, device });
    const values = [
      tensor("float32", "here"),
      tensor("float64", "here"),
      tensor("float32", "there"),
      tensor("float32", "here"),
    ];
    const model = { namedParameters: () => values.map((value, i) => [`p${i}`, value] as const) };
    const groups: string[] = [];
    const multiAvgFn = (averages: readonly PlainTensor[], values: readonly PlainTensor[], n: number): void => {
      groups.push(`${averages.map(({ dtype, device }) => `${dtype} ${device}`)} of ${values.length} after ${n}`);
    };
    const averaged = new AveragedModel(model, { multiAvgFn });
    averaged.updateParameters();
    expect(groups).toEqual([]);
    averaged.updateParameters();
    expect(groups).toEqual([
      "float32 here,float32 here of 2 after 1",
      "float64 here of 1 after 1",
      "float32 there of 1 after 1",
    ]);
  });

  it("keeps averages in their own dtype, where the model changed its", () => {
    const make = (dtype: string) => {
      const w = new PlainTensor([1], Float64Array.of(2), { dtype });
      return { namedParameters: () => [["w", w] as const] };
    };
    const averaged = new AveragedModel(make("float32"));
    const { live } = PlainTensor;
    averaged.updateParameters();
    averaged.updateParameters(make("float16"));
    expect(PlainTensor.live).toBe(live + 1);
    expect([...averaged.namedParameters()].map(([, { dtype }]) => dtype)).toEqual(["float32"]);
  });

  it("averages what is shared once, and saves it under all its names", () => {
    const [w, other] = [Float32Array.of(1), Float32Array.of(1)];
    const shared = (array: Float32Array) => ({
      namedParameters: ({ removeDuplicate = true } = {}) =>
        removeDuplicate ? [["a", array] as const] : [["a", array] as const, ["b", array] as const],
    });
    const averaged = new AveragedModel(shared(w), { copy: () => shared(other) });
    averaged.updateParameters();
    w[0] = 2;
    averaged.updateParameters();
    expect([...averaged.stateDict()].slice(1)).toEqual([
      ["module.a", Float32Array.of(1.5)],
      ["module.b", Float32Array.of(1.5)],
    ]);
    // A model that gives both names anyway.
    const always = { namedParameters: () => [["a", w] as const, ["b", w] as const] };
    expect([
      ...new AveragedModel(always, {
        copy: () => ({ ...shared(other), namedParameters: () => [["a", other] as const, ["b", other] as const] }),
      })
        .stateDict()
        .keys(),
    ]).toEqual(["n_averaged", "module.a", "module.b"]);
  });

  it("calls buffers without names by their number", () => {
    const { model } = single(1);
    const averaged = new AveragedModel({ ...model, buffers: () => [Int32Array.of(5)] });
    expect([...averaged.namedBuffers()]).toEqual([["module.buffers.0", Int32Array.of(5)]]);
    expect([...averaged.stateDict().keys()]).toEqual(["n_averaged", "module.w", "module.buffers.0"]);
  });

  it("saves what the model saves: in its order, without buffers that are not in its state dict", () => {
    const [a, b, state, cache] = [1, 2, 3, 4].map((each) => Float32Array.of(each)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const model = {
      namedParameters: () => [["a", a] as const, ["b", b] as const],
      namedBuffers: () => [["state", state] as const, ["cache", cache] as const],
      stateDict: () => ({ b, state, somethingElse: 1 }),
    };
    expect([...new AveragedModel(model).stateDict().keys()]).toEqual([
      "n_averaged",
      "module.b",
      "module.state",
      "module.a",
    ]);
  });

  it("runs the copy, which has the averages", () => {
    class Scale {
      readonly w = new Float32Array(1);
      namedParameters(): [string, Float32Array][] {
        return [["w", this.w]];
      }
      forward(x: number, plus = 0): number {
        return x * (this.w[0] ?? 0) + plus;
      }
    }
    const model = new Scale();
    const averaged = new AveragedModel(model, { copy: () => new Scale() });
    for (const value of [1, 3]) {
      model.w[0] = value;
      averaged.updateParameters(model);
    }
    expect([averaged.forward(10), averaged.forward(10, 5), averaged.module.forward(10), model.forward(10)]).toEqual([
      20, 25, 20, 30,
    ]);
    expect(() => new AveragedModel(model).forward(10)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel: there is no copy of the model to run. Give one, { copy: () => new Net() }, or lend the averages to the model: averaged.swapped((model) => ...).]`,
    );
  });
});

describe("swapped", () => {
  it("gives back when the promise settles, and when the body throws", async () => {
    const { w, model } = single(1);
    const averaged = new AveragedModel(model);
    w[0] = 2;
    const later = averaged.swapped(async (lent) => {
      expect(lent).toBe(model);
      await Promise.resolve();
      return w[0];
    });
    expect(w[0]).toBe(1);
    expect(await later).toBe(1);
    expect(w[0]).toBe(2);

    const failing = averaged.swapped(async () => {
      await Promise.resolve();
      throw new Error("later");
    });
    await expect(failing).rejects.toThrow("later");
    expect(w[0]).toBe(2);
    expect(() =>
      averaged.swapped(() => {
        throw new Error("now");
      }),
    ).toThrow("now");
    expect(w[0]).toBe(2);
  });

  it("lets the averages have what became of buffers, and forgets what became of parameters", () => {
    const { w, model } = single(1);
    const mean = Float32Array.of(10);
    const averaged = new AveragedModel({ ...model, namedBuffers: () => [["mean", mean] as const] });
    [w[0], mean[0]] = [2, 20];
    averaged.swapped(() => {
      [w[0], mean[0]] = [3, 30];
    });
    expect([w[0], mean[0]]).toEqual([2, 20]);
    expect([...averaged.namedParameters(), ...averaged.namedBuffers()]).toEqual([
      ["module.w", Float32Array.of(1)],
      ["module.mean", Float32Array.of(30)],
    ]);
  });

  it("closes once", () => {
    const { w, model } = single(1);
    const averaged = new AveragedModel(model);
    const guard = averaged.swapped();
    guard.close();
    w[0] = 7;
    guard.close();
    expect(w[0]).toBe(7);
  });

  it("refuses what makes no sense meanwhile", () => {
    const averaged = new AveragedModel(single(1).model);
    using _ = averaged.swapped();
    expect(() => averaged.updateParameters()).toThrowErrorMatchingInlineSnapshot(
      `[Error: AveragedModel.updateParameters: the model has the averages at this moment, lent by swapped(). Wait until it has its own numbers back.]`,
    );
    for (const act of [() => averaged.swapped(), () => averaged.applyTo(), () => averaged.loadStateDict({})]) {
      expect(act).toThrow("lent by swapped()");
    }
  });
});

describe("a wrong model, option or state", () => {
  it("is told of at construction", () => {
    const { model, w } = single(1, 2);
    const make =
      (given: unknown, options: object = {}) =>
      () =>
        Reflect.construct(AveragedModel, [given, options]);
    expect(make({})).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel: the model has no namedParameters(). Give a module, or { namedParameters: () => [["weight", array]] }.]`,
    );
    expect(make({ namedParameters: () => [["w", [1, 2]]] })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel: w is neither a typed array nor a tensor with detach(), zeros(), copy_() and lerp_().]`,
    );
    expect(make(model, { avgFn: getSwaAvgFn(), multiAvgFn: getSwaMultiAvgFn() })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel: give avgFn or multiAvgFn, not both.]`,
    );
    expect(make(model, { avg_fn: getSwaAvgFn() })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AveragedModel: no option avg_fn. Did you mean avgFn?]`,
    );
    expect(make(model, { useBuffers: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AveragedModel: useBuffers must be true or false, got 1.]`,
    );
    expect(make(model, { copy: model })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: AveragedModel: copy must be a function, got [object Object].]`,
    );
    expect(make(model, { copy: () => model })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel: copy made a model that shares parameters with the given one. Make a new one: copy: () => new Net().]`,
    );
    expect(make(model, { copy: () => single(1).model })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: AveragedModel: copy: w of the model has the shape [2], its average [1]. They need the same structure.]`,
    );
    expect(
      make(model, { copy: () => ({ ...model, namedBuffers: () => [["b", w.slice()]] }) }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: AveragedModel: copy: the model has 0 buffers, the averaged one 1. They need the same structure.]`,
    );
  });

  it("is told of at an update, which changes nothing", () => {
    const { model } = single(1, 2);
    const averaged = new AveragedModel(model);
    expect(() => averaged.updateParameters(single(1).model)).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: AveragedModel.updateParameters: w of the model has the shape [1], its average [2]. They need the same structure.]`,
    );
    expect(() => averaged.updateParameters({ namedParameters: () => [] })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: AveragedModel.updateParameters: the model has 0 parameters, the averaged one 1. They need the same structure.]`,
    );
    expect(averaged.nAveraged).toBe(0);
    const wrong = new AveragedModel(model, { avgFn: (() => {}) as never });
    wrong.updateParameters();
    expect(() => wrong.updateParameters()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel: avgFn must return the next average, got undefined.]`,
    );
  });

  it("lists all that is wrong with a state, and loads nothing", () => {
    const { model } = single(1, 2);
    const averaged = new AveragedModel(model);
    const load =
      (state: unknown, options = {}) =>
      () =>
        averaged.loadStateDict(state as Map<string, unknown>, options);
    expect(load({ n_averaged: 1.5, w: [1, 2] })).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for AveragedModel:
      	Missing key(s) in state_dict: "module.w".
      	Unexpected key(s) in state_dict: "w".
      	n_averaged must be a whole number from 0 up, or { shape, data } with one.
      	Nothing was loaded.]
    `);
    expect(load({ n_averaged: 3, "module.w": [1] })).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for AveragedModel:
      	module.w has 1 numbers, the model's 2.
      	Nothing was loaded.]
    `);
    expect(load({ n_averaged: 3, "module.w": "zeros" })).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for AveragedModel:
      	module.w must be a typed array, a list of numbers or { shape, data }.
      	Nothing was loaded.]
    `);
    expect(load(null)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: AveragedModel.loadStateDict: the state dict is null. Give a Map or an object of tensors by name.]`,
    );
    expect(averaged.nAveraged).toBe(0);
    expect(load({ "module.w": [5, 6], more: 1 }, { strict: false })()).toEqual({
      missingKeys: ["n_averaged"],
      unexpectedKeys: ["more"],
    });
    expect([...averaged.namedParameters()]).toEqual([["module.w", Float32Array.of(5, 6)]]);

    const tensors = new AveragedModel(new PlainModel(kinds.tensors));
    const given = (value: unknown) => () => tensors.loadStateDict({ "module.0.weight": value }, { strict: false });
    expect(given({ shape: [3, 2], data: [] })).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for AveragedModel:
      	module.0.weight has shape [3, 2], the model's [2, 3].
      	Nothing was loaded.]
    `);
    expect(given([1, 2])).toThrowErrorMatchingInlineSnapshot(`
      [Error: Error(s) in loading state_dict for AveragedModel:
      	module.0.weight must be a tensor or { shape, data }.
      	Nothing was loaded.]
    `);
  });

  it("takes the count as a number, and as tensors of all kinds", () => {
    const averaged = new AveragedModel(single(1).model);
    const w = [1];
    for (const [i, n_averaged] of [7, 8n, { shape: [], data: [9] }, { itemSync: () => 10 }].entries()) {
      averaged.loadStateDict({ n_averaged, "module.w": w });
      expect(averaged.nAveraged).toBe(7 + i);
    }
  });
});
