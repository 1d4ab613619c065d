import { afterEach, describe, expect, it, vi } from "vitest";
import { memorySink } from "./sinks/memory-sink.ts";
import { SummaryWriter } from "./summary-writer.ts";

const writer = new SummaryWriter("runs/a", { sink: memorySink() });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("SummaryWriter says what is wrong with", () => {
  it("its options", () => {
    const sink = memorySink();
    // @ts-expect-error: a misspelt option
    expect(() => new SummaryWriter("a", { maxQeue: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SummaryWriter: no option maxQeue. Did you mean maxQueue?]`,
    );
    expect(() => new SummaryWriter("a", { maxQueue: -1, sink })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SummaryWriter: maxQueue must be a whole number from 0 up, got -1.]`,
    );
    expect(() => new SummaryWriter("a", { flushSecs: Number.NaN, sink })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SummaryWriter: flushSecs must be a number from 0 up, got NaN.]`,
    );
    // @ts-expect-error: not a path
    expect(() => new SummaryWriter(7, { sink })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SummaryWriter: logDir must be a string, got 7.]`,
    );
    // @ts-expect-error: the arguments in the wrong order
    expect(() => new SummaryWriter({ comment: "x" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: SummaryWriter: logDir must be a string, got { comment }.]`,
    );
  });

  it("a place without a file system", () => {
    vi.stubGlobal("process", undefined);
    expect(() => new SummaryWriter("a")).toThrowErrorMatchingInlineSnapshot(
      `[Error: SummaryWriter: there is no file system here. Give a sink: memorySink(), opfsSink() or postSink(url).]`,
    );
    vi.unstubAllGlobals();
  });

  it("a tag, a step or a time", () => {
    expect(() => writer.addScalar("", 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: tag must be a string that is not empty, got "".]`,
    );
    // @ts-expect-error: the tag was forgotten
    expect(() => writer.addScalar(0.5, 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: tag must be a string that is not empty, got 0.5.]`,
    );
    expect(() => writer.addScalar("a", 1, Number.NaN)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: globalStep must be a number of steps, got NaN.]`,
    );
    expect(() => writer.addText("a", "b", 2 ** 60)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addText: globalStep must be a number of steps, got 1152921504606847000.]`,
    );
    expect(() =>
      writer.addScalar("a", 1, 1, { walltime: Number.POSITIVE_INFINITY }),
    ).toThrowErrorMatchingInlineSnapshot(`[OptionError: addScalar: walltime must be a finite number, got Infinity.]`);
    // @ts-expect-error: a misspelt option
    expect(() => writer.addScalar("a", 1, 1, { wallTime: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: no option wallTime. Did you mean walltime?]`,
    );
  });

  it("a scalar", () => {
    expect(() => writer.addScalar("a", [1, 2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: scalar must be one number, but shape [2] has 2. Give its mean, or one of its elements.]`,
    );
    expect(() => writer.addScalar("a", { shape: [0], data: [] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: scalar must be one number, but shape [0] has 0. Give its mean, or one of its elements.]`,
    );
    // @ts-expect-error: no number
    expect(() => writer.addScalar("a", "0.5")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: scalar must be a number, a list, a typed array, a tensor or { shape, data }, got "0.5".]`,
    );
    // @ts-expect-error: no number
    expect(() => writer.addScalar("a", undefined)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalar: scalar must be a number, a list, a typed array, a tensor or { shape, data }, got undefined.]`,
    );
    expect(() => writer.addScalars("a", { b: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addScalars: tagScalarDict.b must be one number, but shape [2] has 2. Give its mean, or one of its elements.]`,
    );
  });

  it("a tensor", () => {
    expect(() => writer.addTensor("a", { shape: [2, 3], data: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addTensor: tensor of shape [2, 3] of float64 has 6 numbers, but its data has 2.]`,
    );
    expect(() => writer.addTensor("a", [[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addTensor: tensor has lists of 2 and 1 side by side. Give all of a depth the same length.]`,
    );
    expect(() => writer.addTensor("a", [[1, 2], 3])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addTensor: tensor must have nothing but numbers 2 lists deep, got 3.]`,
    );
    expect(() => writer.addTensor("a", { shape: [1], dtype: "float8", data: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addTensor: tensor has dtype "float8". Give one of float32, float64, int32, uint8, int16, int8, complex64, int64, bool, bfloat16, uint16, complex128, float16, uint32, uint64.]`,
    );
  });

  it("a histogram", () => {
    expect(() => writer.addHistogram("a", [])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHistogram: values has no elements. Leave the call out then.]`,
    );
    expect(() => writer.addHistogram("a", [Number.NaN])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHistogram: none of the 1 values is from -99207756218597830000 to 99207756218597830000. Look for NaN and for what has grown without bounds, or give other bins.]`,
    );
    expect(() => writer.addHistogram("a", [1, Number.NaN], 0, { bins: "auto" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHistogram: values are from NaN to NaN, which cannot be divided evenly. Give bins as edges.]`,
    );
    expect(() => writer.addHistogram("a", [1], 0, { bins: [1, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHistogram: bins must be a number of bins, a list of rising edges, or one of tensorflow, auto, fd, doane, scott, stone, rice, sturges, sqrt, got [1, 0].]`,
    );
    expect(() => writer.addHistogram("a", [0, 1], 0, { bins: 1e9 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHistogram: 1000000000 bins from 0 to 1 are too many. Give a smaller number as bins, or edges.]`,
    );
    const raw = { min: 0, max: 1, num: 1, sum: 1, sumSquares: 1, bucketLimits: [1, 2], bucketCounts: [1] };
    expect(() => writer.addHistogramRaw("a", raw)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHistogramRaw: there are 2 bucketLimits and 1 bucketCounts. Give each bucket its right edge and its count.]`,
    );
  });

  it("a curve", () => {
    expect(() => writer.addPrCurve("a", [0, 1], [0.5])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addPrCurve: labels has 2 elements and predictions 1. Give as many of each.]`,
    );
    expect(() => writer.addPrCurve("a", [0], [-2.5])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addPrCurve: predictions must be from 0 to 1, got -2.5 at 0. Predictions are probabilities: give the sigmoid or softmax of logits.]`,
    );
    expect(() => writer.addPrCurve("a", [0], [0.5], 0, { weights: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addPrCurve: weights has 2 elements and predictions 1. Give as many of each.]`,
    );
  });

  it("a layout", () => {
    expect(() => writer.addCustomScalarsMarginchart(["a", "b"])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addCustomScalarsMarginchart: the margin chart "untitled" must have three tags: the value's, its lower and its upper edge's, got 2.]`,
    );
    // @ts-expect-error: no such chart
    expect(() => writer.addCustomScalars({ a: { b: ["Bars", ["c"]] } })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addCustomScalars: chart "b" must be ["Multiline", [tag, ...]] or ["Margin", [value, lower, upper]], got ["Bars", ["c"]].]`,
    );
  });

  it("a mesh", () => {
    const vertices = { shape: [1, 2, 3], data: [0, 0, 0, 1, 1, 1] };
    expect(() => writer.addMesh("a", [[0, 0, 0]])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addMesh: vertices must be [batch, vertices, 3], got [1, 3].]`,
    );
    expect(() => writer.addMesh("a", vertices, 0, { colors: [[[1, 2, 3]]] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addMesh: colors must be [batch, vertices, 3] for vertices [1, 2, 3], got [1, 1, 3].]`,
    );
  });

  it("hyperparameters", () => {
    // @ts-expect-error: no value
    expect(() => writer.addHparams({ act: () => 1 }, {})).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHparams: hparamDict.act must be a number, a list, a typed array, a tensor or { shape, data }, got the function act.]`,
    );
    expect(() => writer.addHparams({ lr: [1, 2] }, {})).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHparams: hparamDict.lr must be one number, but shape [2] has 2. Give its mean, or one of its elements.]`,
    );
    const domains = { hparamDomainDiscrete: { lr: ["a"] } };
    expect(() => writer.addHparams({ lr: 1 }, {}, domains)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHparams: hparamDomainDiscrete.lr must be a list of the kind of hparamDict.lr, number, got ["a"].]`,
    );
    expect(() => writer.addHparams({ rate: 1 }, {}, domains)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addHparams: hparamDomainDiscrete.lr must be of a name in hparamDict, got ["a"].]`,
    );
  });

  it("an embedding", () => {
    expect(() => writer.addEmbedding([1, 2])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addEmbedding: mat must be [points, dimensions], got [2].]`,
    );
    expect(() => writer.addEmbedding([[1], [2]], { metadata: ["a"] })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addEmbedding: there are 1 labels in metadata for 2 points in mat. Give one each.]`,
    );
    const columns = { metadata: [["a"], ["b"]], metadataHeader: ["x", "y"] };
    expect(() => writer.addEmbedding([[1], [2]], columns)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addEmbedding: there are 2 names in metadataHeader and 1 labels in a row of metadata. Give one for each column.]`,
    );
    const tall = { shape: [1, 1, 3, 1], data: [0, 0, 0] };
    expect(() => writer.addEmbedding([[1]], { labelImg: tall })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addEmbedding: labelImg [1, 1, 3, 1] does not fit a square sprite. Pad each picture to a square.]`,
    );
  });
});

it("warns of the first NaN of a tag", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  for (const step of [1, 2]) writer.addScalar("nan", Number.NaN, step);
  expect(warn.mock.calls).toMatchInlineSnapshot(`
    [
      [
        "addScalar: nan is NaN at step 1. Later ones of this tag are not warned of.",
      ],
    ]
  `);
});

it("warns when an embedding replaces another", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  for (const _ of [1, 2]) writer.addEmbedding([[1]], { tag: "twice" });
  expect(warn.mock.calls).toMatchInlineSnapshot(`
    [
      [
        "addEmbedding: runs/a/00000/twice is there already and is replaced. Give each embedding of a tag its globalStep.",
      ],
    ]
  `);
});
