import { at, fixed, spread, testGradients } from "../../test/gradient-suite.ts";
import { cat, stack } from "../index.ts";

const x = spread([2, 3, 4]);
const matrix = spread([3, 4]);

testGradients({
  reshape: { fn: (a) => a.reshape([4, -1]).square(), inputs: [x] },
  "reshape of a transposed view": { fn: (a) => a.transpose(0, 2).reshape([6, 4]).square(), inputs: [x] },
  view: { fn: (a) => a.view([6, 4]).square(), inputs: [x] },
  flatten: { fn: (a) => a.flatten(1).exp(), inputs: [x] },
  unflatten: { fn: (a) => a.unflatten(-1, [2, -1]).square(), inputs: [x] },
  permute: { fn: (a) => a.permute([2, 0, 1]).square(), inputs: [x] },
  transpose: { fn: (a) => a.transpose(0, -1).square(), inputs: [x] },
  T: { fn: (a) => a.T.mul(2), inputs: [matrix] },
  contiguous: { fn: (a) => a.T.contiguous().square(), inputs: [matrix] },
  expand: { fn: (a) => a.expand([2, 3, 4]).square(), inputs: [spread([3, 1])] },
  squeeze: { fn: (a) => a.squeeze(1).square(), inputs: [spread([2, 1, 3])] },
  unsqueeze: { fn: (a) => a.unsqueeze(1).square(), inputs: [matrix] },
  narrow: { fn: (a) => a.narrow(1, 1, 2).square(), inputs: [x] },
  select: { fn: (a) => a.select(1, -1).square(), inputs: [x] },
  slice: { fn: (a) => a.slice([null, [0, 3, 2], [1]]).square(), inputs: [x] },
  flip: { fn: (a) => a.flip([0, 2]).square(), inputs: [x] },
  unfold: { fn: (a) => a.unfold(2, 3, 1).square(), inputs: [x] },
  pad: { fn: (a) => a.pad([1, 2, 0, 1]).square(), inputs: [matrix] },
  "pad, cropping": { fn: (a) => a.pad([-1, 1]).square(), inputs: [matrix] },
  tril: { fn: (a) => a.square().tril(), inputs: [matrix] },
  triu: { fn: (a) => a.square().triu(1), inputs: [matrix] },
  cat: { fn: (a, b) => cat([a, b.square(), a], 1), inputs: [matrix, spread([3, 2])] },
  stack: { fn: (a, b) => stack([a.square(), b], -1), inputs: [matrix, spread([3, 4], 0, 1)] },
  split: { fn: (a) => a.square().split([1, 3], 1), inputs: [matrix] },
  chunk: { fn: (a) => a.square().chunk(2, 1), inputs: [matrix] },
  gather: { fn: (a, i) => a.square().gather(1, i), inputs: [matrix, fixed([3, 0, 1, 1, 2, 2], [3, 2])] },
  indexSelect: { fn: (a, i) => a.square().indexSelect(0, i), inputs: [matrix, fixed([2, 0, 2])] },
  take: { fn: (a, i) => a.square().take(i), inputs: [matrix, fixed([11, 0, 5, 5], [2, 2])] },
  index: { fn: (a, i, j) => a.index([i, j]).square(), inputs: [matrix, fixed([2, 0]), fixed([1, 3])] },
  "index with a range": { fn: (a, i) => a.index([[1, 3], i]).square(), inputs: [matrix, fixed([2, 0, 2])] },
  scatterAdd: {
    fn: (a, i, source) => a.scatterAdd(1, i, source).square(),
    inputs: [matrix, fixed([0, 0, 3, 2, 1, 1], [3, 2]), spread([3, 2], 0, 1)],
  },
  "several views of one tensor": {
    fn: (a) => a.select(0, 0).mul(a.T.select(0, 1).sum()),
    inputs: [at([1, 2, 3, 4], [2, 2])],
  },
});
