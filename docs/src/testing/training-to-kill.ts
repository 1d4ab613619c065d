// A training that can be killed at any moment: `training-to-kill.ts FOLDER STEPS`. It goes on from the checkpoints in the folder, saves every
// other step, and leaves its last checkpoint there. Prints a line when it begins, and one at each save.
import { setImmediate as eventLoop } from "node:timers/promises";
import { CheckpointManager } from "@anneal/checkpoint";
import { DataLoader, TensorDataset } from "@anneal/data";
import { BatchNorm1d, CrossEntropyLoss, Dropout, Linear, ReLU, Sequential } from "@anneal/nn";
import { Adam } from "@anneal/optim";
import { CosineAnnealingLR } from "@anneal/schedulers";
import { arange, defaultGenerator, manualSeed, rand, randint, setDefaultDevice, wasm } from "@anneal/tensor";

const [, , directory = "", steps = ""] = process.argv;
setDefaultDevice(await wasm({ threads: 1 }));
manualSeed(1);
const samples = 40;
const dataset = new TensorDataset(rand([samples, 6]).realize(), randint(0, 3, [samples]).realize(), arange(samples));
const loader = new DataLoader(dataset, { batchSize: 6, shuffle: true, seed: 2 });
const model = new Sequential(new Linear(6, 16), new BatchNorm1d(16), new ReLU(), new Dropout(0.4), new Linear(16, 3));
const criterion = new CrossEntropyLoss();
const optimizer = new Adam(model.parameters(), { lr: 1e-2 });
const scheduler = new CosineAnnealingLR(optimizer, { tMax: 10 });
const parts = { model, optimizer, scheduler, loader, generator: defaultGenerator() };

const manager = new CheckpointManager({ directory });
const resumed = await manager.resume(parts);
const losses = [...((resumed?.losses ?? []) as number[])];
const order = [...((resumed?.order ?? []) as number[][])];
console.log(`begins at ${losses.length}`);
while (losses.length < Number(steps)) {
  for (const [x, y, indices] of loader) {
    const loss = criterion.forward(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    losses.push(loss.itemSync());
    order.push([...indices.dataSync()].map(Number));
    if (losses.length % 2 === 0) {
      console.log("saves");
      await manager.save({ ...parts, losses, order });
    }
    await eventLoop();
    if (losses.length === Number(steps)) break;
  }
  scheduler.step();
}
await manager.save({ ...parts, losses, order });
await manager.close();
