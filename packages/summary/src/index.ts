export { OptionError } from "./options/option-error.ts";
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
