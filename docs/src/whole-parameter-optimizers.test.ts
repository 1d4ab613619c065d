// The optimizers that need more of a host than rules, on tensors as their parameters. The numbers are those of packages/optim/reference.
import {
  Adafactor,
  arrayParameter,
  type FloatArray,
  GradientAccumulation,
  LAMB,
  LBFGS,
  Lookahead,
  Muon,
  type OptimizerStateDict,
  SAM,
  SGD,
} from "@anneal/optim";
import { StepLR } from "@anneal/schedulers";
import { type Device, defaultDevice, memory, scope, type Tensor, tensor } from "@anneal/tensor";
import { reference as referenceDevice } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { testOperations } from "../../packages/optim/test/operations-suite.ts";
import { drawn, lbfgs, optionsOf, papers } from "../../packages/optim/test/reference.ts";
import { type Host, type MakeOptimizer, testTrajectories } from "../../packages/optim/test/trajectories.ts";

type Float = "float32" | "float64";

/** As on a GPU: who looks at numbers on the way fails. */
const unreadable: Device = Object.defineProperty(referenceDevice(), "readSync", {
  value: undefined,
  configurable: true,
});

// float64: the same operations as on typed arrays but for the order of sums, 1e-12 for ten steps. float32: 1e-6, PyTorch's own measure.
const hosts = [
  { host: "float64 on the reference device", dtype: "float64" as Float, device: referenceDevice(), bound: 1e-12 },
  {
    host: "float64 on a device that cannot be read at once",
    dtype: "float64" as Float,
    device: unreadable,
    bound: 1e-12,
  },
  { host: "float32 on the default device", dtype: "float32" as Float, device: defaultDevice(), bound: 1e-6 },
];

type Place = (typeof hosts)[number];

const leaf = (numbers: ArrayLike<number>, shape: readonly number[], { dtype, device }: Place): Tensor =>
  tensor(Float64Array.from(numbers), { shape, dtype, device, requiresGrad: true });

const drawnTensor = (shape: readonly number[], seed: number, { dtype, device }: Place): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(Float64Array.from(drawn(count, seed)), { shape, dtype, device });
};

async function expectNear(x: Tensor, expected: ArrayLike<number> | undefined, bound: number): Promise<void> {
  const got = Array.from(await x.data(), Number);
  expect(got.length).toBe(expected?.length);
  got.forEach((value, i) => {
    const want = expected?.[i] ?? Number.NaN;
    const error = Math.abs(value - want) / Math.max(1, Math.abs(want));
    if (!(error <= bound)) expect.fail(`element ${i}: got ${value}, expected ${want} within ${bound}`);
  });
}

const byFloat = { float32: defaultDevice(), float64: referenceDevice() };
testOperations("tensors", (numbers, shape, dtype) =>
  tensor(Float64Array.from(numbers), { shape, dtype, device: byFloat[dtype], requiresGrad: true }),
);

const make: Record<string, MakeOptimizer> = {
  Adafactor: (params, options) => new Adafactor(params, options),
  LAMB: (params, options) => new LAMB(params, options),
  Muon: (params, options) => new Muon(params, options),
};

describe("a device that cannot be read at once", () => {
  // The test may look, where the optimizer may not.
  const numbersOf = (x: Tensor): number[] => {
    const { readSync } = Object.getPrototypeOf(unreadable) as Device;
    Object.defineProperty(unreadable, "readSync", { value: readSync, configurable: true });
    const numbers = Array.from(x.dataSync(), Number);
    Object.defineProperty(unreadable, "readSync", { value: undefined, configurable: true });
    return numbers;
  };
  const tensorOn = (numbers: readonly number[], shape: readonly number[], dtype: Float): Tensor =>
    tensor(Float64Array.from(numbers), { shape, dtype, device: unreadable });
  const host: Host<Tensor> = {
    make(numbers, shape, dtype) {
      const x = tensorOn(numbers, shape, dtype);
      x.requiresGrad = true;
      return x;
    },
    giveGradient(parameter, numbers) {
      parameter.grad = numbers && tensorOn(numbers, parameter.shape, "float64");
    },
    numbersOf,
    slotOf: (saved) => ({ shape: (saved as Tensor).shape, data: numbersOf(saved as Tensor) }),
  };
  for (const [name, makeOne] of Object.entries(make)) testTrajectories(name, makeOne, host, "float64");
});

describe.each(hosts)("on tensors of $host", (host) => {
  const { dtype, device, bound } = host;
  /** The losses of generate_lbfgs.py. */
  const rosen = (x: Tensor, y: Tensor): Tensor => y.sub(x.square()).square().mul(100).add(x.neg().add(1).square());
  const quad = (p: Tensor): Tensor => {
    const factors = tensor(
      Float64Array.from({ length: p.numel }, (_, i) => i + 1),
      { dtype, device },
    );
    return p.square().mul(factors).sum().div(2).add(p.prod());
  };
  const at = (p: Tensor, i: number): Tensor => p.reshape([p.numel]).select(0, i);
  const losses: Record<string, (params: Tensor[]) => Tensor> = {
    rosen: ([p]) => rosen(at(p as Tensor, 0), at(p as Tensor, 1)),
    quad: ([p]) => quad(p as Tensor),
    split: ([a, b]) => {
      const [p, q] = [a as Tensor, b as Tensor];
      return rosen(at(p, 0), at(p, 1))
        .add(quad(q))
        .add(at(p, 0).mul(at(q, 0)).div(2));
    },
  };

  it.each(lbfgs.runs.filter((run) => run.dtype === dtype))(
    "LBFGS goes where PyTorch goes on $function with $kwargs",
    async ({ function: name, kwargs, trace }) => {
      const params = (lbfgs.starts[name] ?? []).map((numbers) =>
        leaf(numbers.flat(), Array.isArray(numbers[0]) ? [numbers.length, 1] : [numbers.length], host),
      );
      const optimizer = new LBFGS(params, optionsOf(kwargs));
      let isFirst = true;
      // Two steps: later the last bits of one run have grown until its line search decides otherwise.
      for (const [k, expected] of trace.slice(0, 2).entries()) {
        const loss = await optimizer.step(() => {
          optimizer.zeroGrad();
          const loss = losses[name]?.(params) as Tensor;
          loss.backward();
          if (isFirst && name === "split") (params[1] as Tensor).grad = null;
          isFirst = false;
          return loss;
        });
        // As on typed arrays: 20 times what a start moved by its last bit makes of it.
        const near = bound + 20 * Math.max(expected.shaken, trace[k - 1]?.shaken ?? 0);
        await expectNear(loss, [expected.loss], 10 * near);
        for (const [i, parameter] of params.entries()) await expectNear(parameter, expected.params[i], near);
        const { func_evals, n_iter } = expected;
        expect(optimizer.stateDict().state[0]).toMatchObject({ func_evals, n_iter });
      }
    },
  );

  /** The loss of generate_papers.py, and what it trains. */
  const paperProblem = () => {
    const [w, b] = [leaf([1.5, -0.5, 2], [3], host), leaf([-1], [1], host)];
    const factors = tensor(Float64Array.of(1, 2, 3), { dtype, device });
    const backward = (): Tensor => {
      w.grad = null;
      b.grad = null;
      const squares = w.square().mul(factors).sum().div(2);
      const loss = squares.add(at(w, 0).mul(at(w, 1)).mul(at(b, 0))).add(at(b, 0).pow(4));
      loss.backward();
      return loss;
    };
    return { w, b, backward };
  };

  it.each(papers.sam)("SAM goes where the papers' algorithms go with $options", async ({ options, trajectory }) => {
    const { w, b, backward } = paperProblem();
    const optimizer = new SAM(new SGD([w, b], { lr: 0.05 }), options);
    for (const expected of trajectory) {
      await expectNear(optimizer.step(backward), [expected.loss], bound);
      await expectNear(w, expected.w, bound);
      await expectNear(b, [expected.b], bound);
    }
  });

  it.each(papers.lookahead)(
    "Lookahead goes where the paper's algorithm goes with $options",
    async ({ options, trajectory }) => {
      const { w, b, backward } = paperProblem();
      const optimizer = new Lookahead(new SGD([w, b], { lr: 0.05, momentum: 0.5 }), options);
      for (const expected of trajectory) {
        optimizer.step(backward);
        await expectNear(w, expected.w, bound);
        await expectNear(b, [expected.b], bound);
      }
    },
  );

  it("gradients accumulate over pieces of a batch to those of the whole", async () => {
    const rows = drawnTensor([8, 3], 5, host);
    const train = (w: Tensor, inner: SGD, pieces: number): void => {
      const optimizer = new GradientAccumulation(inner, { steps: pieces });
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const piece of rows.chunk(pieces)) {
          piece.matmul(w).sub(1).square().mean().backward();
          optimizer.step();
        }
      }
    };
    const [whole, pieces] = [leaf([1, 2, 3], [3], host), leaf([1, 2, 3], [3], host)];
    train(whole, new SGD([whole], { lr: 0.1, momentum: 0.9 }), 1);
    train(pieces, new SGD([pieces], { lr: 0.1, momentum: 0.9 }), 4);
    await expectNear(pieces, Array.from(await whole.data(), Number), bound);
  });
});

describe("between hosts", () => {
  const [host] = hosts as [Place, ...Place[]];

  it.each(Object.entries(make))(
    "what %s saves from typed arrays goes on with tensors, and back",
    async (_, makeOne) => {
      const gradient = (t: number) => Float64Array.from(drawn(6, t));
      const w = arrayParameter(Float64Array.from(drawn(6, 1)), { shape: [2, 3] });
      const optimizer = makeOne([w]);
      w.grad = gradient(2);
      optimizer.step();

      const x = leaf(w.data, [2, 3], host);
      const onTensor = makeOne([x]);
      onTensor.loadStateDict(optimizer.stateDict());
      w.grad = gradient(3);
      x.grad = tensor(gradient(3), { shape: [2, 3], device: host.device });
      optimizer.step();
      onTensor.step();
      await expectNear(x, w.data, 1e-14);

      const back = arrayParameter<FloatArray>(w.data.slice(), { shape: [2, 3] });
      const again = makeOne([back]);
      again.loadStateDict(await asArrays(onTensor.stateDict()));
      w.grad = gradient(4);
      back.grad = gradient(4);
      optimizer.step();
      again.step();
      await expectNear(
        x.detach().copy_(tensor(back.data as Float64Array, { shape: [2, 3], device: host.device })),
        w.data,
        1e-14,
      );
    },
  );
});

/** A state dict as a checkpoint would write it. */
async function asArrays(saved: OptimizerStateDict): Promise<OptimizerStateDict> {
  const state: OptimizerStateDict["state"] = {};
  for (const [id, fields] of Object.entries(saved.state)) {
    const entries = Object.entries(fields).map(async ([name, value]) => {
      const isTensor = typeof value === "object" && value !== null && "shape" in value;
      return [name, isTensor ? { shape: (value as Tensor).shape, data: await (value as Tensor).data() } : value];
    });
    state[id] = Object.fromEntries(await Promise.all(entries));
  }
  return { ...saved, state };
}

describe("schedulers", () => {
  const [, , host] = hosts as [Place, Place, Place];

  it("drive the groups of the optimizer inside a wrapper", () => {
    const w = leaf([1, 2], [2], host);
    const wrapped = new Lookahead(new SAM(new SGD([w], { lr: 0.1 })), { k: 2 });
    const scheduler = new StepLR(wrapped, { stepSize: 1, gamma: 0.5 });
    for (let k = 0; k < 3; k++) {
      wrapped.step(() => {
        wrapped.zeroGrad();
        w.square().sum().backward();
      });
      scheduler.step();
    }
    expect(wrapped.paramGroups[0]?.lr).toBe(0.0125);
  });

  it("may count the steps of accumulated gradients", () => {
    const w = leaf([1, 2], [2], host);
    const optimizer = new GradientAccumulation(new SGD([w], { lr: 0.1 }), { steps: 2 });
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    for (let k = 0; k < 5; k++) {
      w.square().sum().backward();
      optimizer.step();
      if (optimizer.didStep) scheduler.step();
    }
    expect(optimizer.paramGroups[0]?.lr).toBe(0.025);
  });
});

describe("memory", () => {
  const [, , host] = hosts as [Place, Place, Place];
  const shape = [3, 4];
  type Step = (w: Tensor, backward: () => Tensor) => unknown;
  const steps: Record<string, (w: Tensor) => Step> = {
    Adafactor: (w) => plain(new Adafactor([w])),
    LAMB: (w) => plain(new LAMB([w])),
    Muon: (w) => plain(new Muon([w])),
    LBFGS: (w) => plain(new LBFGS([w], { maxIter: 3, historySize: 2, lineSearchFn: "strong_wolfe", lr: 0.1 })),
    SAM: (w) => plain(new SAM(new SGD([w]))),
    Lookahead: (w) => plain(new Lookahead(new SGD([w]), { k: 2 })),
    GradientAccumulation: (w) => plain(new GradientAccumulation(new SGD([w]), { steps: 2 })),
  };
  const plain =
    (optimizer: { step(closure: () => Tensor): unknown; zeroGrad(): void }): Step =>
    (_, backward) =>
      optimizer.step(() => {
        optimizer.zeroGrad();
        return backward();
      });

  it.each(Object.keys(steps))("does not grow from step to step of %s", async (name) => {
    const w = leaf(drawn(12, 3), shape, host);
    const target = drawnTensor(shape, 4, host);
    const step = steps[name]?.(w) as Step;
    const once = (): Promise<unknown> =>
      scope(async () => {
        await step(w, () => {
          // Rough enough for LBFGS to have something to do in every step.
          const loss = w.sub(target).mul(w).sin().square().sum().add(w.square().sum().mul(0.01));
          loss.backward();
          return loss;
        });
      });
    for (let k = 0; k < 6; k++) await once();
    const before = memory();
    for (let k = 0; k < 6; k++) await once();
    const { tensors, bytes } = memory();
    expect({ tensors, bytes }).toEqual({ tensors: before.tensors, bytes: before.bytes });
  });

  it.each(Object.entries(make))("of %s outside of any scope is not left to the collector", (_, makeOne) => {
    const w = leaf(drawn(12, 3), shape, host);
    const optimizer = makeOne([w]);
    const gradient = drawnTensor(shape, 4, host).realize();
    const once = (): void => {
      w.grad = gradient;
      optimizer.step();
    };
    for (let k = 0; k < 3; k++) once();
    const { tensors, bytes } = memory();
    for (let k = 0; k < 3; k++) once();
    expect(memory()).toMatchObject({ tensors, bytes });
  });
});
