import type { Prepare, TimedFamily } from "../family.ts";
import { force } from "../ours/force.ts";

const PARAMETERS = 1000;
const SIZE = 64;
const GROUPS = 100;

const tensors: Prepare = async () => {
  const { randn } = await import("@anneal/tensor");
  const { Adam } = await import("@anneal/optim");
  const { Parameter } = await import("@anneal/nn");
  const params = Array.from({ length: PARAMETERS }, () => new Parameter(randn([SIZE])));
  for (const param of params) param.grad = randn([SIZE]);
  force(...params, ...params.flatMap((param) => param.grad ?? []));
  const optimizer = new Adam(params, { lr: 1e-3 });
  return () => optimizer.step();
};

const arrays: Prepare = async () => {
  const { Adam, arrayParameter } = await import("@anneal/optim");
  const params = Array.from({ length: PARAMETERS }, () => arrayParameter(new Float32Array(SIZE)));
  for (const param of params) param.grad = new Float32Array(SIZE).fill(0.1);
  const optimizer = new Adam(params, { lr: 1e-3 });
  return () => optimizer.step();
};

const scheduler: Prepare = async () => {
  const { CosineAnnealingLR } = await import("@anneal/schedulers");
  const optimizer = { paramGroups: Array.from({ length: GROUPS }, () => ({ lr: 0.1 })), step() {} };
  const scheduler = new CosineAnnealingLR(optimizer, { tMax: 1000 });
  optimizer.step();
  return () => scheduler.step();
};

/** What a step costs where there is next to nothing to compute. */
export const stepsFamily: TimedFamily = {
  kind: "timed",
  name: "steps",
  title: `Small steps: Adam over ${PARAMETERS.toLocaleString("en-US")} parameters of ${SIZE} numbers, a schedule of ${GROUPS} groups`,
  cases: [
    { id: "Adam, 1,000 small tensors", anneal: tensors, torch: true },
    { id: "Adam, 1,000 small arrays", anneal: arrays },
    { id: "CosineAnnealingLR, 100 groups", anneal: scheduler, torch: true },
  ],
};
