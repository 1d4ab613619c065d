// The optimizers on tensors, which their package may not import: the numbers of PyTorch, on every device and in both precisions.
import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  AdamWScheduleFree,
  Adan,
  ASGD,
  LAMB,
  Lion,
  Muon,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  rowGradient,
  SGD,
  SparseAdam,
} from "@anneal/optim";
import { type Device, defaultDevice, memory, scope, type Tensor, tensor } from "@anneal/tensor";
import { reference } from "@anneal/tensor/reference";
import { describe, expect, it } from "vitest";
import { gradientAt, optionsOf, reference as recorded, startOf } from "../../packages/optim/test/reference.ts";
import { type RowHost, testRowTrajectories } from "../../packages/optim/test/row-suite.ts";
import {
  expectClose,
  type MakeOptimizer,
  testTrajectories,
  tolerance,
} from "../../packages/optim/test/trajectories.ts";

const make: Record<string, MakeOptimizer> = {
  Adadelta: (params, options) => new Adadelta(params, options),
  Adafactor: (params, options) => new Adafactor(params, options),
  Adagrad: (params, options) => new Adagrad(params, options),
  Adam: (params, options) => new Adam(params, options),
  Adamax: (params, options) => new Adamax(params, options),
  AdamW: (params, options) => new AdamW(params, options),
  AdamWScheduleFree: (params, options) => new AdamWScheduleFree(params, options).train(),
  Adan: (params, options) => new Adan(params, options),
  ASGD: (params, options) => new ASGD(params, options),
  LAMB: (params, options) => new LAMB(params, options),
  Lion: (params, options) => new Lion(params, options),
  Muon: (params, options) => new Muon(params, options),
  NAdam: (params, options) => new NAdam(params, options),
  RAdam: (params, options) => new RAdam(params, options),
  RMSprop: (params, options) => new RMSprop(params, options),
  Rprop: (params, options) => new Rprop(params, options),
  SGD: (params, options) => new SGD(params, options),
};

const makeByRows: Record<string, MakeOptimizer> = {
  Adagrad: (params, options) => new Adagrad(params, options),
  SGD: (params, options) => new SGD(params, options),
  SparseAdam: (params, options) => new SparseAdam(params, options),
};

const numbersOf = (x: Tensor): number[] => Array.from(x.dataSync(), Number);

const hostOn = (device: Device): RowHost<Tensor> => ({
  make: (numbers, shape, dtype) => tensor(Float64Array.from(numbers), { shape, dtype, device, requiresGrad: true }),
  giveGradient(parameter, numbers) {
    const { dtype, shape } = parameter;
    parameter.grad = numbers && tensor(Float64Array.from(numbers), { shape, dtype, device });
  },
  giveRows(parameter, rows) {
    const {
      dtype,
      shape: [_, ...row],
    } = parameter;
    const valuesOf = ({ indices, values }: { indices: number[]; values: number[] }): Tensor =>
      tensor(Float64Array.from(values), { shape: [indices.length, ...row], dtype, device });
    parameter.grad = rows && rowGradient(rows.indices, valuesOf(rows));
  },
  numbersOf,
  slotOf: (saved) => ({ shape: (saved as Tensor).shape, data: numbersOf(saved as Tensor) }),
});

const runs: readonly (readonly [string, Device, "float64" | "float32"])[] = [
  ["the reference device in float64", reference(), "float64"],
  ["the reference device in float32", reference(), "float32"],
  ["the default device in float64", defaultDevice(), "float64"],
  ["the default device in float32", defaultDevice(), "float32"],
];

describe.each(runs)("tensors on %s", (_, device, dtype) => {
  const host = hostOn(device);
  for (const [name, makeOne] of Object.entries(make)) testTrajectories(name, makeOne, host, dtype);

  for (const [name, makeOne] of Object.entries(makeByRows)) testRowTrajectories(name, makeOne, host, dtype);

  const averaging = recorded.cases.filter((each) => each.averaged !== undefined && each.dtype === dtype);
  it.each(averaging)("$optimizer $kwargs makes them its averages, without gradients", ({ kwargs, averaged }) => {
    const params = recorded.shapes.map((shape, i) => host.make(startOf(shape, i), shape, dtype));
    const optimizer = new AdamWScheduleFree(params, optionsOf(kwargs)).train();
    for (let t = 0; t < 10; t++) {
      params.forEach((parameter, i) => void host.giveGradient(parameter, gradientAt(parameter.shape, t, i)));
      optimizer.step();
    }
    optimizer.zeroGrad();
    optimizer.eval();
    params.forEach((parameter, i) => void expectClose(numbersOf(parameter), averaged?.[i], tolerance[dtype]));
  });
});

describe("tensors that cannot be read at once", () => {
  // As on a GPU: whoever looks at numbers in a step fails; only the test may.
  const device: Device = Object.defineProperty(reference(), "readSync", { value: undefined, configurable: true });
  const reading = <Result>(body: () => Result): Result => {
    const { readSync } = Object.getPrototypeOf(device) as Device;
    Object.defineProperty(device, "readSync", { value: readSync, configurable: true });
    try {
      return body();
    } finally {
      Object.defineProperty(device, "readSync", { value: undefined, configurable: true });
    }
  };
  const { numbersOf, slotOf, ...host } = hostOn(device);
  const blind: RowHost<Tensor> = {
    ...host,
    numbersOf: (x) => reading(() => numbersOf(x)),
    slotOf: (saved) => reading(() => slotOf(saved)),
  };
  for (const [name, makeOne] of Object.entries(makeByRows)) testRowTrajectories(name, makeOne, blind, "float64");
});

describe("a tensor", () => {
  it("is told that its dense gradients are not for SparseAdam", () => {
    const w = tensor([[1, 2]], { requiresGrad: true });
    w.sum().backward();
    expect(() => new SparseAdam([w]).step()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SparseAdam: a parameter of shape [1, 2] has a dense gradient, which is Adam's: use Adam, or gradients by rows: rowGradient(indices, values), or those of new Embedding(n, d, { sparse: true }).]`,
    );
  });

  it("costs each optimizer its state and no more, step after step", () => {
    for (const [name, makeOne] of Object.entries(make)) {
      const w = tensor(new Float32Array(100), { shape: [10, 10], requiresGrad: true });
      const optimizer = makeOne([w]);
      const step = (): number => {
        scope(() => {
          w.mul(2).sum().backward();
          optimizer.step();
          optimizer.zeroGrad();
        });
        return memory().bytes;
      };
      step();
      expect(Array.from({ length: 10 }, step), name).toEqual(new Array(10).fill(step()));
    }
  });
});
