export type { Pair, Single, Sizes, Triple } from "./check-sizes.ts";
export type { AlphaDropoutOptions } from "./functional/alpha-dropout.ts";
export type { BatchNormArguments } from "./functional/batch-norm.ts";
export type { CosineSimilarityOptions } from "./functional/cosine-similarity.ts";
export type { DropoutOptions } from "./functional/dropout.ts";
export type { LookupOptions } from "./functional/embedding.ts";
export type { BagMode, BagOptions, EmbeddingBagArguments } from "./functional/embedding-bag.ts";
export type { GroupNormArguments } from "./functional/group-norm.ts";
export * as functional from "./functional/index.ts";
export type { InstanceNormArguments } from "./functional/instance-norm.ts";
export type { LayerNormArguments } from "./functional/layer-norm.ts";
export type { LocalResponseNormOptions } from "./functional/local-response-norm.ts";
export type { BCELossOptions } from "./functional/losses/binary-cross-entropy.ts";
export type { BCEWithLogitsLossOptions } from "./functional/losses/binary-cross-entropy-with-logits.ts";
export type { CosineEmbeddingLossOptions } from "./functional/losses/cosine-embedding-loss.ts";
export type { CrossEntropyLossOptions } from "./functional/losses/cross-entropy.ts";
export type { CTCLossOptions } from "./functional/losses/ctc-loss.ts";
export type { Lengths } from "./functional/losses/ctc-targets.ts";
export type { GaussianNLLLossOptions } from "./functional/losses/gaussian-nll-loss.ts";
export type { HingeEmbeddingLossOptions } from "./functional/losses/hinge-embedding-loss.ts";
export type { HuberLossOptions } from "./functional/losses/huber-loss.ts";
export type { KLDivLossOptions } from "./functional/losses/kl-div.ts";
export type { MarginRankingLossOptions } from "./functional/losses/margin-ranking-loss.ts";
export type { MultiMarginLossOptions } from "./functional/losses/multi-margin-loss.ts";
export type { NLLLossOptions } from "./functional/losses/nll-loss.ts";
export type { PoissonNLLLossOptions } from "./functional/losses/poisson-nll-loss.ts";
export type { LossOptions, Reduction } from "./functional/losses/reduction.ts";
export type { SmoothL1LossOptions } from "./functional/losses/smooth-l1-loss.ts";
export type { TripletMarginLossOptions } from "./functional/losses/triplet-margin-loss.ts";
export type {
  DistanceFunction,
  TripletMarginWithDistanceLossOptions,
} from "./functional/losses/triplet-margin-with-distance-loss.ts";
export type { LpPoolOptions } from "./functional/lp-pool.ts";
export type { NormalizeOptions } from "./functional/normalize.ts";
export type { PairwiseDistanceOptions } from "./functional/pairwise-distance.ts";
export type { RMSNormArguments } from "./functional/rms-norm.ts";
export type { RReLUOptions } from "./functional/rrelu.ts";
export type { ScaledDotProductAttentionOptions } from "./functional/scaled-dot-product-attention.ts";
export type { ShrinkOptions } from "./functional/shrink.ts";
export * as init from "./init/index.ts";
export { CELU, ELU, SELU } from "./layers/activations/elu.ts";
export { GELU, type GELUOptions } from "./layers/activations/gelu.ts";
export { GLU } from "./layers/activations/glu.ts";
export { LeakyReLU, type LeakyReLUOptions } from "./layers/activations/leaky-relu.ts";
export { PReLU, type PReLUOptions } from "./layers/activations/prelu.ts";
export { ReLU, ReLU6 } from "./layers/activations/relu.ts";
export { RReLU } from "./layers/activations/rrelu.ts";
export { Hardshrink, Softshrink, Tanhshrink } from "./layers/activations/shrink.ts";
export { Hardsigmoid, LogSigmoid, Sigmoid } from "./layers/activations/sigmoid.ts";
export { LogSoftmax, Softmax, Softmax2d, Softmin } from "./layers/activations/softmax.ts";
export { Softplus, type SoftplusOptions } from "./layers/activations/softplus.ts";
export { Hardswish, Mish, SiLU } from "./layers/activations/swish.ts";
export { Hardtanh, type HardtanhOptions, Softsign, Tanh } from "./layers/activations/tanh.ts";
export { Threshold } from "./layers/activations/threshold.ts";
export {
  type AttendOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from "./layers/attention/multihead-attention.ts";
export {
  type Decoder,
  type Encoder,
  Transformer,
  type TransformerMasks,
  type TransformerOptions,
} from "./layers/attention/transformer.ts";
export {
  type DecoderLayer,
  TransformerDecoder,
  type TransformerDecoderOptions,
} from "./layers/attention/transformer-decoder.ts";
export { type DecoderMasks, TransformerDecoderLayer } from "./layers/attention/transformer-decoder-layer.ts";
export {
  type EncoderLayer,
  type EncoderMasks,
  TransformerEncoder,
  type TransformerEncoderOptions,
} from "./layers/attention/transformer-encoder.ts";
export { type EncoderLayerMasks, TransformerEncoderLayer } from "./layers/attention/transformer-encoder-layer.ts";
export type { Activation, TransformerLayerOptions } from "./layers/attention/transformer-layer.ts";
export type { Entries } from "./layers/containers/keyed.ts";
export { ModuleDict } from "./layers/containers/module-dict.ts";
export { ModuleList } from "./layers/containers/module-list.ts";
export { ParameterDict } from "./layers/containers/parameter-dict.ts";
export { ParameterList } from "./layers/containers/parameter-list.ts";
export { Sequential } from "./layers/containers/sequential.ts";
export { ConvTranspose1d, type ConvTranspose1dOptions } from "./layers/convolution/conv-transpose1d.ts";
export { ConvTranspose2d, type ConvTranspose2dOptions } from "./layers/convolution/conv-transpose2d.ts";
export { ConvTranspose3d, type ConvTranspose3dOptions } from "./layers/convolution/conv-transpose3d.ts";
export { Conv1d, type Conv1dOptions } from "./layers/convolution/conv1d.ts";
export { Conv2d, type Conv2dOptions } from "./layers/convolution/conv2d.ts";
export { Conv3d, type Conv3dOptions } from "./layers/convolution/conv3d.ts";
export type { ConvOptions } from "./layers/convolution/convolution.ts";
export type { ConvTransposeOptions, OutputSizeOption } from "./layers/convolution/transposed-convolution.ts";
export { CosineSimilarity } from "./layers/distance/cosine-similarity.ts";
export { PairwiseDistance } from "./layers/distance/pairwise-distance.ts";
export { AlphaDropout, FeatureAlphaDropout } from "./layers/dropout/alpha-dropout.ts";
export { Dropout, Dropout1d, Dropout2d, Dropout3d } from "./layers/dropout/dropout.ts";
export { Embedding, type EmbeddingOptions, type PretrainedOptions } from "./layers/embedding/embedding.ts";
export { EmbeddingBag, type EmbeddingBagOptions } from "./layers/embedding/embedding-bag.ts";
export { Bilinear, type BilinearOptions } from "./layers/linear/bilinear.ts";
export { Identity } from "./layers/linear/identity.ts";
export { Linear, type LinearOptions } from "./layers/linear/linear.ts";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from "./layers/normalization/batch-norm.ts";
export { GroupNorm, type GroupNormOptions } from "./layers/normalization/group-norm.ts";
export {
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  type InstanceNormOptions,
} from "./layers/normalization/instance-norm.ts";
export { LayerNorm, type LayerNormOptions } from "./layers/normalization/layer-norm.ts";
export { LocalResponseNorm } from "./layers/normalization/local-response-norm.ts";
export { RMSNorm, type RMSNormOptions } from "./layers/normalization/rms-norm.ts";
export { AdaptiveAvgPool1d } from "./layers/pooling/adaptive-avg-pool1d.ts";
export { AdaptiveAvgPool2d } from "./layers/pooling/adaptive-avg-pool2d.ts";
export { AdaptiveAvgPool3d } from "./layers/pooling/adaptive-avg-pool3d.ts";
export { AdaptiveMaxPool1d } from "./layers/pooling/adaptive-max-pool1d.ts";
export { AdaptiveMaxPool2d } from "./layers/pooling/adaptive-max-pool2d.ts";
export { AdaptiveMaxPool3d } from "./layers/pooling/adaptive-max-pool3d.ts";
export type { AvgPoolOptions, AvgPoolWithDivisorOptions } from "./layers/pooling/avg-pool.ts";
export { AvgPool1d, type AvgPool1dOptions } from "./layers/pooling/avg-pool1d.ts";
export { AvgPool2d, type AvgPool2dOptions } from "./layers/pooling/avg-pool2d.ts";
export { AvgPool3d, type AvgPool3dOptions } from "./layers/pooling/avg-pool3d.ts";
export { LPPool1d, type LPPool1dOptions } from "./layers/pooling/lp-pool1d.ts";
export { LPPool2d, type LPPool2dOptions } from "./layers/pooling/lp-pool2d.ts";
export { LPPool3d, type LPPool3dOptions } from "./layers/pooling/lp-pool3d.ts";
export type { MaxPoolOptions } from "./layers/pooling/max-pool.ts";
export { MaxPool1d, type MaxPool1dOptions } from "./layers/pooling/max-pool1d.ts";
export { MaxPool2d, type MaxPool2dOptions } from "./layers/pooling/max-pool2d.ts";
export { MaxPool3d, type MaxPool3dOptions } from "./layers/pooling/max-pool3d.ts";
export type { MaxUnpoolOptions } from "./layers/pooling/max-unpool.ts";
export { MaxUnpool1d, type MaxUnpool1dOptions } from "./layers/pooling/max-unpool1d.ts";
export { MaxUnpool2d, type MaxUnpool2dOptions } from "./layers/pooling/max-unpool2d.ts";
export { MaxUnpool3d, type MaxUnpool3dOptions } from "./layers/pooling/max-unpool3d.ts";
export { GRUCell, LSTMCell, RNNCell, type RNNCellOptions } from "./layers/recurrent/cells.ts";
export { GRU, type GRUOptions } from "./layers/recurrent/gru.ts";
export { LSTM, type LSTMOptions } from "./layers/recurrent/lstm.ts";
export type { RecurrentOptions, SequenceOptions } from "./layers/recurrent/recurrent.ts";
export type { RecurrentCellOptions } from "./layers/recurrent/recurrent-cell.ts";
export { RNN, type RNNOptions } from "./layers/recurrent/rnn.ts";
export { CircularPad1d, CircularPad2d, CircularPad3d } from "./layers/shape/circular-pad.ts";
export { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "./layers/shape/constant-pad.ts";
export { Flatten, type FlattenOptions } from "./layers/shape/flatten.ts";
export type { Sides1d, Sides2d, Sides3d } from "./layers/shape/padding.ts";
export { PixelShuffle, PixelUnshuffle } from "./layers/shape/pixel-shuffle.ts";
export { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "./layers/shape/reflection-pad.ts";
export { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "./layers/shape/replication-pad.ts";
export { Unflatten } from "./layers/shape/unflatten.ts";
export { Upsample } from "./layers/shape/upsample.ts";
export { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "./layers/shape/zero-pad.ts";
export { BCELoss } from "./losses/bce-loss.ts";
export { BCEWithLogitsLoss } from "./losses/bce-with-logits-loss.ts";
export { CosineEmbeddingLoss } from "./losses/cosine-embedding-loss.ts";
export { CrossEntropyLoss } from "./losses/cross-entropy-loss.ts";
export { CTCLoss } from "./losses/ctc-loss.ts";
export { GaussianNLLLoss } from "./losses/gaussian-nll-loss.ts";
export { HingeEmbeddingLoss } from "./losses/hinge-embedding-loss.ts";
export { HuberLoss } from "./losses/huber-loss.ts";
export { KLDivLoss } from "./losses/kl-div-loss.ts";
export { L1Loss } from "./losses/l1-loss.ts";
export { MarginRankingLoss } from "./losses/margin-ranking-loss.ts";
export { MSELoss } from "./losses/mse-loss.ts";
export { MultiLabelMarginLoss } from "./losses/multi-label-margin-loss.ts";
export { MultiLabelSoftMarginLoss } from "./losses/multi-label-soft-margin-loss.ts";
export { MultiMarginLoss } from "./losses/multi-margin-loss.ts";
export { NLLLoss } from "./losses/nll-loss.ts";
export { PoissonNLLLoss } from "./losses/poisson-nll-loss.ts";
export { SmoothL1Loss } from "./losses/smooth-l1-loss.ts";
export { SoftMarginLoss } from "./losses/soft-margin-loss.ts";
export { TripletMarginLoss } from "./losses/triplet-margin-loss.ts";
export { TripletMarginWithDistanceLoss } from "./losses/triplet-margin-with-distance-loss.ts";
export type { ModeMark } from "./module/eval-warning.ts";
export { evaluate, evaluating } from "./module/evaluate.ts";
export type {
  AnyForward,
  ForwardHook,
  ForwardInputs,
  ForwardPreHook,
  FullBackwardHook,
  FullBackwardPreHook,
  Gradients,
  HookHandle,
  HookOptions,
  HookShapes,
} from "./module/hooks.ts";
export { type BufferOptions, type Layer, type MembersOptions, Module } from "./module/module.ts";
export { Parameter } from "./module/parameter.ts";
export type { LoadOptions, LoadResult, StateDict, StateSource, StateValue } from "./module/state-dict.ts";
export { clipGradNorm_, clipGradsWithNorm_, getTotalNorm, type TotalNormOptions } from "./parameters/clip-grad-norm.ts";
export { clipGradValue_ } from "./parameters/clip-grad-value.ts";
export { parametersToVector, vectorToParameters } from "./parameters/parameter-vector.ts";
export { isParametrized, type Parametrization } from "./parametrizations/parametrization.ts";
export { registerParametrization } from "./parametrizations/register.ts";
export { type RemoveOptions, removeParametrizations } from "./parametrizations/remove.ts";
export { type SpectralNormOptions, spectralNorm } from "./parametrizations/spectral-norm.ts";
export { type WeightNormOptions, weightNorm } from "./parametrizations/weight-norm.ts";
export { ModelSummary, type SummaryRow } from "./summary/model-summary.ts";
export { type SummaryInput, type SummaryOptions, summary } from "./summary/summary.ts";
