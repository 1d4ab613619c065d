import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPython } from "../../test/python.ts";
import { loadPt, type SavedTensor, savePt } from "../index.ts";

const python = findPython();
const reference = join(import.meta.dirname, "../../reference");
const { files } = JSON.parse(readFileSync(join(reference, "pt.json"), "utf8")) as { files: Record<string, unknown> };

const loadAll = `
import json, os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
os.environ["TORCH_SERIALIZATION_DEBUG"] = "1"
import torch
from describe import Describe
from torch.utils.serialization import config

ways = {}
for way in ("whole", "mmap", "computed places"):
    config.load.calculate_storage_offsets = way == "computed places"
    load = lambda path: Describe()(torch.load(path, weights_only=True, mmap=way != "whole"))
    ways[way] = {name: load(os.path.join(sys.argv[2], name)) for name in sys.argv[3:]}
print(json.dumps(ways))
`;

const setUp = `
import json, sys, torch

def make(start):
    parameters = [torch.nn.Parameter(torch.tensor(start)), torch.nn.Parameter(torch.tensor([0.5]))]
    optimizer = torch.optim.Adam(parameters, lr=0.1, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4], 0.5)
    return parameters, optimizer, scheduler

def train(parameters, optimizer, scheduler, steps):
    for _ in range(steps):
        for p in parameters:
            p.grad = p.detach() * 2 - 1
        optimizer.step()
        scheduler.step()
`;

const start = `${setUp}
parameters, optimizer, scheduler = make([1.0, -2.0, 3.0])
train(parameters, optimizer, scheduler, 3)
torch.save({"parameters": [p.data for p in parameters], "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}, sys.argv[1])
train(parameters, optimizer, scheduler, 3)
print(json.dumps([p.tolist() for p in parameters]))
`;

const goOn = `${setUp}
saved = torch.load(sys.argv[1], weights_only=True)
parameters, optimizer, scheduler = make([0.0, 0.0, 0.0])
for p, s in zip(parameters, saved["parameters"]):
    p.data.copy_(s)
optimizer.load_state_dict(saved["optimizer"])
scheduler.load_state_dict(saved["scheduler"])
train(parameters, optimizer, scheduler, 3)
print(json.dumps([p.tolist() for p in parameters]))
`;

describe.skipIf(python.missing !== "")(`PyTorch${python.missing}`, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pytorch-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("loads what savePt saved, in memory and mapped, as what it saved itself", async () => {
    for (const name of Object.keys(files)) await savePt(await loadPt(join(reference, "pt", name)), join(folder, name));
    const loaded = await python.run(loadAll, reference, folder, ...Object.keys(files));
    expect(loaded).toEqual({ whole: files, mmap: files, "computed places": files });
  });

  it("goes on training from a state dict of plain objects, as if nothing had happened", async () => {
    const [before, after] = [join(folder, "before.pt"), join(folder, "after.pt")];
    const expected = await python.run(start, before);
    const saved = await loadPt<Saved>(before);
    const { state, param_groups } = saved.optimizer;
    const plain = [...state].map(([index, { step, exp_avg, exp_avg_sq }]) => [
      index,
      { step: copyOf(step), exp_avg: copyOf(exp_avg), exp_avg_sq: copyOf(exp_avg_sq) },
    ]);
    await savePt(
      {
        parameters: saved.parameters.map(copyOf),
        optimizer: { state: Object.fromEntries(plain), param_groups: param_groups.map((group) => ({ ...group })) },
        scheduler: { ...saved.scheduler, milestones: Object.fromEntries(saved.scheduler.milestones) },
      },
      after,
    );
    // The same numbers, to the bit.
    expect(await python.run(goOn, after)).toEqual(expected);
  });
});

interface Saved {
  parameters: SavedTensor[];
  optimizer: {
    state: Map<number, { step: SavedTensor; exp_avg: SavedTensor; exp_avg_sq: SavedTensor }>;
    param_groups: Record<string, unknown>[];
  };
  scheduler: { milestones: Map<number, number> };
}

/** As an optimizer over plain arrays has it. */
const copyOf = ({ shape, data }: SavedTensor) => ({ shape, data: data.slice() });
