/**
 * One record of an event file, as `protos/event.proto` has it, in camelCase.
 *
 * @see {@link https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto | event.proto}
 */
export interface Event {
  /** When, in seconds since 1970. */
  wallTime: number;
  /** The global step. */
  step: number;
  /** `"brain.Event:2"`, in the first event of a file. */
  fileVersion?: string;
  /** A serialized GraphDef. */
  graphDef?: Uint8Array;
  summary?: Summary;
  sessionLog?: SessionLog;
  taggedRunMetadata?: TaggedRunMetadata;
  sourceMetadata?: { writer: string };
}

/** That a session began (status 1), ended (2) or saved a checkpoint (3) at the event's step. */
export interface SessionLog {
  status: number;
  checkpointPath?: string;
  msg?: string;
}

/** What running a graph was like: devices, for {@link Event.graphDef}. */
export interface TaggedRunMetadata {
  tag: string;
  /** A serialized RunMetadata. */
  runMetadata: Uint8Array;
}

export interface Summary {
  value: SummaryValue[];
}

/** One tag's value at one step: one of `simpleValue`, `image`, `histo`, `audio` and `tensor`. */
export interface SummaryValue {
  tag: string;
  simpleValue?: number;
  image?: SummaryImage;
  histo?: HistogramProto;
  audio?: SummaryAudio;
  tensor?: TensorProto;
  metadata?: SummaryMetadata;
}

export interface SummaryMetadata {
  /** Which of TensorBoard's plugins shows the tag. */
  pluginData?: PluginData;
  displayName?: string;
  summaryDescription?: string;
  /** 1 scalar, 2 tensor, 3 blob sequence. */
  dataClass?: number;
}

export interface PluginData {
  pluginName: string;
  /** A serialized message of the plugin's own. */
  content?: Uint8Array;
}

export interface SummaryImage {
  /** Pixels. */
  height: number;
  /** Pixels. */
  width: number;
  /** Channels: 1 gray, 3 RGB, 4 RGBA. */
  colorspace: number;
  /** A PNG or GIF file. */
  encodedImageString: Uint8Array;
}

export interface SummaryAudio {
  /** Hz. */
  sampleRate: number;
  numChannels: number;
  lengthFrames: number;
  /** A WAV file. */
  encodedAudioString: Uint8Array;
  contentType: string;
}

export interface HistogramProto {
  min: number;
  max: number;
  num: number;
  sum: number;
  sumSquares: number;
  /** The right edge of each bucket. */
  bucketLimit: ArrayLike<number>;
  /** The count of each bucket. */
  bucket: ArrayLike<number>;
}

/** A tensor: `tensorContent`, little-endian, or one of the lists, by `dtype`. */
export interface TensorProto {
  /** TensorFlow's number of the elements' type: 1 float32, 2 float64, 3 int32, 7 string, and so on. */
  dtype: number;
  tensorShape: { dim: { size: number }[] };
  tensorContent?: Uint8Array;
  floatVal?: ArrayLike<number>;
  doubleVal?: ArrayLike<number>;
  /** int8, uint8, int16, uint16 and int32. */
  intVal?: ArrayLike<number>;
  stringVal?: Uint8Array[];
  /** complex64: real, imaginary, real, ... */
  scomplexVal?: ArrayLike<number>;
  int64Val?: ArrayLike<number | bigint>;
  boolVal?: ArrayLike<number>;
  dcomplexVal?: ArrayLike<number>;
  /** The bits of float16 and bfloat16. */
  halfVal?: ArrayLike<number>;
  uint32Val?: ArrayLike<number>;
  uint64Val?: ArrayLike<number | bigint>;
}
