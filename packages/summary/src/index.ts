export type { CustomChart, CustomScalarLayout } from "./custom-scalars/custom-scalars.ts";
export type { EmbeddingLabel } from "./embeddings/embeddings.ts";
export type { BinRule } from "./histograms/bin-rules.ts";
export type { HistogramForm, RawHistogram } from "./histograms/histograms.ts";
export type { HParamDomains, HParamValue } from "./hparams/hparams.ts";
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
export {
  type CustomChartOptions,
  type EmbeddingOptions,
  type HistogramOptions,
  type HparamsOptions,
  type MeshOptions,
  type PrCurveOptions,
  type ScalarOptions,
  SummaryWriter,
  type SummaryWriterOptions,
} from "./summary-writer.ts";
export type { NestedNumbers, Numbers, ShapedNumbers, TypedArray } from "./values/numbers.ts";
export type { EventTime } from "./writing/event-content.ts";
