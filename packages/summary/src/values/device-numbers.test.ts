import { expect, it } from "vitest";
import { EventReader } from "../records/event-reader.ts";
import { memorySink } from "../sinks/memory-sink.ts";
import { SummaryWriter } from "../summary-writer.ts";
import type { ShapedNumbers } from "./numbers.ts";

// Plain objects, as the tensors of any library look from here.
const onDevice = (
  dtype: string,
  shape: number[],
  data: Float32Array | Int32Array | Uint8Array,
  ms = 1,
): ShapedNumbers => ({
  shape,
  dtype,
  data: () => new Promise((resolve) => setTimeout(() => resolve(data), ms)),
});

it("takes what is still on a device, does not wait for it, and keeps the order", async () => {
  const sink = memorySink();
  const writer = new SummaryWriter("runs/a", { sink, maxQueue: 1 });
  const events = (): number => [...sink.files.values()].flatMap((bytes) => new EventReader().push(bytes)).length;
  const before = events();
  writer.addHistogram("weights", onDevice("float32", [2, 2], Float32Array.of(1, 2, 3, 4), 30), 0);
  writer.addScalar("loss", onDevice("float32", [], Float32Array.of(0.5), 1), 1);
  writer.addTensor("mask", onDevice("bool", [2], Uint8Array.of(1, 0)), 2);
  writer.addPrCurve(
    "pr",
    onDevice("int32", [2], Int32Array.of(0, 1)),
    onDevice("float32", [2], Float32Array.of(0.25, 0.75)),
    3,
  );
  writer.addMesh("mesh", onDevice("float32", [1, 1, 3], new Float32Array(3)), 4);
  writer.addScalar("loss", 1, 5);
  expect(events()).toBe(before);
  await writer.flush();
  const [bytes = new Uint8Array(0)] = sink.files.values();
  const read = new EventReader()
    .push(bytes)
    .flatMap(({ step, summary }) => (summary ? [{ step, value: summary.value[0] }] : []));
  expect(read.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(read[0]?.value?.histo).toMatchObject({ min: 1, max: 4, num: 4, sum: 10, sumSquares: 30 });
  expect(read[1]?.value?.simpleValue).toBe(0.5);
  expect(read[2]?.value?.tensor).toMatchObject({ dtype: 10, boolVal: [1, 0] });
  await writer.close();
});

it("takes hyperparameters and metrics that are still on a device", async () => {
  const sink = memorySink();
  const writer = new SummaryWriter("runs/a", { sink });
  const half = onDevice("float32", [1], Float32Array.of(0.5));
  writer.addHparams({ lr: half, name: "x" }, { accuracy: half }, { runName: "r" });
  await writer.close();
  const [, bytes = new Uint8Array(0)] = [...sink.files].find(([path]) => path.startsWith("runs/a/r/")) ?? [];
  const values = new EventReader().push(bytes).flatMap(({ summary }) => summary?.value ?? []);
  expect(values.map(({ tag }) => tag)).toEqual([
    "_hparams_/experiment",
    "_hparams_/session_start_info",
    "_hparams_/session_end_info",
    "accuracy",
  ]);
  expect(values[3]?.simpleValue).toBe(0.5);
});

it("tells of numbers that a device cannot give at the next call", async () => {
  const writer = new SummaryWriter("runs/a", { sink: memorySink() });
  writer.addScalar("loss", { shape: [], data: () => Promise.reject(new Error("the device is lost")) });
  await expect(writer.flush()).rejects.toThrow("the device is lost");
  writer.addScalar("loss", { shape: [2], data: () => Promise.resolve([1, 2]) });
  await expect(writer.close()).rejects.toThrowErrorMatchingInlineSnapshot(
    `[OptionError: addScalar: scalar must be one number, but shape [2] has 2. Give its mean, or one of its elements.]`,
  );
});
