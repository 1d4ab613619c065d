import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Dense, Recorded } from "../test/recording.ts";
import { findPython, TensorBoard } from "../test/tensorboard.ts";
import { SummaryWriter } from "./summary-writer.ts";

// The real TensorBoard, where Python has it: it must list every tag in the right plugin and serve the values.
const python = findPython();
const folder = python.missing ? "" : mkdtempSync(join(tmpdir(), "summary-"));
const run = { run: "a" };
const time = expect.any(Number);

/** One of each, in the run `a`. */
async function writeAll(): Promise<void> {
  await using writer = new SummaryWriter(join(folder, "a"));
  for (let step = 0; step < 5; step++) writer.addScalar("train/loss", 1 / (1 + step), step, { walltime: 1000 + step });
  writer.addScalar("precise", 0.1, 1, { newStyle: true, doublePrecision: true });
  writer.addScalar("said", 2, 1, { displayName: "Said", summaryDescription: "in *words*" });
  writer.addScalars("both", { sin: 0.5, cos: 0.25 }, 3);
  writer.addHistogram("weights", [-1, -0.5, 0.25, 0.25, 2], 4);
  writer.addHistogram("even", [0, 1, 2, 3], 4, { bins: 2 });
  writer.addText("notes", "**hello**", 6);
  writer.addPrCurve("pr", [0, 1, 1, 0], [0.1, 0.9, 0.4, 0.6], 2, { numThresholds: 5 });
  writer.addCustomScalars({ losses: { both: ["Multiline", ["train/loss"]], spread: ["Margin", ["v", "l", "u"]] } });
  writer.addMesh(
    "mesh",
    [
      [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
    ],
    1,
    { faces: [[[0, 1, 2]]] },
  );
  writer.addHparams({ lr: 0.5, optimizer: "SGD", nesterov: true }, { "hparam/accuracy": 0.75 }, { runName: "trial" });
  writer.addEmbedding(
    [
      [1, 2],
      [3, 4],
    ],
    {
      metadata: ["one", "two"],
      labelImg: { shape: [2, 3, 2, 2], data: new Float32Array(24).fill(0.5) },
      globalStep: 7,
      tag: "e",
    },
  );
  writer.addTensor("float16", { shape: [2], dtype: "float16", data: [0.5, -2] });
  writer.addTensor("bfloat16", { shape: [2], dtype: "bfloat16", data: [0.5, -2] });
  writer.addTensor("int64", { shape: [1, 2], data: BigInt64Array.of(-5n, 2n ** 40n) });
  writer.addTensor("uint8", Uint8Array.of(1, 255));
  writer.addTensor("bool", [true, false]);
  writer.addImage("image", [[0, 0.5, 1]], 8, { dataformats: "HW" });
  writer.addImageWithBoxes("boxes", { shape: [3, 8, 9], data: new Uint8Array(216) }, [[1, 2, 5, 6]], 8, { rescale: 2 });
  writer.addFigure("figure", '<svg width="4" height="3"><rect width="4" height="3" fill="red"/></svg>', 8);
  writer.addVideo("video", { shape: [3, 2, 1, 4, 5], data: new Uint8Array(120) }, 8);
  writer.addAudio("sound", [0, 0.5, -0.5], 9, { sampleRate: 8000 });
  writer.addGraph(new Dense(3, 2), new Recorded([5, 3]));
}

const rowsOf = (answer: unknown): unknown[] => (Array.isArray(answer) ? answer : []);

/** How TensorBoard asks for the file that a row names. */
const query = (row: unknown): Record<string, string> =>
  typeof row === "object" && row !== null && "query" in row
    ? Object.fromEntries(new URLSearchParams(String(row.query)))
    : {};

describe.skipIf(python.missing).each([
  ["as people have it", true],
  ["with its reader in Python", false],
] as const)(`TensorBoard, %s,${python.missing}`, (_, fast) => {
  let board: TensorBoard;

  beforeAll(async () => {
    await writeAll();
    board = await TensorBoard.start(python.command, folder, { fast });
    // It reads in the background.
    await vi.waitFor(async () => expect(await board.get("plugin/text/tags")).toEqual({ a: ["notes/text_summary"] }), {
      timeout: 50_000,
      interval: 200,
    });
  }, 120_000);

  afterAll(() => {
    board?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("lists scalars and serves their values", async () => {
    expect(await board.get("plugin/scalars/tags")).toMatchObject({
      // The reader in Rust knows no descriptions, and no doubles.
      a: fast
        ? { "train/loss": {}, said: {} }
        : { "train/loss": {}, precise: {}, said: { displayName: "Said", description: "<p>in <em>words</em></p>" } },
      "a/both_sin": { both: {} },
      "a/both_cos": { both: {} },
      "a/trial": { "hparam/accuracy": {} },
    });
    const rows = await board.get("plugin/scalars/scalars", { ...run, tag: "train/loss" });
    expect(rows).toEqual([0, 1, 2, 3, 4].map((step) => [1000 + step, step, Math.fround(1 / (1 + step))]));
    const both = await board.get("plugin/scalars/scalars", { run: "a/both_cos", tag: "both" });
    expect(both).toEqual([[time, 3, 0.25]]);
    const precise = await board.get("plugin/scalars/scalars", { ...run, tag: "precise" });
    expect(precise).toEqual(fast ? [] : [[time, 1, 0.1]]);
  });

  it("lists histograms and serves their buckets", async () => {
    expect(await board.get("plugin/histograms/tags")).toMatchObject({ a: { weights: {}, even: {} } });
    expect(await board.get("plugin/distributions/tags")).toMatchObject({ a: { weights: {}, even: {} } });
    const even = await board.get("plugin/histograms/histograms", { ...run, tag: "even" });
    // The reader in Python leaves out the empty bucket before the first.
    const empty = fast ? [[0, 0, 0]] : [];
    expect(even).toEqual([[time, 4, [...empty, [0, 1.5, 2], [1.5, 3, 2]]]]);
  });

  it("serves text as Markdown", async () => {
    const rows = await board.get("plugin/text/text", { ...run, tag: "notes/text_summary" });
    expect(rows).toEqual([{ wall_time: time, step: 6, text: expect.stringContaining("<strong>hello</strong>") }]);
  });

  it("serves precision and recall", async () => {
    expect(await board.get("plugin/pr_curves/tags")).toMatchObject({ a: { pr: {} } });
    expect(await board.get("plugin/pr_curves/pr_curves", { ...run, tag: "pr" })).toMatchObject({
      // It leaves out the last threshold, at which nothing is positive.
      a: [{ step: 2, true_positives: [2, 2, 1, 1], false_positives: [2, 1, 1, 0], recall: [1, 1, 0.5, 0.5] }],
    });
  });

  it("serves the layout of custom scalars", async () => {
    expect(await board.get("plugin/custom_scalars/layout")).toMatchObject({
      category: [
        {
          title: "losses",
          chart: [
            { title: "both", multiline: { tag: ["train/loss"] } },
            { title: "spread", margin: { series: [{ value: "v", lower: "l", upper: "u" }] } },
          ],
        },
      ],
    });
  });

  it("serves meshes", async () => {
    expect(await board.get("plugin/mesh/tags")).toEqual({ a: { mesh: { samples: 1 } } });
    const parts = await board.get("plugin/mesh/meshes", { ...run, tag: "mesh", sample: "0" });
    // In any order.
    expect(parts).toHaveLength(2);
    expect(parts).toContainEqual(
      expect.objectContaining({ step: 1, content_type: 1, components: 6, config: "{}", data_shape: [1, 3, 3] }),
    );
    expect(parts).toContainEqual(
      expect.objectContaining({ step: 1, content_type: 2, components: 6, config: "{}", data_shape: [1, 1, 3] }),
    );
  });

  it("shows hyperparameters, booleans as booleans, beside their metrics", async () => {
    const query = {
      experimentName: "",
      allowedStatuses: ["STATUS_SUCCESS"],
      colParams: [],
      startIndex: 0,
      sliceSize: 9,
    };
    expect(await board.get("plugin/hparams/session_groups", {}, query)).toMatchObject({
      sessionGroups: [
        {
          hparams: { lr: 0.5, optimizer: "SGD", nesterov: true },
          metricValues: [{ name: { tag: "hparam/accuracy" }, value: 0.75 }],
        },
      ],
    });
  });

  it("shows embeddings", async () => {
    expect(await board.get("plugin/projector/info", run)).toMatchObject({
      embeddings: [{ tensorName: "e:00007", tensorShape: [2, 2], sprite: { singleImageDim: [2, 2] } }],
    });
    const named = { ...run, name: "e:00007" };
    const tensor = await board.fetch("plugin/projector/tensor", named);
    expect(new Float32Array(await tensor.arrayBuffer())).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(await board.get("plugin/projector/metadata", named)).toBe("one\ntwo\n");
    expect((await board.fetch("plugin/projector/sprite_image", named)).headers.get("content-type")).toBe("image/png");
  });

  it("serves pictures and videos", async () => {
    expect(await board.get("plugin/images/tags")).toMatchObject({ a: { image: {}, boxes: {}, figure: {}, video: {} } });
    const types: Record<string, string | null> = {};
    for (const tag of ["image", "boxes", "figure", "video"]) {
      const [shown] = rowsOf(await board.get("plugin/images/images", { ...run, tag, sample: "0" }));
      expect(shown).toMatchObject({ step: 8 });
      const file = await board.fetch("plugin/images/individualImage", query(shown));
      types[tag] = file.headers.get("content-type");
    }
    expect(types).toEqual({ image: "image/png", boxes: "image/png", figure: "image/png", video: "image/gif" });
  });

  it("serves sound", async () => {
    expect(await board.get("plugin/audio/tags")).toMatchObject({ a: { sound: {} } });
    const [shown] = rowsOf(await board.get("plugin/audio/audio", { ...run, tag: "sound", sample: "0" }));
    // The reader in Rust does not say what the file is.
    expect(shown).toMatchObject({ step: 9, contentType: fast ? "application/octet-stream" : "audio/wav" });
    const file = await (await board.fetch("plugin/audio/individualAudio", query(shown))).arrayBuffer();
    expect(new TextDecoder().decode(file.slice(0, 4))).toBe("RIFF");
    // A head of 44 bytes, two for each sample.
    expect(file.byteLength).toBe(44 + 6);
  });

  it("draws graphs", async () => {
    expect(await board.get("plugin/graphs/info")).toMatchObject({ a: { run_graph: true, tags: { step1: {} } } });
    const graph = String(await board.get("plugin/graphs/graph", run));
    const names = [...graph.matchAll(/^ {2}name: "(.*)"$/gm)].map(([, name]) => name);
    expect(names).toEqual(["input", "Dense/weight", "Dense/matmul", "Dense/bias", "Dense/add", "output"]);
    expect(graph).toContain('input: "Dense/matmul"\n  input: "Dense/bias"');
    expect(graph).toContain("DT_FLOAT");
    expect(await board.get("plugin/graphs/run_metadata", { ...run, tag: "step1" })).toContain("/device:CPU:0");
  });

  it("reads tensors of every type", () => {
    const script = new URL("../test/read_tensors.py", import.meta.url).pathname;
    const { stdout } = spawnSync(python.command, [script, folder], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual({
      float16: { dtype: "float16", shape: [2], data: [0.5, -2] },
      bfloat16: { dtype: "bfloat16", shape: [2], data: [0.5, -2] },
      int64: { dtype: "int64", shape: [1, 2], data: [-5, 2 ** 40] },
      uint8: { dtype: "uint8", shape: [2], data: [1, 255] },
      bool: { dtype: "bool", shape: [2], data: [1, 0] },
    });
  });
});
