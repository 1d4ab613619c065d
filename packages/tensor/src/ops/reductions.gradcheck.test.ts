import { at, spread, testGradients } from "../../test/gradient-suite.ts";

const x = spread([2, 3, 2]);
const positive = spread([2, 3], 0.3, 2.4);

testGradients({
  sum: { fn: (a) => a.sum(), inputs: [x] },
  "sum, dims": { fn: (a) => a.square().sum([0, 2]), inputs: [x] },
  "sum, keepdim": { fn: (a) => a.sum(1, { keepdim: true }).mul(a), inputs: [x] },
  mean: { fn: (a) => a.mean(), inputs: [x] },
  "mean, dim": { fn: (a) => a.exp().mean(-1), inputs: [x] },
  prod: { fn: (a) => a.prod(), inputs: [spread([2, 2])] },
  "prod, dim": { fn: (a) => a.prod(1), inputs: [x] },
  "prod with a zero": { fn: (a) => a.prod(), inputs: [at([1.5, 0, -2])] },
  "prod with two zeros": { fn: (a) => a.prod(), inputs: [at([1.5, 0, -2, 0])] },
  cumsum: { fn: (a) => a.square().cumsum(1), inputs: [x] },
  amax: { fn: (a) => a.square().amax([0, 1]), inputs: [x] },
  amin: { fn: (a) => a.amin(), inputs: [x] },
  max: { fn: (a) => a.max().mul(a), inputs: [positive] },
  min: { fn: (a) => a.min(), inputs: [positive] },
  "max, dim": { fn: (a) => a.square().max(1).values, inputs: [x] },
  "min, dim, keepdim": { fn: (a) => a.min(0, { keepdim: true }).values, inputs: [x] },
  var: { fn: (a) => a.var(), inputs: [x] },
  "var, dim, no correction": { fn: (a) => a.var(1, { correction: 0 }), inputs: [x] },
  std: { fn: (a) => a.std(1), inputs: [x] },
  norm: { fn: (a) => a.norm(), inputs: [x] },
  "norm, p 1, dim": { fn: (a) => a.norm({ p: 1, dim: 0 }), inputs: [x] },
  "norm, p 3": { fn: (a) => a.norm({ p: 3, dim: 1 }), inputs: [x] },
  "norm, p Infinity": { fn: (a) => a.norm({ p: Infinity }), inputs: [x] },
  logsumexp: { fn: (a) => a.logsumexp(1), inputs: [x] },
  "logsumexp, dims": { fn: (a) => a.mul(20).logsumexp([0, 1], { keepdim: true }), inputs: [x] },
  softmax: { fn: (a) => a.softmax(-1), inputs: [x] },
  "softmax far from 0": { fn: (a) => a.add(1000).softmax(1), inputs: [x] },
  logSoftmax: { fn: (a) => a.logSoftmax(1), inputs: [x] },
  sort: { fn: (a) => a.square().sort(1).values, inputs: [x] },
  "sort, descending": { fn: (a) => a.sort(1, { descending: true }).values, inputs: [x] },
  topk: { fn: (a) => a.square().topk(2, { dim: 1 }).values, inputs: [x] },
});
