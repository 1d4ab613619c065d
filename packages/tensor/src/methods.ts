// Every function here takes a tensor first and is a method of Tensor too: x.add(y) is add(x, y).
export {
  glu,
  hardsigmoid,
  hardswish,
  hardtanh,
  hardtanh_,
  leakyRelu,
  leakyRelu_,
  mish,
  relu,
  relu_,
  relu6,
  silu,
  softsign,
  threshold,
} from "./ops/activations.ts";
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from "./ops/adaptive-pool.ts";
export { all, any } from "./ops/all-any.ts";
export { add, add_, div, div_, mul, mul_, neg, neg_, sub, sub_ } from "./ops/arithmetic.ts";
export { avgPool1d, avgPool2d, avgPool3d } from "./ops/avg-pool.ts";
export {
  bitwiseAnd,
  bitwiseAnd_,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseNot_,
  bitwiseOr,
  bitwiseOr_,
  bitwiseRightShift,
  bitwiseXor,
  bitwiseXor_,
} from "./ops/bitwise.ts";
export { clamp, clamp_ } from "./ops/clamp.ts";
export { eq, eq_, ge, ge_, gt, gt_, le, le_, lt, lt_, ne, ne_ } from "./ops/comparison.ts";
export { conv1d, conv2d, conv3d } from "./ops/conv.ts";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./ops/conv-transpose.ts";
export { cumsum, cumsum_ } from "./ops/cumsum.ts";
export { celu, elu, elu_, selu } from "./ops/elu.ts";
export { erf, erf_ } from "./ops/erf.ts";
export { exp, exp_, exp2, exp2_, expm1, expm1_ } from "./ops/exponential.ts";
export { amax, amin, argmax, argmin, max, min } from "./ops/extremes.ts";
export { copy_, fill_, maskedFill, maskedFill_, zero_ } from "./ops/fill.ts";
export { isfinite, isinf, isnan } from "./ops/float-classes.ts";
export { gelu } from "./ops/gelu.ts";
export { cosh, cosh_, sinh, sinh_, tanh, tanh_ } from "./ops/hyperbolic.ts";
export { hypot, hypot_ } from "./ops/hypot.ts";
export { gather, index, indexSelect, scatterAdd, scatterAdd_, slice, take } from "./ops/indexing.ts";
export { interpolate } from "./ops/interpolate.ts";
export { chunk, split } from "./ops/joining.ts";
export { lerp, lerp_ } from "./ops/lerp.ts";
export { log, log_, log1p, log1p_, log2, log2_, log10, log10_ } from "./ops/logarithm.ts";
export {
  logicalAnd,
  logicalAnd_,
  logicalNot,
  logicalNot_,
  logicalOr,
  logicalOr_,
  logicalXor,
  logicalXor_,
} from "./ops/logical.ts";
export { logsumexp } from "./ops/logsumexp.ts";
export { bmm, linear, matmul, outer } from "./ops/matmul.ts";
export { maxPool1d, maxPool2d, maxPool3d } from "./ops/max-pool.ts";
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from "./ops/max-unpool.ts";
export { maximum, minimum } from "./ops/maximum.ts";
export { mean } from "./ops/mean.ts";
export { norm } from "./ops/norm.ts";
export { oneHot } from "./ops/one-hot.ts";
export { pad } from "./ops/pad.ts";
export { pow, pow_, reciprocal, reciprocal_, rsqrt, rsqrt_, sqrt, sqrt_, square, square_ } from "./ops/power.ts";
export { prod } from "./ops/prod.ts";
export { floorDivide, floorDivide_, fmod, fmod_, remainder, remainder_ } from "./ops/remainder.ts";
export { ceil, ceil_, floor, floor_, frac, frac_, round, round_, trunc, trunc_ } from "./ops/rounding.ts";
export { logSigmoid, sigmoid, sigmoid_ } from "./ops/sigmoid.ts";
export { abs, abs_, sign, sign_ } from "./ops/sign.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { softplus } from "./ops/softplus.ts";
export { sort, topk } from "./ops/sort.ts";
export { sum } from "./ops/sum.ts";
export { to } from "./ops/to.ts";
export { tril, tril_, triu, triu_ } from "./ops/triangle.ts";
export {
  acos,
  acos_,
  asin,
  asin_,
  atan,
  atan_,
  atan2,
  atan2_,
  cos,
  cos_,
  sin,
  sin_,
  tan,
  tan_,
} from "./ops/trigonometry.ts";
export { std, var } from "./ops/variance.ts";
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
  unflatten,
  unfold,
  unsqueeze,
  view,
} from "./primitives/view.ts";
export { bernoulli_ } from "./random/bernoulli.ts";
export { normal_ } from "./random/normal.ts";
export { uniform_ } from "./random/uniform.ts";
