// Averaged models and updateBn on modules, which their package may not import: the numbers of PyTorch, in both precisions.
import { readFileSync } from "node:fs";
import { DataLoader, TensorDataset } from "@anneal/data";
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  evaluate,
  InstanceNorm1d,
  Linear,
  Module,
  ReLU,
  Sequential,
} from "@anneal/nn";
import { SGD } from "@anneal/optim";
import { AveragedModel, getEmaMultiAvgFn, SWALR, updateBn } from "@anneal/swa";
import {
  type Device,
  defaultDevice,
  keep,
  memory,
  noGrad,
  ones,
  randn,
  scope,
  setDefaultDevice,
  Tensor,
  tensor,
} from "@anneal/tensor";
import { reference as float64 } from "@anneal/tensor/reference";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { reference as averages, forms, type Numbers } from "../../packages/swa/test/plain-model.ts";

interface Shaped {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

// Recorded from torch 2.13.0 by packages/swa/reference/generate.py.
const batchNorms = JSON.parse(
  readFileSync(new URL("../../packages/swa/reference/update_bn.json", import.meta.url), "utf8"),
) as {
  readonly cases: readonly {
    readonly net: "dense" | "convolutional";
    readonly state: Readonly<Record<string, Shaped>>;
    readonly batches: readonly Shaped[];
    readonly updated: Numbers;
    readonly exact: Numbers;
  }[];
};

const net = (): Sequential => new Sequential(new Linear(3, 2), new BatchNorm1d(2), new Linear(2, 1, { bias: false }));

const become = (model: Module, numbers: Numbers | undefined): void => {
  const values = Object.entries(averages.shapes).map(([name, shape]) => [name, { shape, data: numbers?.[name] ?? [] }]);
  model.loadStateDict(Object.fromEntries(values));
};

const precisions = [
  { name: "float32", device: defaultDevice, dtype: "float32", tolerance: 1e-6 },
  { name: "float64", device: float64, dtype: "float64", tolerance: 1e-12 },
  {
    name: "float64 on a device that cannot be read at once",
    device: () => Object.defineProperty(float64(), "readSync", { value: undefined }),
    dtype: "float64",
    tolerance: 1e-12,
  },
] as const;

// Relative to what a number is, or to 1: a few roundings of the dtype, whose steps are 1.2e-7 and 2.2e-16.
async function expectNumbers(got: ReadonlyMap<string, unknown>, expected: Numbers, tolerance: number): Promise<void> {
  expect([...got.keys()]).toEqual(Object.keys(expected));
  for (const [name, value] of got) {
    const numbers = value instanceof Tensor ? await value.data() : (value as Shaped).data;
    expect(numbers).toHaveLength(expected[name]?.length ?? -1);
    for (const [i, each] of numbers.entries()) {
      const want = expected[name]?.[i] ?? Number.NaN;
      expect(Math.abs(Number(each) - want), `${name}[${i}]`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(want)),
      );
    }
  }
}

describe.each(precisions)("on modules, in $name", ({ device, dtype, tolerance }) => {
  let before: Device;
  beforeEach(() => {
    before = setDefaultDevice(device());
  });
  afterEach(() => void setDefaultDevice(before));

  describe.each([false, true])("an averaged model, with a copy: %s", (hasCopy) => {
    it.each(averages.cases)("follows PyTorch, $form, useBuffers $useBuffers", async ({ form, useBuffers, after }) => {
      const model = net().to(dtype);
      const options = { ...forms[form], useBuffers, ...(hasCopy && { copy: () => net().to(dtype) }) };
      const averaged = new AveragedModel(model, options);
      for (const [k, numbers] of averages.models.entries()) {
        become(model, numbers);
        averaged.updateParameters(model);
        const expected = after[k + 1];
        // Whole numbers are copied: PyTorch's average of them is cut off.
        const count = { "module.1.num_batches_tracked": numbers["1.num_batches_tracked"] ?? [] };
        if (expected) await expectNumbers(averaged.stateDict(), { ...expected, ...count }, 10 * tolerance);
      }
    });

    it("loads PyTorch's state, and goes on", async () => {
      const after = averages.cases.find(({ form, useBuffers }) => form === "default" && !useBuffers)?.after;
      const model = net().to(dtype);
      const averaged = new AveragedModel(model, hasCopy ? { copy: () => net().to(dtype) } : {});
      const state = Object.entries(after?.[5] ?? {}).map(([name, data]) => {
        const shape = averages.shapes[name.replace("module.", "")] ?? [];
        return [name, { shape, data }] as const;
      });
      averaged.loadStateDict(new Map(state));
      for (const numbers of averages.models.slice(5)) {
        become(model, numbers);
        averaged.updateParameters(model);
      }
      await expectNumbers(averaged.stateDict(), after?.[10] ?? {}, 10 * tolerance);
    });
  });

  describe.each(batchNorms.cases)("updateBn of a $net network", ({ net, state, batches, updated, exact }) => {
    const make = {
      dense: () =>
        new Sequential(
          new Linear(3, 4),
          new BatchNorm1d(4),
          new ReLU(),
          new Linear(4, 2),
          new BatchNorm1d(2, { momentum: 0.3 }),
        ),
      convolutional: () => new Sequential(new Conv2d(2, 3, 2), new BatchNorm2d(3, { momentum: null }), new ReLU()),
    };

    it.each([false, true])("follows PyTorch, and the statistics of all data at once: exact %s", async (isExact) => {
      const model = make[net]().to(dtype);
      model.loadStateDict(state);
      const loader = batches.map(({ shape, data }) => [tensor(Float64Array.from(data), { shape, dtype }), "label"]);
      await noGrad(() => updateBn(loader, model, { exact: isExact }));
      const statistics = new Map([...model.namedBuffers()]);
      await expectNumbers(statistics, isExact ? exact : updated, 20 * tolerance);
    });
  });
});

describe("averages of modules", () => {
  /** Train a little, with an average each step; outside of any scope if there is none around. */
  const step = (model: Sequential, averaged: AveragedModel<Sequential>): void => {
    scope(() => {
      model
        .forward(randn([4, 3]))
        .square()
        .sum()
        .backward();
      noGrad(() => {
        for (const parameter of model.parameters()) {
          if (parameter.grad) parameter.sub_(parameter.grad.mul(0.01)).realize();
          parameter.grad = null;
        }
      });
    });
    averaged.updateParameters(model);
  };

  it.each(Object.entries(forms))("leave no tensor behind, whether a scope is open or not: %s", (_, form) => {
    for (const options of [form, { ...form, useBuffers: true }, { ...form, copy: net }]) {
      const model = net();
      const averaged = new AveragedModel(model, options);
      const all = (): void => {
        step(model, averaged);
        averaged.swapped(() => {});
        averaged.applyTo();
      };
      all();
      const before = memory();
      for (let k = 0; k < 5; k++) all();
      expect(memory().tensors).toBe(before.tensors);
      expect(memory().bytes).toBe(before.bytes);
    }
  });

  it("live on after the scope in which they began", () => {
    const model = net();
    const averaged = scope(() => {
      const made = new AveragedModel(model);
      made.updateParameters();
      return { made };
    }).made;
    scope(() => averaged.updateParameters());
    averaged.swapped(() => expect(model.forward(ones([2, 3])).shape).toEqual([2, 1]));
    for (const [, average] of averaged.namedParameters()) expect(average.isFreed).toBe(false);
  });

  it("are no part of the graph, and do not disturb one that is waiting for its backward", () => {
    const model = new Sequential(new Linear(1, 1, { bias: false }));
    const averaged = new AveragedModel(model);
    const loss = model
      .forward(ones([1, 1]))
      .square()
      .sum();
    averaged.updateParameters();
    averaged.updateParameters();
    loss.backward();
    const [[, weight] = []] = model.namedParameters();
    expect(weight?.grad?.itemSync()).toBeCloseTo(2 * (weight?.itemSync() ?? 0), 6);
    for (const [, average] of averaged.namedParameters()) expect(average.requiresGrad).toBe(false);
  });

  it("come from functions written with tensors", async () => {
    const model = net();
    const averaged = new AveragedModel(model, {
      avgFn(average, value, nAveraged) {
        expectTypeOf(average).toEqualTypeOf<Tensor>();
        expectTypeOf(value).toEqualTypeOf<Tensor>();
        expect([average.requiresGrad, value.requiresGrad]).toEqual([false, false]);
        return average
          .mul(nAveraged)
          .add(value)
          .div(nAveraged + 1);
      },
    });
    const { after } = averages.cases[0] ?? {};
    for (const numbers of averages.models) {
      become(model, numbers);
      averaged.updateParameters();
    }
    await expectNumbers(averaged.stateDict(), after?.[10] ?? {}, 1e-6);
    expectTypeOf(averaged.forward).parameter(0).toEqualTypeOf<Parameters<Sequential["forward"]>[0]>();
  });

  it("are lent for an evaluation, also an async one, and come back", async () => {
    const model = net();
    const averaged = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.5) });
    for (let k = 0; k < 3; k++) step(model, averaged);
    const own = [...model.parameters()].map((parameter) => parameter.dataSync());
    const x = randn([2, 3]);
    const scores = await averaged.swapped((lent) => evaluate(lent, async () => await lent.forward(x).array()));
    expect([...model.parameters()].map((parameter) => parameter.dataSync())).toEqual(own);
    expect(model.training).toBe(true);
    averaged.applyTo(model);
    expect(evaluate(model, () => model.forward(x).arraySync())).toEqual(scores);
  });

  it("are in the copy, which runs them, also on another device", async () => {
    const model = net();
    const elsewhere = float64();
    const averaged = new AveragedModel(model, { copy: () => net().to(elsewhere).to("float64"), useBuffers: true });
    step(model, averaged);
    step(model, averaged);
    const x = randn([2, 3]);
    const there = x.to(elsewhere).to("float64");
    const scores = evaluate(averaged.module, () => averaged.forward(there).arraySync());
    averaged.applyTo(model);
    const here = evaluate(model, () => model.forward(x).arraySync());
    // The same numbers, once rounded to float32.
    expect(here).toEqual((scores as number[][]).map(([score]) => [expect.closeTo(score ?? Number.NaN, 4)]));
  });

  it("have every name in the state dict that the model has, and resume bit for bit", () => {
    class Tied extends Module {
      readonly first = new Linear(2, 2, { bias: false });
      readonly norm = new BatchNorm1d(2);
      readonly again = this.norm;
      readonly last = new Linear(2, 2);
      constructor() {
        super();
        this.last.weight = this.first.weight;
        this.registerBuffer("cache", ones([1]), { persistent: false });
      }
      forward(x: Tensor): Tensor {
        return this.last.forward(this.again.forward(this.norm.forward(this.first.forward(x))));
      }
    }
    for (const options of [{}, { copy: () => new Tied() }]) {
      const model = new Tied();
      const averaged = new AveragedModel(model, options);
      averaged.updateParameters();
      scope(() => void model.forward(randn([4, 2])));
      averaged.updateParameters();
      expect([...averaged.stateDict().keys()]).toEqual([
        "n_averaged",
        ...[...model.stateDict().keys()].map((name) => `module.${name}`),
      ]);
      const other = new AveragedModel(new Tied(), options);
      other.loadStateDict(averaged.stateDict());
      const numbers = (state: ReadonlyMap<string, Tensor | { data: unknown }>) =>
        [...state].map(([name, value]) => [name, value instanceof Tensor ? value.dataSync() : value.data]);
      expect(numbers(other.stateDict())).toEqual(numbers(averaged.stateDict()));
      expect(other.nAveraged).toBe(2);
    }
  });
});

describe("updateBn of modules", () => {
  it("leaves instance-norms to learn as they do", async () => {
    const instanceNorm = new InstanceNorm1d(2, { trackRunningStats: true });
    const model = new Sequential(instanceNorm, new BatchNorm1d(2));
    const data = [randn([3, 2, 4]), randn([2, 2, 4])];
    const alone = new InstanceNorm1d(2, { trackRunningStats: true });
    for (const x of data) alone.forward(x);
    await noGrad(() => updateBn(data, model));
    // Float32, rounded in another order without gradients.
    const expected = [...(alone.runningMean?.dataSync() ?? [])].map((each) => expect.closeTo(Number(each), 6));
    expect(instanceNorm.runningMean?.arraySync()).toEqual(expected);
  });

  it("reads a DataLoader, and leaves nothing in memory", async () => {
    const model = new Sequential(new Linear(3, 2), new BatchNorm1d(2));
    const loader = new DataLoader(new TensorDataset(keep(randn([10, 3])), keep(randn([10]))), { batchSize: 4 });
    for (const exact of [false, true]) {
      await noGrad(() => updateBn(loader, model, { exact }));
      const before = memory();
      await noGrad(() => updateBn(loader, model, { exact }));
      expect(memory().tensors).toBe(before.tensors);
      expect(memory().bytes).toBe(before.bytes);
    }
    expect([...model.buffers()].at(-1)?.itemSync()).toBe(3);
  });

  it("puts back modes, momenta, statistics and hooks when a batch does not fit", async () => {
    const norm = new BatchNorm1d(2);
    const model = new Sequential(norm, new ReLU());
    norm.forward(randn([4, 2]));
    norm.eval();
    const statistics = () => [...norm.buffers()].map((each) => each.dataSync());
    const before = statistics();
    for (const exact of [false, true]) {
      await expect(updateBn([ones([2, 2]), ones([2, 3])], model, { exact })).rejects.toThrow("BatchNorm1d");
      expect(statistics()).toEqual(before);
      expect([model.training, norm.training, norm.momentum]).toEqual([true, false, 0.1]);
      expect(Object.hasOwn(norm, "forward")).toBe(false);
    }
  });

  it("gives averaged models their own statistics", async () => {
    const make = (): Sequential => new Sequential(new Linear(1, 1, { bias: false }), new BatchNorm1d(1));
    const x = tensor([[1], [3]]);
    for (const options of [{}, { copy: make }]) {
      const model = make();
      const averaged = new AveragedModel(model, options);
      const weight = [...model.parameters()][0];
      for (const value of [1, 3]) {
        noGrad(() => weight?.fill_(value));
        averaged.updateParameters();
      }
      const own = [...model.buffers()].map((each) => each.dataSync());
      await noGrad(() => updateBn([x], averaged));
      const buffers = new Map([...averaged.namedBuffers()].map(([name, each]) => [name, each.dataSync()[0]]));
      // With the averaged weight 2: of 2 and 6.
      expect(buffers.get("module.1.running_mean")).toBe(4);
      expect(buffers.get("module.1.running_var")).toBe(8);
      expect([...model.buffers()].map((each) => each.dataSync())).toEqual(own);
    }
  });
});

describe("SWALR of an optimizer", () => {
  it("has its rates in the optimizer's state, and goes on from both states", () => {
    const make = () => {
      const optimizer = new SGD(net().parameters(), { lr: 0.5 });
      return { optimizer, scheduler: new SWALR(optimizer, { swaLr: 0.1, annealEpochs: 4, annealStrategy: "linear" }) };
    };
    const [first, second] = [make(), make()];
    const step = ({ optimizer, scheduler }: ReturnType<typeof make>): number | undefined => {
      optimizer.step();
      scheduler.step();
      return optimizer.paramGroups[0]?.lr;
    };
    // From 0.5 to 0.1 in four steps: to the last digits of float64.
    expect([step(first), step(first)]).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.3, 12)]);
    expect(first.optimizer.stateDict().param_groups[0]).toMatchObject({ initial_lr: 0.5, swa_lr: 0.1 });
    second.scheduler.loadStateDict(first.scheduler.stateDict());
    second.optimizer.loadStateDict(first.optimizer.stateDict());
    for (let k = 0; k < 4; k++) expect(step(second)).toBe(step(first));
    expect(first.scheduler.getLastLr()).toEqual([0.1]);
  });
});
