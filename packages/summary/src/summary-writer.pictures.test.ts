import { Buffer } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decoded } from "../test/pictures.ts";
import { Dense, Recorded } from "../test/recording.ts";
import { type Event, memorySink, readEvents, SummaryWriter } from "./index.ts";

/** The events of one writer, without the first, which is the file's version. */
async function written(add: (writer: SummaryWriter) => void): Promise<Event[]> {
  const sink = memorySink();
  const writer = new SummaryWriter("run", { sink });
  add(writer);
  await writer.close();
  const [bytes] = sink.files.values();
  const events: Event[] = [];
  for await (const event of readEvents(bytes ?? new Uint8Array())) events.push(event);
  return events.filter(({ summary, graphDef, taggedRunMetadata }) => summary ?? graphDef ?? taggedRunMetadata);
}

const valuesOf = (events: readonly Event[]) => events.flatMap(({ summary }) => summary?.value ?? []);

const white = { shape: [1, 2, 2], data: Float32Array.of(1, 1, 1, 1) };

describe("a writer's pictures, sound and graphs", () => {
  it("are in the file in the order of the calls, also where a device is slow", async () => {
    const slow = {
      shape: [1, 1],
      dtype: "float32",
      data: () => new Promise<Float32Array>((resolve) => void setTimeout(resolve, 5, Float32Array.of(0.5))),
    };
    const events = await written((writer) => {
      writer.addImage("slow", slow, 1, { dataformats: "hw", walltime: 12 });
      writer.addImage("white", white, 2);
      writer.addImages("batch", { shape: [2, 1, 1, 1], data: [0, 1] }, 3);
      writer.addImages("list", [white, white], 4);
      writer.addImageWithBoxes("boxes", white, [[0, 0, 1, 1]], 5, { labels: "one", rescale: 2 });
      writer.addFigure("figure", { width: 1, height: 1, data: Uint8Array.of(1, 2, 3, 255) }, 6);
      writer.addVideo("video", { shape: [1, 1, 1, 1, 1], data: [1] }, 7, { fps: 10 });
      writer.addAudio("sound", [0, 0.5], 8, { sampleRate: 8000 });
    });
    expect(events.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events[0]?.wallTime).toBe(12);
    const values = valuesOf(events);
    expect(values.map(({ tag }) => tag)).toEqual([
      "slow",
      "white",
      "batch",
      "list",
      "boxes",
      "figure",
      "video",
      "sound",
    ]);
    expect(decoded(values[0]?.image)).toEqual({
      width: 1,
      height: 1,
      colorspace: 3,
      pixels: { shape: [1, 1, 3], dtype: "uint8", data: [127, 127, 127] },
    });
    expect(values.slice(1, 6).map(({ image }) => decoded(image).pixels.shape)).toEqual([
      [2, 2, 3],
      [1, 2, 3],
      [2, 4, 3],
      [4, 4, 3],
      [1, 1, 3],
    ]);
    expect(values[6]?.image?.encodedImageString.slice(0, 6)).toEqual(new Uint8Array(Buffer.from("GIF89a")));
    expect(values[7]?.audio).toMatchObject({ sampleRate: 8000, lengthFrames: 2, contentType: "audio/wav" });
    // TensorBoard knows what they are without.
    expect(values.map(({ metadata }) => metadata)).toEqual(new Array(8).fill(undefined));
  });

  it("are graphs of models, with the metadata that TensorBoard expects", async () => {
    const events = await written((writer) => writer.addGraph(new Dense(3, 2), new Recorded([1, 3])));
    expect(events).toHaveLength(2);
    // The names as text, among the lengths: graphs are read by TensorBoard.
    expect(new TextDecoder().decode(events[0]?.graphDef)).toContain("Dense/matmul");
    expect(events[1]?.taggedRunMetadata?.tag).toBe("step1");
    expect(new TextDecoder().decode(events[1]?.taggedRunMetadata?.runMetadata)).toContain("/device:CPU:0");
  });

  it("are graphs of ONNX files, given as bytes or where they are", async () => {
    const folder = mkdtempSync(join(tmpdir(), "onnx-"));
    try {
      const files = JSON.parse(readFileSync(new URL("../reference/onnx_graph.json", import.meta.url), "utf8"));
      const bytes = new Uint8Array(Buffer.from(files.branches.file, "base64"));
      writeFileSync(join(folder, "model.onnx"), bytes);
      const events = await written((writer) => {
        writer.addOnnxGraph(bytes);
        writer.addOnnxGraph(join(folder, "model.onnx"));
      });
      const graphs = events.flatMap(({ graphDef }) => (graphDef ? [graphDef] : []));
      expect(graphs).toHaveLength(2);
      expect(graphs[1]).toEqual(graphs[0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("throw at once for what is wrong, before a device is read", () => {
    const writer = new SummaryWriter("run", { sink: memorySink() });
    const tensor = { shape: [5, 2, 2], dtype: "float32", data: () => Promise.resolve(new Float32Array(20)) };
    expect(() => writer.addImage("tag", tensor)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: a picture [5, 2, 2] in the order CHW has 5 channels. Give 1 (gray), 3 (red, green, blue) or 4 (with opacity), and say in dataformats which dimension they are.]`,
    );
    // @ts-expect-error: PyTorch's name
    expect(() => writer.addImage("tag", white, 1, { data_formats: "CHW" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: no option data_formats. Did you mean dataformats?]`,
    );
    expect(() => writer.addImage("", white)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImage: tag must be a string that is not empty, got "".]`,
    );
    expect(() => writer.addImageWithBoxes("tag", white, [], 1, { rescale: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addImageWithBoxes: rescale must be a number above 0, got 0.]`,
    );
    expect(() => writer.addVideo("tag", tensor, 1)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addVideo: dataformats "NTCHW" names 5 dimensions, the argument has [5, 2, 2]. Give a letter for each.]`,
    );
    expect(() => writer.addVideo("tag", tensor, 1, { fps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addVideo: fps must be a number above 0, got -1.]`,
    );
    expect(() => writer.addAudio("tag", [0], 1, { sampleRate: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addAudio: sampleRate must be a whole number from 1 up, got 0.5.]`,
    );
    // @ts-expect-error: no model
    expect(() => writer.addGraph({ forward: () => {} }, new Recorded([1]))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addGraph: the model has no namedModules(). Give a module of @anneal/nn, or one that has forward(), namedModules(), registerForwardPreHook(), registerForwardHook(), namedParameters().]`,
    );
  });
});
