// Trainings of this repository's own parts, saved and restored by @anneal/checkpoint, which may import none of them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCheckpoint, loadPt, memoryStore, saveCheckpoint, savePt } from "@anneal/checkpoint";
import { DataLoader, TensorDataset } from "@anneal/data";
import { BatchNorm1d, CrossEntropyLoss, Dropout, Linear, type Module, ReLU, Sequential } from "@anneal/nn";
import { Adam, AdamW, arrayParameter, LBFGS, Lookahead, SGD } from "@anneal/optim";
import {
  CosineAnnealingLR,
  ExponentialLR,
  LinearLR,
  MultiStepLR,
  OneCycleLR,
  ReduceLROnPlateau,
  SequentialLR,
} from "@anneal/schedulers";
import { AveragedModel, getEmaMultiAvgFn } from "@anneal/swa";
import { defaultGenerator, Generator, manualSeed, rand, randint, randn, type Tensor, tensor } from "@anneal/tensor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPython } from "../../packages/checkpoint/test/python.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anneal-checkpoints-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (): string => join(folder, "run.pt");

const net = (): Sequential =>
  new Sequential(new Linear(4, 8), new BatchNorm1d(8), new ReLU(), new Dropout(0.3), new Linear(8, 3));

/** A training in which everything there is to save takes part. */
class Training {
  readonly model: Module & { forward(x: Tensor): Tensor } = net();
  readonly optimizer = new Adam(this.model.parameters(), { lr: 1e-2, amsgrad: true });
  readonly scheduler = new CosineAnnealingLR(this.optimizer, { tMax: 30 });
  readonly swa = new AveragedModel(this.model, { multiAvgFn: getEmaMultiAvgFn(0.9), useBuffers: true });
  readonly loader = new DataLoader(
    new TensorDataset(
      randn([20, 4], { generator: new Generator(1) }),
      randint(0, 3, [20], { generator: new Generator(2) }),
    ),
    { batchSize: 6, shuffle: true, seed: 3 },
  );
  readonly generator = defaultGenerator();
  readonly criterion = new CrossEntropyLoss();

  get parts() {
    const { model, optimizer, scheduler, swa, loader, generator } = this;
    return { model, optimizer, scheduler, swa, loader, generator };
  }

  /** The loss of each step, without end. */
  *steps(): Iterator<number> & Iterable<number> {
    for (;;) {
      for (const [x, y] of this.loader) {
        const loss = this.criterion.forward(this.model.forward(x), y);
        this.optimizer.zeroGrad();
        loss.backward();
        this.optimizer.step();
        this.scheduler.step();
        this.swa.updateParameters(this.model);
        yield loss.itemSync();
      }
    }
  }
}
const take = (steps: Iterator<number>, count: number): number[] =>
  Array.from({ length: count }, () => Number(steps.next().value));

/** All that is saved of some parts, as a file holds it. */
async function savedOf(parts: object): Promise<unknown> {
  const store = memoryStore();
  await saveCheckpoint({ store, name: "a.pt" }, { ...parts });
  return loadPt(await store.open("a.pt"));
}

describe("a training", () => {
  it("goes on from its checkpoint in the middle of an epoch as if it had never stopped, bit for bit", async () => {
    manualSeed(7);
    const whole = new Training();
    const losses = take(whole.steps(), 20);

    manualSeed(7);
    const first = new Training();
    // Four batches are an epoch: this stops in the third.
    const before = take(first.steps(), 10);
    await saveCheckpoint(file(), { ...first.parts, epoch: 2, losses: before });

    manualSeed(99);
    const second = new Training();
    const rest = await loadCheckpoint(file(), second.parts);
    expect(rest).toEqual({ epoch: 2, losses: before });
    expect([...before, ...take(second.steps(), 10)]).toEqual(losses);
    expect(await savedOf(second.parts)).toEqual(await savedOf(whole.parts));
  });

  it("that does not fit leaves everything as it was, and all reasons are told at once", async () => {
    const { model, optimizer, generator } = new Training();
    await saveCheckpoint(file(), { model, optimizer, generator, epoch: 3 });
    const other = new Sequential(new Linear(4, 9), new BatchNorm1d(9), new ReLU(), new Dropout(), new Linear(9, 3));
    const sgd = new SGD(other.parameters(), { lr: 0.1, momentum: 0.9 });
    const scheduler = new ExponentialLR(sgd, { gamma: 0.5 });
    const parts = { model: other, optimizer: sgd, scheduler, generator: new Generator(5) };
    const before = await savedOf({ ...parts });
    const error: Error = await loadCheckpoint(file(), parts).then(
      () => new Error("nothing"),
      (reason: Error) => reason,
    );
    expect(error.message.replace(folder, "")).toMatchInlineSnapshot(`
      "/run.pt: cannot be restored; nothing has changed:
      	scheduler is not in it
      	model does not fit: Error(s) in loading state_dict for Sequential:
      	size mismatch for 0.weight: copying a param with shape [8, 4] from checkpoint, the shape in current model is [9, 4].
      	size mismatch for 0.bias: copying a param with shape [8] from checkpoint, the shape in current model is [9].
      	size mismatch for 1.weight: copying a param with shape [8] from checkpoint, the shape in current model is [9].
      	size mismatch for 1.bias: copying a param with shape [8] from checkpoint, the shape in current model is [9].
      	size mismatch for 1.running_mean: copying a param with shape [8] from checkpoint, the shape in current model is [9].
      	size mismatch for 1.running_var: copying a param with shape [8] from checkpoint, the shape in current model is [9].
      	size mismatch for 4.weight: copying a param with shape [3, 8] from checkpoint, the shape in current model is [3, 9].
      	Nothing was loaded. Build the model as it was saved.
      	optimizer does not fit: SGD.loadStateDict: param_groups[0] has no dampening, which this optimizer needs. Was it saved by another optimizer?
      It has "model", "optimizer", "generator", "epoch". Ask for what it has, and build each part as it was when it was saved."
    `);
    expect(await savedOf({ ...parts })).toEqual(before);
  });
});

describe("parts in lists and objects", () => {
  it("are restored where they stood", async () => {
    const make = () => {
      const models = { generator: new Linear(2, 3), discriminator: new Linear(3, 1) };
      const optimizers = Object.values(models).map((model) => new Adam(model.parameters(), { lr: 0.1 }));
      return { models, optimizers };
    };
    const saved = make();
    await saveCheckpoint(file(), { ...saved, note: "a pair" });
    const loaded = make();
    expect(await loadCheckpoint(file(), loaded)).toEqual({ note: "a pair" });
    expect(await savedOf(loaded)).toEqual(await savedOf(saved));
  });
});

describe("the state of every kind of part", () => {
  /** What is saved again after it was loaded, and what was saved first. */
  async function roundTrip(saved: object, fresh: object): Promise<[unknown, unknown]> {
    await saveCheckpoint(file(), { part: saved });
    const before = await savedOf({ fresh });
    await loadCheckpoint(file(), { part: fresh });
    const after = await savedOf({ part: fresh });
    expect(await savedOf({ fresh })).not.toEqual(before);
    return [after, await savedOf({ part: saved })];
  }

  const weight = () => arrayParameter(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
  const sgd = () => new SGD([weight()], { lr: 0.1, momentum: 0.9 });

  it.each<[string, (optimizer: SGD) => { step(): void; getLastLr(): number[] }]>([
    ["MultiStepLR", (optimizer) => new MultiStepLR(optimizer, { milestones: [2, 2, 5] })],
    ["OneCycleLR", (optimizer) => new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10 })],
    [
      "SequentialLR",
      (optimizer) => {
        const schedulers = [new LinearLR(optimizer), new ExponentialLR(optimizer, { gamma: 0.9 })];
        return new SequentialLR(optimizer, { schedulers, milestones: [2] });
      },
    ],
  ])("survives: the scheduler %s", async (_, over) => {
    const make = () => {
      const optimizer = sgd();
      return { optimizer, scheduler: over(optimizer) };
    };
    const [saved, fresh] = [make(), make()];
    const step = ({ optimizer, scheduler }: ReturnType<typeof make>) => {
      optimizer.step();
      scheduler.step();
    };
    for (let i = 0; i < 3; i++) step(saved);
    await saveCheckpoint(file(), { ...saved });
    await loadCheckpoint(file(), { ...fresh });
    expect(await savedOf(fresh)).toEqual(await savedOf(saved));
    for (let i = 0; i < 3; i++) {
      step(saved);
      step(fresh);
      expect(fresh.scheduler.getLastLr()).toEqual(saved.scheduler.getLastLr());
    }
  });

  it("survives: ReduceLROnPlateau, infinities and all", async () => {
    const make = () => new ReduceLROnPlateau(sgd(), { patience: 0 });
    const [saved, fresh] = [make(), make()];
    for (const metric of [1, 2, 3]) saved.step(metric);
    const [after, before] = await roundTrip(saved, fresh);
    expect(after).toEqual(before);
  });

  it.each([
    ["AdamW", (w: ReturnType<typeof weight>) => new AdamW([w], { lr: 0.1 })],
    ["SGD with momentum", (w: ReturnType<typeof weight>) => new SGD([w], { lr: 0.1, momentum: 0.9 })],
    ["Lookahead", (w: ReturnType<typeof weight>) => new Lookahead(new AdamW([w], { lr: 0.1 }), { k: 2 })],
  ])("survives: %s over arrays", async (_, make) => {
    const run = (w: ReturnType<typeof weight>, optimizer: { step(): unknown }, steps: number) => {
      for (let i = 0; i < steps; i++) {
        w.grad = w.data.map((x) => x / 2);
        optimizer.step();
      }
    };
    const [saved, fresh] = [weight(), weight()];
    const [savedOptimizer, freshOptimizer] = [make(saved), make(fresh)];
    run(saved, savedOptimizer, 3);
    const [after, before] = await roundTrip(savedOptimizer, freshOptimizer);
    expect(after).toEqual(before);
    fresh.data.set(saved.data);
    run(saved, savedOptimizer, 3);
    run(fresh, freshOptimizer, 3);
    expect(fresh.data).toEqual(saved.data);
  });

  it("survives: LBFGS, with its history", async () => {
    const make = () => {
      const w = weight();
      return { w, optimizer: new LBFGS([w], { maxIter: 3 }) };
    };
    const [saved, fresh] = [make(), make()];
    const step = ({ w, optimizer }: typeof saved) =>
      optimizer.step(() => {
        w.grad = w.data.map((x) => 2 * x);
        return w.data.reduce((sum, x) => sum + x * x, 0);
      });
    await step(saved);
    const [after, before] = await roundTrip(saved.optimizer, fresh.optimizer);
    expect(after).toEqual(before);
  });

  it("survives: a generator", async () => {
    const [saved, fresh] = [new Generator(3), new Generator(4)];
    rand([2], { generator: saved });
    const [after, before] = await roundTrip(saved, fresh);
    expect(after).toEqual(before);
    expect(rand([3], { generator: fresh }).arraySync()).toEqual(rand([3], { generator: saved }).arraySync());
  });
});

describe("PyTorch's own recipe, a dict in a .pt", () => {
  it("works by hand", async () => {
    const first = new Training();
    take(first.steps(), 3);
    await savePt(
      {
        epoch: 1,
        model_state_dict: first.model.stateDict(),
        optimizer_state_dict: first.optimizer.stateDict(),
        loss: 0.5,
      },
      file(),
    );
    const second = new Training();
    const checkpoint = (await loadPt(file())) as Record<string, never>;
    second.model.loadStateDict(checkpoint.model_state_dict ?? {});
    second.optimizer.loadStateDict(checkpoint.optimizer_state_dict as never);
    expect([checkpoint.epoch, checkpoint.loss]).toEqual([1, 0.5]);
    const { model, optimizer } = first;
    expect(await savedOf({ model: second.model, optimizer: second.optimizer })).toEqual(
      await savedOf({ model, optimizer }),
    );

    const third = new Training();
    const parts = { model_state_dict: third.model, optimizer_state_dict: third.optimizer };
    expect(await loadCheckpoint(file(), parts)).toEqual({ epoch: 1, loss: 0.5 });
    expect(await savedOf({ model: third.model, optimizer: third.optimizer })).toEqual(
      await savedOf({ model, optimizer }),
    );
  });

  const python = findPython();
  const network =
    "model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))";
  const rest = `
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, amsgrad=True)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30)
swa = torch.optim.swa_utils.AveragedModel(model, use_buffers=True)
def step():
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
    scheduler.step()
`;
  const header = `import json, sys, torch\nfrom torch import nn\n${network}\nx = torch.arange(24.).reshape(6, 4) / 10\ny = torch.arange(6) % 3\n${rest}`;

  it.skipIf(python.missing)(
    `is loaded by PyTorch's parts from our file, which go on from there${python.missing}`,
    async () => {
      const training = new Training();
      take(training.steps(), 5);
      await saveCheckpoint(file(), { ...training.parts, epoch: 1 });
      const program = `${header}
saved = torch.load(sys.argv[1])
model.load_state_dict(saved["model"])
swa.load_state_dict(saved["swa"])
scheduler.load_state_dict(saved["scheduler"])
optimizer.load_state_dict(saved["optimizer"])
before = scheduler.get_last_lr()
step()
print(json.dumps([sorted(saved), saved["epoch"], int(swa.n_averaged), before, float(optimizer.state[model[0].weight]["step"]), scheduler.last_epoch, model[1].num_batches_tracked.item()]))
`;
      const lr = training.scheduler.getLastLr();
      expect(await python.run(program, file())).toEqual([
        ["epoch", "generator", "loader", "model", "optimizer", "scheduler", "swa"],
        1,
        5,
        lr,
        6,
        6,
        6,
      ]);
    },
  );

  it.skipIf(python.missing)(`is restored from PyTorch's file${python.missing}`, async () => {
    const program = `${header}
for _ in range(3): step()
swa.update_parameters(model)
torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "swa": swa.state_dict(), "epoch": 3}, sys.argv[1])
model.eval()
print(json.dumps([model(x).tolist(), scheduler.get_last_lr()]))
`;
    const [scores, lr] = (await python.run(program, file())) as [number[][], number[]];
    const { model, optimizer, scheduler, swa } = new Training();
    expect(await loadCheckpoint(file(), { model, optimizer, scheduler, swa })).toEqual({ epoch: 3 });
    expect(scheduler.getLastLr()).toEqual(lr);
    const x = Float32Array.from({ length: 24 }, (_, i) => Math.fround(i) / 10);
    const ours = model
      .eval()
      .forward(tensor(x, { shape: [6, 4] }))
      .arraySync() as number[][];
    // Sums of a dozen float32 products of about 1: a few roundings of 6e-8 each.
    ours.flat().forEach((score, i) => void expect(score).toBeCloseTo(scores.flat()[i] ?? Number.NaN, 5));
  });
});
