import { PbfReader } from "pbf";
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
import { readMessage } from "./read-message.ts";
import { readTensor } from "./read-tensor.ts";

const noBytes = new Uint8Array(0);

/**
 * The event that `bytes` are. Shares no memory with them.
 *
 * @throws {Error} if they are no event
 */
export function readEvent(bytes: Uint8Array): Event {
  const pbf = new PbfReader(bytes);
  return readMessage(pbf, readEventField, { wallTime: 0, step: 0 }, pbf.length);
}

function readEventField(field: number, event: Event, pbf: PbfReader): void {
  if (field === 1) event.wallTime = pbf.readDouble();
  else if (field === 2) event.step = pbf.readVarint(true);
  else if (field === 3) event.fileVersion = pbf.readString();
  else if (field === 4) event.graphDef = pbf.readBytes().slice();
  else if (field === 5) event.summary = readMessage(pbf, readSummaryField, event.summary ?? { value: [] });
  else if (field === 7) event.sessionLog = readMessage(pbf, readSessionLogField, { status: 0 });
  else if (field === 8) {
    event.taggedRunMetadata = readMessage(pbf, readRunMetadataField, { tag: "", runMetadata: noBytes });
  } else if (field === 10) event.sourceMetadata = readMessage(pbf, readSourceField, { writer: "" });
}

function readSessionLogField(field: number, log: SessionLog, pbf: PbfReader): void {
  if (field === 1) log.status = pbf.readVarint();
  else if (field === 2) log.checkpointPath = pbf.readString();
  else if (field === 3) log.msg = pbf.readString();
}

function readRunMetadataField(field: number, metadata: TaggedRunMetadata, pbf: PbfReader): void {
  if (field === 1) metadata.tag = pbf.readString();
  else if (field === 2) metadata.runMetadata = pbf.readBytes().slice();
}

function readSourceField(field: number, source: { writer: string }, pbf: PbfReader): void {
  if (field === 1) source.writer = pbf.readString();
}

function readSummaryField(field: number, summary: Summary, pbf: PbfReader): void {
  if (field === 1) summary.value.push(readMessage(pbf, readValueField, { tag: "" }));
}

function readValueField(field: number, value: SummaryValue, pbf: PbfReader): void {
  if (field === 1) value.tag = pbf.readString();
  else if (field === 2) value.simpleValue = pbf.readFloat();
  else if (field === 4) {
    value.image = readMessage(pbf, readImageField, { height: 0, width: 0, colorspace: 0, encodedImageString: noBytes });
  } else if (field === 5) {
    const bucketLimit: number[] = [];
    const bucket: number[] = [];
    const histo = { min: 0, max: 0, num: 0, sum: 0, sumSquares: 0, bucketLimit, bucket };
    value.histo = readMessage(pbf, readHistogramField, histo);
  } else if (field === 6) {
    const empty = { sampleRate: 0, numChannels: 0, lengthFrames: 0, encodedAudioString: noBytes, contentType: "" };
    value.audio = readMessage(pbf, readAudioField, empty);
  } else if (field === 8) value.tensor = readTensor(pbf);
  else if (field === 9) value.metadata = readMessage(pbf, readMetadataField, {});
}

function readImageField(field: number, image: SummaryImage, pbf: PbfReader): void {
  if (field === 1) image.height = pbf.readVarint(true);
  else if (field === 2) image.width = pbf.readVarint(true);
  else if (field === 3) image.colorspace = pbf.readVarint(true);
  else if (field === 4) image.encodedImageString = pbf.readBytes().slice();
}

interface ReadHistogram extends HistogramProto {
  bucketLimit: number[];
  bucket: number[];
}

function readHistogramField(field: number, histo: ReadHistogram, pbf: PbfReader): void {
  if (field === 1) histo.min = pbf.readDouble();
  else if (field === 2) histo.max = pbf.readDouble();
  else if (field === 3) histo.num = pbf.readDouble();
  else if (field === 4) histo.sum = pbf.readDouble();
  else if (field === 5) histo.sumSquares = pbf.readDouble();
  else if (field === 6) pbf.readPackedDouble(histo.bucketLimit);
  else if (field === 7) pbf.readPackedDouble(histo.bucket);
}

function readAudioField(field: number, audio: SummaryAudio, pbf: PbfReader): void {
  if (field === 1) audio.sampleRate = pbf.readFloat();
  else if (field === 2) audio.numChannels = pbf.readVarint(true);
  else if (field === 3) audio.lengthFrames = pbf.readVarint(true);
  else if (field === 4) audio.encodedAudioString = pbf.readBytes().slice();
  else if (field === 5) audio.contentType = pbf.readString();
}

function readMetadataField(field: number, metadata: SummaryMetadata, pbf: PbfReader): void {
  if (field === 1) metadata.pluginData = readMessage(pbf, readPluginDataField, { pluginName: "" });
  else if (field === 2) metadata.displayName = pbf.readString();
  else if (field === 3) metadata.summaryDescription = pbf.readString();
  else if (field === 4) metadata.dataClass = pbf.readVarint();
}

function readPluginDataField(field: number, data: PluginData, pbf: PbfReader): void {
  if (field === 1) data.pluginName = pbf.readString();
  else if (field === 2) data.content = pbf.readBytes().slice();
}
