import { audioValue } from "./audio/audio-value.ts";
import { type CustomScalarLayout, customScalarsValue } from "./custom-scalars/custom-scalars.ts";
import { embeddingDirectory, embeddingFiles } from "./embeddings/embeddings.ts";
import { type EmbeddingInfo, projectorConfig } from "./embeddings/projector-config.ts";
import type { Figure } from "./figures/figure.ts";
import { figureValue } from "./figures/figure-value.ts";
import { rasterize as rasterizeHere } from "./figures/rasterize.ts";
import { fileBytes } from "./graphs/file-bytes.ts";
import type { GraphDef } from "./graphs/graph-def.ts";
import { modelGraph } from "./graphs/model-graph.ts";
import { onnxGraph } from "./graphs/onnx-graph.ts";
import type { TracedModel } from "./graphs/trace.ts";
import { encodeGraph, encodeRunMetadata } from "./graphs/write-graph.ts";
import { binsRule, histogramValue, type RawHistogram, rawHistogramValue } from "./histograms/histograms.ts";
import { type HParamValue, hparamsValues } from "./hparams/hparams.ts";
import { readHparams } from "./hparams/read-hparams.ts";
import { boxesValue } from "./images/boxes-value.ts";
import { imageListValue, imageValue } from "./images/image-value.ts";
import { isPictures } from "./images/pixels.ts";
import { both, type MaybePromise, whenThere } from "./maybe-promise.ts";
import { meshValues } from "./meshes/meshes.ts";
import { checkOptions } from "./options/check-options.ts";
import { must, type Rule, show } from "./options/must.ts";
import { OptionError } from "./options/option-error.ts";
import {
  anything,
  count,
  finite,
  flag,
  list,
  nonNegative,
  positive,
  positiveCount,
  record,
  texts,
  text as words,
} from "./options/rules.ts";
import { computePrCurve, type PrCurve, prCurveValue } from "./pr-curves/pr-curves.ts";
import type { Summary, SummaryValue } from "./protos/messages.ts";
import { readScalar, scalarValue } from "./scalars/scalars.ts";
import { tensorValue } from "./scalars/tensors.ts";
import { textValue } from "./scalars/text.ts";
import { fileSink } from "./sinks/file-sink.ts";
import type { Numbers, ShapedNumbers } from "./values/numbers.ts";
import { asNumbers, readIfGiven, readNumbers } from "./values/read-numbers.ts";
import { videoValue } from "./video/video-value.ts";
import type {
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
import type { EventTime } from "./writing/event-content.ts";
import { defaultLogDir, thisMachine } from "./writing/names.ts";
import { Run } from "./writing/run.ts";

const walltime = finite;
const timeRules = { walltime };
const scalarRules = {
  walltime,
  newStyle: flag,
  doublePrecision: flag,
  displayName: words,
  summaryDescription: words,
};
const imageRules = { walltime, dataformats: words };
const prCurveRules = { walltime, numThresholds: positiveCount, weights: anything };
const customChartRules = { category: words, title: words };

/**
 * Writes event files for TensorBoard: PyTorch's `SummaryWriter`, with what tensorboardX adds to it.
 *
 * Values are numbers, nested lists, typed arrays, `{ shape, data }`, and tensors of any library that have `shape`, `dtype` and `data()`. Those on a
 * device are read in the background; the events stay in the order of the calls. There is nothing to wait for but `flush` and `close`: errors in
 * arguments throw at once, errors of a device or of writing at the next call.
 *
 * Every `add` takes the step it belongs to; fractions of it are cut off, and without one it is 0.
 *
 * Where it is better than PyTorch: booleans stay booleans in `addHparams`, halves are right in `addTensor`, no two writers share a file, a new run
 * can be purged from in every viewer, and events that were added are written when the process ends by an error.
 *
 * @example
 * import { memorySink, SummaryWriter } from "@anneal/summary";
 *
 * const sink = memorySink(); // in Node, leave it out: the files are on disk
 * await using writer = new SummaryWriter("runs/first", { sink });
 * for (let step = 0; step < 100; step++) writer.addScalar("train/loss", 1 / (1 + step), step);
 * writer.addHistogram("weights", Float32Array.of(-0.5, 0, 0.25), 100);
 * @see {@link https://docs.pytorch.org/docs/stable/tensorboard.html | torch.utils.tensorboard}
 */
export class SummaryWriter {
  readonly #run: Run;
  readonly #embeddings: EmbeddingInfo[] = [];
  /** The tags of scalars that were said to be NaN or infinite. */
  readonly #warned = new Set<string>();

  /**
   * @param logDir - the directory of the run's files, a path or a `file:` URL; by default `runs/MonthDay_Hour-Minute-Second_hostname` and `comment`
   * @throws {OptionError} if an option is not what it must be
   * @throws {Error} if the directory cannot be written to
   */
  constructor(logDir?: string | URL, options: SummaryWriterOptions = {}) {
    const where = "SummaryWriter";
    checkOptions(where, options, {
      comment: words,
      purgeStep: finite,
      maxQueue: count,
      flushSecs: nonNegative,
      filenameSuffix: words,
      sink: record,
    });
    const { comment = "", purgeStep, maxQueue = 10, flushSecs = 120, filenameSuffix = "" } = options;
    const machine = thisMachine();
    this.#run = new Run(logDir === undefined ? defaultLogDir(new Date(), machine, comment) : pathOf(logDir), {
      sink: options.sink ?? fileSink(),
      machine,
      maxQueue,
      flushSecs,
      filenameSuffix,
      purgeStep: purgeStep === undefined ? undefined : stepOf(where, purgeStep),
    });
  }

  /** The directory of the run's files. */
  get logDir(): string {
    return this.#run.logDir;
  }

  /**
   * A number over the steps. A first NaN or infinity of a tag is warned of.
   *
   * @param scalar - one number, in any form
   * @throws {OptionError} if it is not one number, or an option is not what it must be
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addScalar("train/loss", 0.25, 10);
   * writer.addScalar("train/loss", { shape: [1], data: Float32Array.of(0.125) }, 11);
   */
  addScalar(tag: string, scalar: Numbers, globalStep?: number, options?: ScalarOptions): void {
    const where = "addScalar";
    checkTag(where, tag);
    const step = stepOf(where, globalStep);
    if (options) checkOptions(where, options, scalarRules);
    const summary = whenThere(readScalar(where, "scalar", scalar), (number): Summary => {
      if (!Number.isFinite(number)) this.#warnOfNonFinite(tag, number, step);
      return { value: [options ? scalarValue(tag, number, options) : { tag, simpleValue: number }] };
    });
    this.#run.add(summary, step, timeOf(options));
  }

  /**
   * Several numbers in one chart: each key is a run of its own in a directory beside this one's.
   *
   * @throws {OptionError} if one of them is not one number
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addScalars("loss", { train: 0.25, test: 0.5 }, 10);
   */
  addScalars(
    mainTag: string,
    tagScalarDict: Readonly<Record<string, Numbers>>,
    globalStep?: number,
    options: EventTime = {},
  ): void {
    const where = "addScalars";
    checkTag(where, mainTag);
    must(where, "tagScalarDict", record, tagScalarDict);
    const step = stepOf(where, globalStep);
    const time = timeOf(checkOptions(where, options, timeRules));
    const summaries = Object.entries(tagScalarDict).map(([key, scalar]) => {
      const number = readScalar(where, `tagScalarDict.${key}`, scalar);
      return { key, summary: whenThere(number, (simpleValue) => ({ value: [{ tag: mainTag, simpleValue }] })) };
    });
    for (const { key, summary } of summaries) {
      this.#run.child(`/${mainTag.replaceAll("/", "_")}_${key}`).add(summary, step, time);
    }
  }

  /**
   * A whole tensor, of any shape and type.
   *
   * @throws {OptionError} if it is none, or of 2 GiB or more
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addTensor("weights", { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, 10);
   */
  addTensor(tag: string, tensor: Numbers, globalStep?: number, options: EventTime = {}): void {
    checkOptions("addTensor", options, timeRules);
    const values = readNumbers("addTensor", "tensor", tensor);
    this.#addValue(
      "addTensor",
      tag,
      globalStep,
      options,
      whenThere(values, (there) => tensorValue(tag, there)),
    );
  }

  /**
   * How values are distributed, over the steps.
   *
   * @param values - of any shape
   * @throws {OptionError} if there are none, none is between the edges, or an option is not what it must be
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addHistogram("fc/weight", Float32Array.of(-0.5, 0, 0.25), 10);
   * writer.addHistogram("fc/bias", [0.5, 0.75, 1], 10, { bins: "auto" });
   */
  addHistogram(tag: string, values: Numbers, globalStep?: number, options: HistogramOptions = {}): void {
    const where = "addHistogram";
    checkOptions(where, options, { walltime, bins: binsRule, maxBins: positiveCount });
    const value = whenThere(readNumbers(where, "values", values), (there) =>
      histogramValue(tag, asNumbers(there), options),
    );
    this.#addValue(where, tag, globalStep, options, value);
  }

  /**
   * A histogram that was counted elsewhere.
   *
   * @throws {OptionError} if it does not have a limit and a count for each bucket
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const moments = { min: 0, max: 3, num: 3, sum: 4, sumSquares: 6 };
   * writer.addHistogramRaw("counts", { ...moments, bucketLimits: [1, 2, 3], bucketCounts: [1, 1, 1] }, 10);
   */
  addHistogramRaw(tag: string, histogram: RawHistogram, globalStep?: number, options: EventTime = {}): void {
    checkOptions("addHistogramRaw", options, timeRules);
    this.#addValue("addHistogramRaw", tag, globalStep, options, rawHistogramValue(tag, histogram));
  }

  /**
   * A picture, or a batch of pictures, 8 in a row without gaps.
   *
   * Bytes (dtype uint8) are taken as they are. All other numbers are brightness from 0 to 1: what is beyond is clipped, and fractions of the 255
   * levels are cut off, as PyTorch does it.
   *
   * @param image - [C, H, W] with 1, 3 or 4 channels, or what `dataformats` says
   * @throws {OptionError} if the shape does not fit, or a number is NaN, which PyTorch draws black
   * @example
   * import { makeGrid, memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addImage("gray", [[0, 0.5, 1]], 1, { dataformats: "HW" });
   * const digits = { shape: [10, 1, 28, 28], data: new Float32Array(7840) };
   * writer.addImage("digits", makeGrid(digits, { nrow: 5 }), 1);
   */
  addImage(tag: string, image: Numbers, globalStep?: number, options: ImageOptions = {}): void {
    const { dataformats = "CHW" } = checkOptions("addImage", options, imageRules);
    this.#addValue("addImage", tag, globalStep, options, imageValue("addImage", tag, image, dataformats));
  }

  /**
   * Pictures of one size as one, 8 in a row without gaps: {@link addImage} of a batch, or of a list.
   *
   * @param images - [N, C, H, W], or a list of [C, H, W]
   * @throws {OptionError} as `addImage` does
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const digits = { shape: [10, 1, 28, 28], data: new Float32Array(7840) };
   * writer.addImages("digits", digits, 1);
   */
  addImages(
    tag: string,
    images: Numbers | readonly ShapedNumbers[],
    globalStep?: number,
    options: ImageOptions = {},
  ): void {
    const where = "addImages";
    const { dataformats } = checkOptions(where, options, imageRules);
    const value = isPictures(images)
      ? imageListValue(where, tag, images, dataformats ?? "CHW")
      : imageValue(where, tag, images, dataformats ?? "NCHW");
    this.#addValue(where, tag, globalStep, options, value);
  }

  /**
   * A picture with red boxes, and a label at the lower left corner of each.
   *
   * @param image - as `addImage` takes it
   * @param boxes - [N, 4]: left, top, right and bottom of each, in pixels
   * @throws {OptionError} if a shape does not fit, or a number is NaN
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const photo = { shape: [3, 64, 64], data: new Uint8Array(3 * 64 * 64) };
   * writer.addImageWithBoxes("found", photo, [[10, 20, 40, 60]], 1, { labels: ["cat 0.98"] });
   */
  addImageWithBoxes(
    tag: string,
    image: Numbers,
    boxes: Numbers,
    globalStep?: number,
    options: ImageWithBoxesOptions = {},
  ): void {
    const where = "addImageWithBoxes";
    checkOptions(where, options, { ...imageRules, rescale: positive, labels: labelsRule });
    const { dataformats = "CHW", rescale = 1, labels } = options;
    const shown = typeof labels === "string" ? [labels] : labels;
    const value = boxesValue(tag, image, boxes, { dataformats, rescale, labels: shown });
    this.#addValue(where, tag, globalStep, options, value);
  }

  /**
   * A plot as a picture on white, or several of one size as one.
   *
   * @param figure - SVG as text, an element that is or holds an SVG, such as Observable Plot's, a canvas, `{ width, height, data }` as ImageData
   * has it, or a list of such
   * @throws {OptionError} if it is none, or nothing here draws SVG
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addFigure("plot", '<svg width="90" height="90"><circle cx="45" cy="45" r="40" fill="navy"/></svg>', 1);
   */
  addFigure(tag: string, figure: Figure | readonly Figure[], globalStep?: number, options: FigureOptions = {}): void {
    const where = "addFigure";
    const { rasterize = rasterizeHere } = checkOptions(where, options, { walltime, rasterize: callable });
    this.#addValue(where, tag, globalStep, options, figureValue(tag, figure, rasterize));
  }

  /**
   * A video, as an animated GIF. Those of a batch play side by side.
   *
   * @param video - [N, T, C, H, W] with 1 or 3 channels: bytes, or numbers from 0 to 1
   * @throws {OptionError} if the shape does not fit, or a number is NaN
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const frames = { shape: [1, 8, 3, 16, 16], data: new Uint8Array(8 * 3 * 16 * 16) };
   * writer.addVideo("rollout", frames, 1, { fps: 8 });
   */
  addVideo(tag: string, video: Numbers, globalStep?: number, options: VideoOptions = {}): void {
    const where = "addVideo";
    checkOptions(where, options, { ...imageRules, fps: positive });
    const { fps = 4, dataformats = "NTCHW" } = options;
    this.#addValue(where, tag, globalStep, options, videoValue(tag, video, { fps, dataformats }));
  }

  /**
   * Sound, as a WAV file of 16 bits.
   *
   * @param sound - [L], or [L, 2] in stereo, from -1 to 1; what is beyond is clipped, with a warning
   * @throws {OptionError} if the shape does not fit, or a number is NaN
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const tone = Float32Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / 8000));
   * writer.addAudio("a", tone, 1, { sampleRate: 8000 });
   */
  addAudio(tag: string, sound: Numbers, globalStep?: number, options: AudioOptions = {}): void {
    const where = "addAudio";
    const { sampleRate = 44100 } = checkOptions(where, options, { walltime, sampleRate: positiveCount });
    this.#addValue(where, tag, globalStep, options, audioValue(tag, sound, sampleRate));
  }

  /**
   * The graph of a model: its modules, the ops in them with shapes and dtypes, and how the data flows.
   *
   * The model runs once, in evaluation mode and with gradients recorded; modes, parameters and statistics stay as they are. A module that is called
   * again is drawn again, with the same parameters. Dimensions of one element that come and go are not drawn.
   *
   * @param model - a module of `@anneal/nn`, or one that has the same hooks and tensors with `gradFn`
   * @param input - what its `forward` takes: one tensor, or a list of all inputs
   * @throws {OptionError} if nothing was recorded, as inside of `noGrad`
   * @example
   * import { Linear, ReLU, Sequential } from "@anneal/nn";
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   * import { zeros } from "@anneal/tensor";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addGraph(new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2)), zeros([1, 4]));
   */
  addGraph(model: TracedModel, input: unknown, options: EventTime = {}): void {
    const time = timeOf(checkOptions("addGraph", options, timeRules));
    this.#addGraph(modelGraph(model, input), time);
  }

  /**
   * The graph of a model in the ONNX format.
   *
   * @param file - its bytes, or in Node where it is
   * @throws {OptionError} if it is none
   */
  addOnnxGraph(file: Uint8Array | string | URL, options: EventTime = {}): void {
    const time = timeOf(checkOptions("addOnnxGraph", options, timeRules));
    this.#addGraph(onnxGraph(file instanceof Uint8Array ? file : fileBytes("addOnnxGraph", file)), time);
  }

  /**
   * Text, in Markdown.
   *
   * @throws {OptionError} if it is no string
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addText("notes", "A **small** network.", 1);
   */
  addText(tag: string, text: string, globalStep?: number, options: EventTime = {}): void {
    checkOptions("addText", options, timeRules);
    this.#addValue("addText", tag, globalStep, options, textValue(tag, text));
  }

  /**
   * Precision and recall of a classifier of two classes, by the threshold of its predictions.
   *
   * @param labels - 0 and 1, or booleans
   * @param predictions - probabilities, as many
   * @throws {OptionError} if there are not as many of each, or one is not a probability
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addPrCurve("spam", [0, 1, 1, 0], [0.1, 0.9, 0.4, 0.6], 1);
   */
  addPrCurve(
    tag: string,
    labels: Numbers,
    predictions: Numbers,
    globalStep?: number,
    options: PrCurveOptions = {},
  ): void {
    const where = "addPrCurve";
    const { numThresholds = 127, weights = 1 } = checkOptions(where, options, prCurveRules);
    const classified = both(readNumbers(where, "labels", labels), readNumbers(where, "predictions", predictions));
    const value = whenThere(both(classified, readNumbers(where, "weights", weights)), ([[labels, predictions], each]) =>
      prCurveValue(where, tag, computePrCurve(labels, predictions, each, numThresholds)),
    );
    this.#addValue(where, tag, globalStep, options, value);
  }

  /**
   * A precision and recall curve that was computed elsewhere.
   *
   * @throws {OptionError} if its rows are not of one length
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const counts = { truePositiveCounts: [2, 1], falsePositiveCounts: [2, 0], trueNegativeCounts: [0, 2], falseNegativeCounts: [0, 1] };
   * writer.addPrCurveRaw("spam", { ...counts, precision: [0.5, 1], recall: [1, 0.5] }, 1);
   */
  addPrCurveRaw(tag: string, curve: PrCurve, globalStep?: number, options: Omit<PrCurveOptions, "weights"> = {}): void {
    const where = "addPrCurveRaw";
    checkOptions(where, options, { walltime, numThresholds: positiveCount });
    this.#addValue(where, tag, globalStep, options, prCurveValue(where, tag, curve, options.numThresholds));
  }

  /**
   * Which charts TensorBoard's page of custom scalars shows. Only the last call counts.
   *
   * @throws {OptionError} if a chart is none
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addCustomScalars({
   *   losses: {
   *     both: ["Multiline", ["train/loss", "test/loss"]],
   *     spread: ["Margin", ["loss/mean", "loss/low", "loss/high"]],
   *   },
   * });
   */
  addCustomScalars(layout: CustomScalarLayout): void {
    this.#addLayout("addCustomScalars", layout);
  }

  /**
   * A custom chart of several tags: {@link addCustomScalars} with one chart.
   *
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addCustomScalarsMultilinechart(["train/loss", "test/loss"], { title: "both" });
   */
  addCustomScalarsMultilinechart(tags: readonly string[], options: CustomChartOptions = {}): void {
    const where = "addCustomScalarsMultilinechart";
    const { category = "default", title = "untitled" } = checkOptions(where, options, customChartRules);
    this.#addLayout(where, { [category]: { [title]: ["Multiline", tags] } });
  }

  /**
   * A custom chart of a line with a margin: {@link addCustomScalars} with one chart, of the tags of value, lower and upper edge.
   *
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addCustomScalarsMarginchart(["loss/mean", "loss/low", "loss/high"], { title: "spread" });
   */
  addCustomScalarsMarginchart(tags: readonly string[], options: CustomChartOptions = {}): void {
    const where = "addCustomScalarsMarginchart";
    const { category = "default", title = "untitled" } = checkOptions(where, options, customChartRules);
    this.#addLayout(where, { [category]: { [title]: ["Margin", tags] } });
  }

  /**
   * Meshes or clouds of points, in space.
   *
   * @param vertices - [batch, vertices, 3]
   * @throws {OptionError} if shapes do not fit
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * const corners = { shape: [1, 3, 3], data: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) };
   * writer.addMesh("triangle", corners, 1, { faces: [[[0, 1, 2]]] });
   */
  addMesh(tag: string, vertices: Numbers, globalStep?: number, options: MeshOptions = {}): void {
    const where = "addMesh";
    checkTag(where, tag);
    checkOptions(where, options, { walltime, colors: anything, faces: anything, configDict: record });
    const { colors, faces, configDict } = options;
    const extras = both(readIfGiven(where, "faces", faces), readIfGiven(where, "colors", colors));
    const summary = whenThere(both(readNumbers(where, "vertices", vertices), extras), ([points, [faces, colors]]) => ({
      value: meshValues(tag, { vertices: points, faces, colors }, configDict),
    }));
    this.#run.add(summary, stepOf(where, globalStep), timeOf(options));
  }

  /**
   * The hyperparameters of a run and what came of them. They are in a run of their own, in a directory in this one's.
   *
   * @param hparamDict - numbers, strings, booleans, tensors with one element; null and undefined are left out
   * @param metricDict - numbers, in any form, by the tag they get
   * @throws {OptionError} if a value is of another kind
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addHparams({ lr: 0.1, optimizer: "SGD", nesterov: true }, { "hparam/accuracy": 0.98 });
   */
  addHparams(
    hparamDict: Readonly<Record<string, HParamValue | Numbers | null | undefined>>,
    metricDict: Readonly<Record<string, Numbers>>,
    options: HparamsOptions = {},
  ): void {
    const where = "addHparams";
    must(where, "hparamDict", record, hparamDict);
    must(where, "metricDict", record, metricDict);
    checkOptions(where, options, { hparamDomainDiscrete: record, runName: words, globalStep: finite });
    const { hparamDomainDiscrete = {}, runName, globalStep } = options;
    const step = stepOf(where, globalStep);
    const time = Date.now() / 1000;
    const tags = Object.keys(metricDict);
    const values = whenThere(readHparams(hparamDict), (hparams) => hparamsValues(hparams, tags, hparamDomainDiscrete));
    const metrics = tags.map((tag) => readScalar(where, `metricDict.${tag}`, metricDict[tag] ?? []));

    const ending = `/${runName ?? time}`;
    const run = this.#run.child(ending);
    for (const i of [0, 1, 2]) {
      const summary = whenThere(values, (there): Summary => ({ value: there.slice(i, i + 1) }));
      run.add(summary, step, time);
    }
    for (const [i, tag] of tags.entries()) {
      const summary = whenThere(metrics[i] ?? 0, (simpleValue): Summary => ({ value: [{ tag, simpleValue }] }));
      run.add(summary, step, time);
    }
    this.#run.closeChild(ending);
  }

  /**
   * Points of many dimensions, for TensorBoard's projector: files in the writer's directory.
   *
   * @param mat - [points, dimensions]
   * @throws {OptionError} if there is not one label and one picture for each point
   * @example
   * import { memorySink, SummaryWriter } from "@anneal/summary";
   *
   * const writer = new SummaryWriter("runs/a", { sink: memorySink() });
   * writer.addEmbedding([[0, 1], [1, 0]], { metadata: ["north", "east"], tag: "words" });
   */
  addEmbedding(mat: Numbers, options: EmbeddingOptions = {}): void {
    const where = "addEmbedding";
    checkOptions(where, options, {
      metadata: list,
      labelImg: anything,
      globalStep: finite,
      tag: words,
      metadataHeader: texts,
    });
    const { metadata, labelImg, globalStep, tag = "default", metadataHeader } = options;
    const step = stepOf(where, globalStep);
    const directory = embeddingDirectory(step, tag);
    const kind = this.#run.kindOf(directory);
    if (kind === "file") {
      const path = `${this.logDir}/${directory}`;
      throw new OptionError(`${where}: ${path} is a file, and must be a directory. Give another tag or globalStep.`);
    }
    if (kind === "directory") {
      console.warn(
        `${where}: ${this.logDir}/${directory} is there already and is replaced. Give each embedding of a tag its globalStep.`,
      );
    }
    const read = both(readNumbers(where, "mat", mat), readIfGiven(where, "labelImg", labelImg));
    const embedding = whenThere(read, ([points, pictures]) =>
      embeddingFiles(points, { metadata, metadataHeader, labelImg: pictures }, { tag, step }),
    );
    const files = whenThere(embedding, ({ files, info }) => {
      this.#embeddings.push(info);
      const config = new TextEncoder().encode(projectorConfig(this.#embeddings));
      const inDirectory = files.map(([name, bytes]) => [`${directory}/${name}`, bytes] as const);
      return [...inDirectory, ["projector_config.pbtxt", config] as const];
    });
    this.#run.writeFiles(files);
  }

  /**
   * Writes all that was added, of numbers on devices too. What needs no waiting is written when this returns its promise.
   *
   * @throws what went wrong since the last call
   */
  flush(): Promise<void> {
    return this.#run.flush();
  }

  /**
   * Writes all that was added and closes the files. What is added afterwards begins new ones.
   *
   * @throws what went wrong since the last call
   */
  close(): Promise<void> {
    return this.#run.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.dispose](): void {
    this.close().catch((error: unknown) => console.error("SummaryWriter: closing failed.", error));
  }

  #addValue(
    where: string,
    tag: string,
    globalStep: number | undefined,
    time: EventTime,
    value: MaybePromise<SummaryValue>,
  ): void {
    checkTag(where, tag);
    const summary = whenThere(value, (there): Summary => ({ value: [there] }));
    this.#run.add(summary, stepOf(where, globalStep), timeOf(time));
  }

  #addGraph(graph: GraphDef, time: number): void {
    this.#run.addEvent({ graphDef: encodeGraph(graph) }, 0, time);
    // TensorBoard's page of graphs expects it. PyTorch names the CPU too, wherever the model is.
    const taggedRunMetadata = { tag: "step1", runMetadata: encodeRunMetadata("/device:CPU:0") };
    this.#run.addEvent({ taggedRunMetadata }, 0, time);
  }

  #addLayout(where: string, layout: CustomScalarLayout): void {
    must(where, "layout", record, layout);
    this.#run.add({ value: [customScalarsValue(where, layout)] }, 0, Date.now() / 1000);
  }

  #warnOfNonFinite(tag: string, value: number, step: number): void {
    if (this.#warned.has(tag)) return;
    this.#warned.add(tag);
    console.warn(`addScalar: ${tag} is ${value} at step ${step}. Later ones of this tag are not warned of.`);
  }
}

function checkTag(where: string, tag: string): void {
  if (typeof tag !== "string" || tag === "") {
    throw new OptionError(`${where}: tag must be a string that is not empty, got ${show(tag)}.`);
  }
}

function stepOf(where: string, globalStep: number | undefined): number {
  if (globalStep === undefined) return 0;
  const step = Math.trunc(globalStep);
  if (!Number.isSafeInteger(step)) {
    throw new OptionError(`${where}: globalStep must be a number of steps, got ${show(globalStep)}.`);
  }
  return step;
}

const timeOf = (options: EventTime | undefined): number => options?.walltime ?? Date.now() / 1000;

function pathOf(logDir: string | URL): string {
  if (logDir instanceof URL) return process.getBuiltinModule("node:url").fileURLToPath(logDir);
  must("SummaryWriter", "logDir", words, logDir);
  return logDir.length > 1 && logDir.endsWith("/") ? logDir.slice(0, -1) : logDir;
}

const callable: Rule = (value) => typeof value !== "function" && "a function";

const labelsRule: Rule = (value) => words(value) && texts(value);
