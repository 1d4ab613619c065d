import type { ProbedFamily } from "../family.ts";
import { collectGarbage } from "../settle-memory.ts";
import { setUpAnneal } from "../setup/anneal.ts";
import { trainWithAnneal } from "../training/anneal.ts";

const STEPS = 1000;
/** Compilation and the engine's own warming up are over by then. */
const SETTLED = 100;

/**
 * Memory of the process, less what the JavaScript engine has taken for garbage to come: it enlarges its nursery while a program runs,
 * whatever the program does.
 */
function megabytesInUse(): number {
  collectGarbage();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return (rss - heapTotal + heapUsed) / 2 ** 20;
}

/** A thousand training steps, each in its scope: what is alive and what the process holds may not grow. */
export const memoryFamily: ProbedFamily = {
  kind: "probed",
  name: "memory",
  title: "Memory of a scoped training loop (MLP 784-64-10, batch 32, Adam)",
  probes: [
    {
      id: "scoped training loop",
      probe: async () => {
        await setUpAnneal(1);
        const { memory } = await import("@anneal/tensor");
        const { Linear, ReLU, Sequential } = await import("@anneal/nn");
        const step = await trainWithAnneal(
          new Sequential(new Linear(784, 64), new ReLU(), new Linear(64, 10)),
          [32, 784],
        );
        const figures: Record<string, number> = {};
        for (let i = 1; i <= STEPS; i++) {
          await step();
          if (i === 10 || i === STEPS) {
            const { tensors, bytes } = memory();
            figures[`tensors after step ${i}`] = tensors;
            figures[`bytes after step ${i}`] = bytes;
          }
          if (i === SETTLED || i === STEPS) {
            figures[`process MB after step ${i}`] = process.memoryUsage.rss() / 2 ** 20;
            figures[`process MB in use after step ${i}`] = megabytesInUse();
          }
        }
        return figures;
      },
    },
    {
      id: "Adam step",
      probe: async () => {
        await setUpAnneal(1);
        const { memory, randn, resetPeakMemory } = await import("@anneal/tensor");
        const { Parameter } = await import("@anneal/nn");
        const { Adam } = await import("@anneal/optim");
        const param = new Parameter(randn([1_000_000]));
        param.grad = randn([1_000_000]).realize();
        const optimizer = new Adam([param]);
        optimizer.step();
        resetPeakMemory();
        const { bytes } = memory();
        optimizer.step();
        return { "bytes taken": memory().peakBytes - bytes };
      },
    },
  ],
};
