// torch.nn.functional: the function behind each layer and loss. Those that are plain tensor ops come from there.
export {
  celu,
  conv2d,
  elu,
  gelu,
  glu,
  hardsigmoid,
  hardswish,
  hardtanh,
  interpolate,
  leakyRelu,
  linear,
  logSigmoid as logsigmoid,
  logSoftmax,
  maxPool2d,
  mish,
  pad,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
  threshold,
} from "@anneal/tensor";
export { alphaDropout, featureAlphaDropout } from "./alpha-dropout.ts";
export { bilinear } from "./bilinear.ts";
export { dropout, dropout1d, dropout2d, dropout3d } from "./dropout.ts";
export { crossEntropy, nllLoss } from "./losses/cross-entropy.ts";
export { pixelShuffle, pixelUnshuffle } from "./pixel-shuffle.ts";
export { prelu } from "./prelu.ts";
export { rrelu } from "./rrelu.ts";
export { hardshrink, softshrink, tanhshrink } from "./shrink.ts";
export { softmin } from "./softmin.ts";
