import type { EmbeddingLabel } from "./embeddings/embeddings.ts";
import type { Rasterize } from "./figures/rasterize.ts";
import type { HistogramForm } from "./histograms/histograms.ts";
import type { HParamDomains } from "./hparams/hparams.ts";
import type { ScalarForm } from "./scalars/scalars.ts";
import type { SummarySink } from "./sinks/summary-sink.ts";
import type { Numbers } from "./values/numbers.ts";
import type { EventTime } from "./writing/event-content.ts";

export interface SummaryWriterOptions {
  /**
   * What ends the default directory's name. Not used if `logDir` is given.
   *
   * @defaultValue ""
   */
  comment?: string;
  /**
   * The first step of this writer, if the run went on beyond it before it was interrupted: viewers leave out what older files have from there on.
   *
   * @defaultValue nothing is left out
   */
  purgeStep?: number;
  /**
   * How many events wait before a call writes them. Less than so many are lost if the process is killed.
   *
   * @defaultValue 10
   */
  maxQueue?: number;
  /**
   * How long an event waits at most, in seconds.
   *
   * @defaultValue 120
   */
  flushSecs?: number;
  /**
   * What ends the event files' names.
   *
   * @defaultValue ""
   */
  filenameSuffix?: string;
  /**
   * Where the files go.
   *
   * @defaultValue `fileSink()`, the disk, in Node; a browser has none
   */
  sink?: SummarySink;
}

/** How scalars are added. */
export interface ScalarOptions extends EventTime, ScalarForm {}

/** How histograms are added. */
export interface HistogramOptions extends EventTime, HistogramForm {}

/** How pictures are added. */
export interface ImageOptions extends EventTime {
  /**
   * What the dimensions are, in any case: channels, height and width, and N in a batch, such as "HWC", "HW", "NHWC".
   *
   * @defaultValue "CHW" for one picture and for a list, "NCHW" for a batch
   */
  dataformats?: string;
}

/** How a picture with boxes is added. */
export interface ImageWithBoxesOptions extends ImageOptions {
  /**
   * How many times larger the picture is made when the boxes are drawn.
   *
   * @defaultValue 1
   */
  rescale?: number;
  /**
   * What each box shows. They are not shown if there are not as many as boxes.
   *
   * @defaultValue nothing
   */
  labels?: string | readonly string[];
}

/** How figures are added. */
export interface FigureOptions extends EventTime {
  /**
   * Draws an SVG.
   *
   * @defaultValue in a page its canvas, in Node `@resvg/resvg-js`, which must be installed
   */
  rasterize?: Rasterize;
}

/** How videos are added. */
export interface VideoOptions extends EventTime {
  /**
   * Frames in a second, 50 at most.
   *
   * @defaultValue 4
   */
  fps?: number;
  /**
   * What the dimensions are, in any case: batch, time, channels, height and width.
   *
   * @defaultValue "NTCHW"
   */
  dataformats?: string;
}

/** How sound is added. */
export interface AudioOptions extends EventTime {
  /**
   * Hz.
   *
   * @defaultValue 44100
   */
  sampleRate?: number;
}

/** How precision and recall curves are added. */
export interface PrCurveOptions extends EventTime {
  /**
   * How many thresholds there are from 0 to 1. Above 127 there are 127.
   *
   * @defaultValue 127
   */
  numThresholds?: number;
  /**
   * What each prediction counts: a number, or one for each.
   *
   * @defaultValue 1
   */
  weights?: Numbers;
}

/** What a mesh has besides its vertices. */
export interface MeshOptions extends EventTime {
  /**
   * Red, green and blue of each vertex from 0 to 255, [batch, vertices, 3].
   *
   * @defaultValue none
   */
  colors?: Numbers;
  /**
   * The three vertices of each triangle, [batch, faces, 3].
   *
   * @defaultValue none: points
   */
  faces?: Numbers;
  /**
   * For three.js: its classes' names and what they are made with.
   *
   * @defaultValue \{\}
   */
  configDict?: Readonly<Record<string, unknown>>;
}

/** What an embedding has besides its points. */
export interface EmbeddingOptions {
  /**
   * A label of each point, or, with `metadataHeader`, a list of them.
   *
   * @defaultValue none
   */
  metadata?: readonly EmbeddingLabel[];
  /**
   * A picture of each point, [points, channels, height, width]: bytes, or from 0 to 1.
   *
   * @defaultValue none
   */
  labelImg?: Numbers;
  /** @defaultValue 0 */
  globalStep?: number;
  /** @defaultValue "default" */
  tag?: string;
  /**
   * The names of the columns of `metadata`.
   *
   * @defaultValue there is one column
   */
  metadataHeader?: readonly string[];
}

/** How hyperparameters are added. */
export interface HparamsOptions {
  /**
   * All values that a hyperparameter has in the experiment, by its name.
   *
   * @defaultValue not said
   */
  hparamDomainDiscrete?: HParamDomains;
  /**
   * The directory in the writer's that gets them.
   *
   * @defaultValue the time in seconds since 1970
   */
  runName?: string;
  /**
   * The step of the metrics.
   *
   * @defaultValue 0
   */
  globalStep?: number;
}

/** Where a custom chart is. */
export interface CustomChartOptions {
  /** @defaultValue "default" */
  category?: string;
  /** @defaultValue "untitled" */
  title?: string;
}
