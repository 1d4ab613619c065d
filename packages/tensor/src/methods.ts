// Every function here takes a tensor first and is a method of Tensor too: x.add(y) is add(x, y).
export { add, add_, div, div_, mul, mul_, neg, square, sub, sub_ } from "./ops/arithmetic.ts";
export { all, any } from "./ops/all-any.ts";
export { conv1d, conv2d, conv3d, convTranspose2d } from "./ops/conv.ts";
export { cumsum, cumsum_ } from "./ops/cumsum.ts";
export { amax, amin, argmax, argmin, max, min } from "./ops/extremes.ts";
export { gather, index, indexSelect, scatterAdd, scatterAdd_, slice, take } from "./ops/indexing.ts";
export { interpolate } from "./ops/interpolate.ts";
export { chunk, split } from "./ops/joining.ts";
export { logsumexp } from "./ops/logsumexp.ts";
export { bmm, linear, matmul, outer } from "./ops/matmul.ts";
export { mean } from "./ops/mean.ts";
export { norm } from "./ops/norm.ts";
export { oneHot } from "./ops/one-hot.ts";
export { pad } from "./ops/pad.ts";
export { adaptiveAvgPool2d, avgPool2d, maxPool2d } from "./ops/pooling.ts";
export { prod } from "./ops/prod.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { sort, topk } from "./ops/sort.ts";
export { std, var } from "./ops/variance.ts";
export { tril, tril_, triu, triu_ } from "./ops/triangle.ts";
export { exp } from "./ops/exp.ts";
export { sum } from "./ops/sum.ts";
export { to } from "./ops/to.ts";
export { clone, contiguous } from "./primitives/contiguous.ts";
export {
  expand,
  flatten,
  flip,
  narrow,
  permute,
  reshape,
  select,
  squeeze,
  transpose,
  unfold,
  unsqueeze,
  view,
} from "./primitives/view.ts";
