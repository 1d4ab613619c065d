import type { PbfWriter } from "pbf";
import type {
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
} from "./messages.ts";
import { writePackedDoubles } from "./write-packed.ts";
import { writeTensor } from "./write-tensor.ts";
import { writeText } from "./write-text.ts";

/** Appends the event. Fields that are the proto's default are left out, except inside a oneof, where presence means something. */
export function writeEvent(event: Event, pbf: PbfWriter): void {
  if (event.wallTime !== 0) pbf.writeDoubleField(1, event.wallTime);
  if (event.step !== 0) pbf.writeVarintField(2, event.step);
  if (event.fileVersion !== undefined) writeText(pbf, 3, event.fileVersion);
  if (event.graphDef) pbf.writeBytesField(4, event.graphDef);
  if (event.summary) pbf.writeMessage(5, writeSummary, event.summary);
  if (event.sessionLog) pbf.writeMessage(7, writeSessionLog, event.sessionLog);
  if (event.taggedRunMetadata) pbf.writeMessage(8, writeRunMetadata, event.taggedRunMetadata);
  if (event.sourceMetadata) pbf.writeMessage(10, writeSource, event.sourceMetadata);
}

function writeSessionLog(log: SessionLog, pbf: PbfWriter): void {
  if (log.status !== 0) pbf.writeVarintField(1, log.status);
  if (log.checkpointPath) writeText(pbf, 2, log.checkpointPath);
  if (log.msg) writeText(pbf, 3, log.msg);
}

function writeRunMetadata(metadata: TaggedRunMetadata, pbf: PbfWriter): void {
  if (metadata.tag) writeText(pbf, 1, metadata.tag);
  if (metadata.runMetadata.length > 0) pbf.writeBytesField(2, metadata.runMetadata);
}

function writeSource(source: { writer: string }, pbf: PbfWriter): void {
  if (source.writer) writeText(pbf, 1, source.writer);
}

function writeSummary(summary: Summary, pbf: PbfWriter): void {
  for (const value of summary.value) pbf.writeMessage(1, writeValue, value);
}

function writeValue(value: SummaryValue, pbf: PbfWriter): void {
  if (value.tag) writeText(pbf, 1, value.tag);
  if (value.simpleValue !== undefined) pbf.writeFloatField(2, value.simpleValue);
  if (value.image) pbf.writeMessage(4, writeImage, value.image);
  if (value.histo) pbf.writeMessage(5, writeHistogram, value.histo);
  if (value.audio) pbf.writeMessage(6, writeAudio, value.audio);
  if (value.tensor) pbf.writeMessage(8, writeTensor, value.tensor);
  if (value.metadata) pbf.writeMessage(9, writeMetadata, value.metadata);
}

function writeImage(image: SummaryImage, pbf: PbfWriter): void {
  if (image.height !== 0) pbf.writeVarintField(1, image.height);
  if (image.width !== 0) pbf.writeVarintField(2, image.width);
  if (image.colorspace !== 0) pbf.writeVarintField(3, image.colorspace);
  if (image.encodedImageString.length > 0) pbf.writeBytesField(4, image.encodedImageString);
}

function writeHistogram(histo: HistogramProto, pbf: PbfWriter): void {
  if (histo.min !== 0) pbf.writeDoubleField(1, histo.min);
  if (histo.max !== 0) pbf.writeDoubleField(2, histo.max);
  if (histo.num !== 0) pbf.writeDoubleField(3, histo.num);
  if (histo.sum !== 0) pbf.writeDoubleField(4, histo.sum);
  if (histo.sumSquares !== 0) pbf.writeDoubleField(5, histo.sumSquares);
  writePackedDoubles(pbf, 6, histo.bucketLimit);
  writePackedDoubles(pbf, 7, histo.bucket);
}

function writeAudio(audio: SummaryAudio, pbf: PbfWriter): void {
  if (audio.sampleRate !== 0) pbf.writeFloatField(1, audio.sampleRate);
  if (audio.numChannels !== 0) pbf.writeVarintField(2, audio.numChannels);
  if (audio.lengthFrames !== 0) pbf.writeVarintField(3, audio.lengthFrames);
  if (audio.encodedAudioString.length > 0) pbf.writeBytesField(4, audio.encodedAudioString);
  if (audio.contentType) writeText(pbf, 5, audio.contentType);
}

function writeMetadata(metadata: SummaryMetadata, pbf: PbfWriter): void {
  if (metadata.pluginData) pbf.writeMessage(1, writePluginData, metadata.pluginData);
  if (metadata.displayName) writeText(pbf, 2, metadata.displayName);
  if (metadata.summaryDescription) writeText(pbf, 3, metadata.summaryDescription);
  if (metadata.dataClass) pbf.writeVarintField(4, metadata.dataClass);
}

function writePluginData(data: PluginData, pbf: PbfWriter): void {
  if (data.pluginName) writeText(pbf, 1, data.pluginName);
  if (data.content && data.content.length > 0) pbf.writeBytesField(2, data.content);
}
