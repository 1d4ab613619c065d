import { readFileSync } from "node:fs";
import { EventReader } from "../src/records/event-reader.ts";
import type { memorySink } from "../src/sinks/memory-sink.ts";
import type { ShapedNumbers, TypedArray } from "../src/values/numbers.ts";

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

interface Case {
  readonly name: string;
  readonly method: string;
  readonly arguments: readonly Json[];
  /** The events by directory. */
  readonly runs?: Readonly<Record<string, readonly Json[]>>;
  /** What PyTorch says instead. */
  readonly error?: string;
}

interface Sprite {
  readonly shape: readonly number[];
  readonly pixels: readonly number[];
}

interface Reference {
  readonly cases: readonly Case[];
  readonly embeddings: readonly {
    readonly name: string;
    readonly calls: readonly { readonly [name: string]: Json }[];
    readonly files: Readonly<Record<string, string | Sprite>>;
  }[];
  readonly defaultEdges: readonly number[];
  readonly pythonNumbers: readonly (readonly [number, string])[];
}

/** Recorded from torch 2.13.0 and tensorboardX 2.6.5 by reference/summary_writer.py. */
export const reference: Reference = JSON.parse(
  readFileSync(new URL("../reference/summary-writer.json", import.meta.url), "utf8"),
);

const arrays: Readonly<Record<string, (data: readonly (number | string)[]) => TypedArray>> = {
  float32: (data) => Float32Array.from(data, Number),
  float64: (data) => Float64Array.from(data, Number),
  float16: (data) => Uint16Array.from(data, Number),
  bfloat16: (data) => Uint16Array.from(data, Number),
  int8: (data) => Int8Array.from(data, Number),
  int16: (data) => Int16Array.from(data, Number),
  int32: (data) => Int32Array.from(data, Number),
  int64: (data) => BigInt64Array.from(data, BigInt),
  uint8: (data) => Uint8Array.from(data, Number),
  bool: (data) => Uint8Array.from(data, Number),
  complex64: (data) => Float32Array.from(data, Number),
  complex128: (data) => Float64Array.from(data, Number),
};

/** An argument of a call, with its tensors made. */
export function argumentOf(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(argumentOf);
  if ("shape" in json && "data" in json) return tensorOf(json);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, argumentOf(value)]));
}

function tensorOf({ shape, dtype, data }: Readonly<Record<string, Json>>): ShapedNumbers {
  const values = Array.isArray(data) ? data.map(numberOf) : [];
  const make = arrays[typeof dtype === "string" ? dtype : "float64"];
  if (!make || !Array.isArray(shape)) throw new Error(`no such tensor: ${shape} ${dtype}`);
  return { shape: shape.map(Number), ...(typeof dtype === "string" && { dtype }), data: make(values) };
}

const numberOf = (json: Json): number | string =>
  typeof json === "number" ? json : String(json).replace("inf", "Infinity");

/** The events in a sink by directory below `logDir`, as the generator writes them, without those that begin a file. */
export function writtenTo(sink: ReturnType<typeof memorySink>, logDir: string): Record<string, Json[]> {
  const runs: Record<string, Json[]> = {};
  for (const [path, bytes] of sink.files) {
    if (!path.includes("tfevents")) continue;
    const [, ...events] = new EventReader().push(bytes);
    const directory =
      path
        .slice(logDir.length + 1)
        .split("/")
        .slice(0, -1)
        .join("/") || ".";
    runs[directory] = events
      .filter(({ sessionLog }) => sessionLog === undefined)
      .map(({ wallTime, ...event }) => plain(wallTime === 123.5 ? { wallTime, ...event } : event));
  }
  return runs;
}

/** A message without what has the proto's default, except where that says something. */
function plain(message: object): Json {
  const fields = Object.entries(message).flatMap(([name, value]): [string, Json][] => {
    const json = jsonOf(value);
    const isDefault = json === 0 || json === "" || (typeof json === "object" && Object.keys(json ?? {}).length === 0);
    return isDefault && name !== "simpleValue" ? [] : [[name, json]];
  });
  return Object.fromEntries(fields);
}

function jsonOf(value: unknown): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((each) => jsonOf(each));
  if (typeof value === "object" && value !== null) return plain(value);
  if (typeof value === "number" && !Number.isFinite(value))
    return String(value).replace("Infinity", "inf").toLowerCase();
  return typeof value === "string" || typeof value === "number" ? value : String(value);
}
