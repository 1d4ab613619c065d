import { decode } from "fast-png";
import { describe, expect, it, vi } from "vitest";
import { argumentOf, type Json, reference, writtenTo } from "../test/summary-writer.ts";
import { OptionError } from "./options/option-error.ts";
import { memorySink } from "./sinks/memory-sink.ts";
import { SummaryWriter } from "./summary-writer.ts";

/** Calls a method by its name. */
function call(writer: SummaryWriter, method: string, args: readonly Json[]): void {
  const called: unknown = Reflect.get(writer, method);
  if (typeof called !== "function") throw new Error(`SummaryWriter has no ${method}`);
  called.apply(writer, args.map(argumentOf));
}

describe("SummaryWriter writes the events of PyTorch's for", () => {
  // Exactly: the same operations on doubles. But sums are added in another order than NumPy's.
  const asRecorded = (json: Json): unknown => {
    if (Array.isArray(json)) return json.map(asRecorded);
    if (typeof json !== "object" || json === null) return json;
    const entries = Object.entries(json).map(([name, value]) => {
      const isSum = (name === "sum" || name === "sumSquares") && typeof value === "number";
      return [name, isSum ? expect.closeTo(value, 12 - Math.ceil(Math.log10(Math.abs(value) + 1))) : asRecorded(value)];
    });
    return Object.fromEntries(entries);
  };

  it.each(reference.cases.map((one) => [`${one.method}: ${one.name}`, one] as const))("%s", async (_, one) => {
    const sink = memorySink();
    const writer = new SummaryWriter("runs/a", { sink });
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    if (one.error !== undefined) {
      expect(() => call(writer, one.method, one.arguments)).toThrow(OptionError);
    } else {
      call(writer, one.method, one.arguments);
      await writer.close();
      expect(writtenTo(sink, "runs/a")).toEqual(asRecorded(one.runs ?? {}));
    }
    warn.mockRestore();
  });
});

describe("addEmbedding writes the files of PyTorch's for", () => {
  it.each(reference.embeddings.map((one) => [one.name, one] as const))("%s", async (_, { calls, files }) => {
    const sink = memorySink();
    const writer = new SummaryWriter("runs/a", { sink });
    for (const { mat, ...options } of calls) call(writer, "addEmbedding", [mat ?? null, options]);
    await writer.close();
    const written = [...sink.files].filter(([path]) => !path.includes("tfevents"));
    expect(
      Object.fromEntries(written.map(([path, bytes]) => [path.slice("runs/a/".length), contentOf(path, bytes)])),
    ).toEqual(files);
  });

  function contentOf(path: string, bytes: Uint8Array): unknown {
    if (!path.endsWith(".png")) return new TextDecoder().decode(bytes);
    const { height, width, channels, data } = decode(bytes);
    return { shape: [height, width, channels], pixels: Array.from(data) };
  }
});
