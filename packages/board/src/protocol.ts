// What the server and the page say to each other: the types of the JSON answers under /api/.

/** The kinds of series that the board draws, each on a page of its own. */
export const kinds = [
  "scalars",
  "images",
  "audio",
  "histograms",
  "text",
  "graphs",
  "hparams",
  "prCurves",
  "customScalars",
] as const;

export type Kind = (typeof kinds)[number];

/** All there is to see, without the values: `/api/catalog`. */
export interface Catalog {
  /** Another one means that the server was started anew and ids of runs mean other runs. */
  readonly board: string;
  /** Grows with every change. */
  readonly version: number;
  readonly logDir: string;
  readonly loading: Loading;
  readonly runs: readonly RunInfo[];
  readonly tags: Readonly<Record<Kind, readonly TagInfo[]>>;
  /** How many tags there are of plugins that the board does not draw, by the plugin's name. */
  readonly notDrawn: Readonly<Record<string, number>>;
  /** Files that could not be read, and what was left out: sentences. */
  readonly problems: readonly string[];
}

export interface Loading {
  readonly readBytes: number;
  readonly totalBytes: number;
}

export interface RunInfo {
  readonly id: number;
  /** The folder's path from the log directory, with `/`; `.` is the log directory itself. */
  readonly name: string;
  /** Seconds since 1970; null before the first event. */
  readonly startTime: number | null;
}

export interface TagInfo {
  readonly tag: string;
  readonly displayName: string;
  /** Markdown. */
  readonly description: string;
  readonly series: readonly SeriesInfo[];
}

/** A run's id, and what changes whenever this run's series does. */
export type SeriesInfo = readonly [runId: number, revision: number];

/** What is measured along the x axis: steps, seconds since the run's first event, or seconds since 1970. */
export type XAxis = "step" | "relative" | "wall";

/** In front of the numbers of `/api/scalars`: which run's they are, in this order. */
export interface ScalarsHeader {
  readonly runs: readonly ScalarsRun[];
}

export interface ScalarsRun {
  readonly id: number;
  readonly revision: number;
  /** Points sent. */
  readonly length: number;
  /** Points within the range asked for. */
  readonly total: number;
}

/** The steps at which a series has a record, oldest first: `/api/records`. */
export interface Records {
  readonly steps: readonly number[];
  readonly wallTimes: readonly number[];
}

/** `/api/histograms`: every step's counts in the same bins, and the quantiles at {@link quantiles}. */
export interface Histograms {
  /** The left edge of the first bin. */
  readonly low: number;
  /** The right edge of the last one. */
  readonly high: number;
  readonly steps: readonly HistogramStep[];
}

export interface HistogramStep {
  readonly step: number;
  readonly wallTime: number;
  readonly counts: readonly number[];
  readonly quantiles: readonly number[];
}

/** Where a normal distribution's mean and its 0.5, 1, 1.5 and more standard deviations lie, as TensorBoard draws. */
export const quantiles = [0, 0.0668, 0.1587, 0.3085, 0.5, 0.6915, 0.8413, 0.9332, 1] as const;

export interface TextEntry {
  readonly step: number;
  readonly wallTime: number;
  /** Markdown: one, or a table's cells row by row. */
  readonly texts: readonly string[];
  /** Rows and columns, where it is a table. */
  readonly shape: readonly number[];
}

/** Each array has one number per threshold. */
export interface PrCurve {
  readonly step: number;
  readonly wallTime: number;
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
  readonly trueNegatives: readonly number[];
  readonly falseNegatives: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

/** A run's messages of the hparams plugin, in base64: `/api/hparams`. */
export interface HparamsRun {
  readonly run: number;
  readonly experiment?: string;
  readonly sessionStart?: string;
  readonly sessionEnd?: string;
}

/** A run's layout of custom scalars, a serialized message in base64: `/api/layouts`. */
export interface RunLayout {
  readonly run: number;
  readonly layout: string;
}

/** The last finite value of a scalar in each run that has one: `/api/latest`. */
export interface Latest {
  readonly run: number;
  readonly step: number;
  readonly value: number;
}
