import type { Event } from "../protos/messages.ts";
import { EventFileError } from "./event-file-error.ts";
import { EventReader, type EventReaderOptions } from "./event-reader.ts";

/** A whole event file: its bytes, in one piece or in several, or, in Node, its path. */
export type EventSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | string | URL;

/**
 * The events of a whole file, a piece at a time. A last record that is cut short, as a killed writer leaves it, is left out.
 *
 * @param source - bytes, pieces of bytes (a stream, a list), or the path of a file
 * @throws {EventFileError} at a damaged record, after those before it, unless `corrupt` is "skip"
 * @throws {OptionError} if an option is not what it must be
 * @example
 * import { readEvents, SummaryWriter, memorySink } from "@anneal/summary";
 *
 * const sink = memorySink();
 * const writer = new SummaryWriter("runs/a", { sink });
 * writer.addScalar("loss", 0.5, 3);
 * await writer.close();
 *
 * const losses = [];
 * for (const bytes of sink.files.values()) {
 *   for await (const { step, summary } of readEvents(bytes)) {
 *     for (const { tag, simpleValue } of summary?.value ?? []) losses.push([tag, step, simpleValue]);
 *   }
 * }
 * losses; // => [["loss", 3, 0.5]]
 */
export async function* readEvents(source: EventSource, options: EventReaderOptions = {}): AsyncGenerator<Event, void> {
  const reader = new EventReader(options);
  for await (const bytes of piecesOf(source)) {
    try {
      yield* reader.push(bytes);
    } catch (error) {
      if (error instanceof EventFileError) yield* error.events;
      throw error;
    }
  }
}

function piecesOf(source: EventSource): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  if (typeof source === "string" || source instanceof URL) {
    return process.getBuiltinModule("node:fs").createReadStream(source, { highWaterMark: 2 ** 20 });
  }
  return source;
}
