export type { CustomChart, CustomScalarLayout } from "./custom-scalars/custom-scalars.ts";
export type { EmbeddingLabel } from "./embeddings/embeddings.ts";
export type { Canvas, Figure, FigureElement, RgbaPixels } from "./figures/figure.ts";
export type { Rasterize } from "./figures/rasterize.ts";
export type { TracedModel } from "./graphs/trace.ts";
export type { RecordedOp, TracedTensor } from "./graphs/traced-tensor.ts";
export type { BinRule } from "./histograms/bin-rules.ts";
export type { HistogramForm, RawHistogram } from "./histograms/histograms.ts";
export type { HParamDomains, HParamValue } from "./hparams/hparams.ts";
export {
  type Grid,
  type ImageHere,
  type Images,
  type ImagesOnDevice,
  type MakeGridOptions,
  makeGrid,
} from "./images/make-grid.ts";
export { type FeatureMapsOptions, featureMaps } from "./models/feature-maps.ts";
export type { HookedModel, HookedModule, HookHandle } from "./models/hooked-module.ts";
export { type HasKernels, type KernelsOptions, kernels } from "./models/kernels.ts";
export { OptionError } from "./options/option-error.ts";
export type { PrCurve } from "./pr-curves/pr-curves.ts";
export type {
  Event,
  HistogramProto,
  PluginData,
  SessionLog,
  Summary,
  SummaryAudio,
  SummaryImage,
  SummaryMetadata,
  SummaryValue,
  TaggedRunMetadata,
  TensorProto,
} from "./protos/messages.ts";
export { EventFileError } from "./records/event-file-error.ts";
export { EventReader, type EventReaderOptions } from "./records/event-reader.ts";
export { type EventSource, readEvents } from "./records/read-events.ts";
export type { ScalarForm } from "./scalars/scalars.ts";
export { downloadFiles } from "./sinks/download-files.ts";
export { fileSink } from "./sinks/file-sink.ts";
export { type MemorySink, memorySink } from "./sinks/memory-sink.ts";
export { opfsSink } from "./sinks/opfs-sink.ts";
export { type PostSinkOptions, postSink } from "./sinks/post-sink.ts";
export type { SinkFile, SummarySink } from "./sinks/summary-sink.ts";
export { SummaryWriter } from "./summary-writer.ts";
export type { NestedNumbers, Numbers, NumbersRead, ShapedNumbers, TypedArray } from "./values/numbers.ts";
export type {
  AudioOptions,
  CustomChartOptions,
  EmbeddingOptions,
  FigureOptions,
  HistogramOptions,
  HparamsOptions,
  ImageOptions,
  ImageWithBoxesOptions,
  MeshOptions,
  PrCurveOptions,
  ScalarOptions,
  SummaryWriterOptions,
  VideoOptions,
} from "./writer-options.ts";
export type { EventTime } from "./writing/event-content.ts";
