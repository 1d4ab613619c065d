// torch.nn.functional: the function behind each layer and loss. Those that are plain tensor ops come from there.
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  celu,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
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
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
  mish,
  oneHot,
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
export { batchNorm } from "./batch-norm.ts";
export { bilinear } from "./bilinear.ts";
export { cosineSimilarity } from "./cosine-similarity.ts";
export { dropout, dropout1d, dropout2d, dropout3d } from "./dropout.ts";
export { embedding } from "./embedding.ts";
export { embeddingBag } from "./embedding-bag.ts";
export { groupNorm } from "./group-norm.ts";
export { instanceNorm } from "./instance-norm.ts";
export { layerNorm } from "./layer-norm.ts";
export { localResponseNorm } from "./local-response-norm.ts";
export { binaryCrossEntropy } from "./losses/binary-cross-entropy.ts";
export { binaryCrossEntropyWithLogits } from "./losses/binary-cross-entropy-with-logits.ts";
export { cosineEmbeddingLoss } from "./losses/cosine-embedding-loss.ts";
export { crossEntropy } from "./losses/cross-entropy.ts";
export { ctcLoss } from "./losses/ctc-loss.ts";
export { gaussianNllLoss } from "./losses/gaussian-nll-loss.ts";
export { hingeEmbeddingLoss } from "./losses/hinge-embedding-loss.ts";
export { huberLoss } from "./losses/huber-loss.ts";
export { klDiv } from "./losses/kl-div.ts";
export { l1Loss } from "./losses/l1-loss.ts";
export { marginRankingLoss } from "./losses/margin-ranking-loss.ts";
export { mseLoss } from "./losses/mse-loss.ts";
export { multiMarginLoss } from "./losses/multi-margin-loss.ts";
export { multilabelMarginLoss } from "./losses/multilabel-margin-loss.ts";
export { multilabelSoftMarginLoss } from "./losses/multilabel-soft-margin-loss.ts";
export { nllLoss } from "./losses/nll-loss.ts";
export { poissonNllLoss } from "./losses/poisson-nll-loss.ts";
export { smoothL1Loss } from "./losses/smooth-l1-loss.ts";
export { softMarginLoss } from "./losses/soft-margin-loss.ts";
export { tripletMarginLoss } from "./losses/triplet-margin-loss.ts";
export { tripletMarginWithDistanceLoss } from "./losses/triplet-margin-with-distance-loss.ts";
export { lpPool1d, lpPool2d, lpPool3d } from "./lp-pool.ts";
export { normalize } from "./normalize.ts";
export { pairwiseDistance } from "./pairwise-distance.ts";
export { pixelShuffle, pixelUnshuffle } from "./pixel-shuffle.ts";
export { prelu } from "./prelu.ts";
export { rmsNorm } from "./rms-norm.ts";
export { rrelu } from "./rrelu.ts";
export { scaledDotProductAttention } from "./scaled-dot-product-attention.ts";
export { hardshrink, softshrink, tanhshrink } from "./shrink.ts";
export { softmin } from "./softmin.ts";
