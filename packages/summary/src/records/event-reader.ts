import { checkOptions } from "../options/check-options.ts";
import { oneOf, positiveCount } from "../options/rules.ts";
import type { Event } from "../protos/messages.ts";
import { readEvent } from "../protos/read-event.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { EventFileError } from "./event-file-error.ts";

export interface EventReaderOptions {
  /**
   * What to do about a record that is damaged: throw, or go on with the next one that is whole.
   *
   * @defaultValue "throw"
   */
  corrupt?: "throw" | "skip";
  /**
   * The longest record there may be, in bytes: a file that announces a longer one is damaged or malicious.
   *
   * @defaultValue 268435456, that is 256 MiB
   */
  maxRecordLength?: number;
}

/** A record's length in 8 bytes and their checksum in 4. */
const headerLength = 12;

/** The checksum of the record's own bytes, after them. */
const footerLength = 4;

/**
 * Reads event files as they grow: push the bytes in pieces of any size, get the events that are complete.
 *
 * A record that is not there to its end waits for the rest of it, so a file may be read while it is written, or after its writer was killed.
 * Nothing is allocated because a file says so: what the reader holds is bytes that were pushed, of at most one record.
 * The bytes pushed may be used again: nothing keeps them.
 *
 * @example
 * import { EventReader } from "@anneal/summary";
 *
 * const reader = new EventReader();
 * reader.push(new Uint8Array(3)); // => []
 * reader.pending; // => 3
 * @see {@link https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details | the format of records}
 */
export class EventReader {
  readonly #corrupt: "throw" | "skip";
  readonly #maxRecordLength: number;
  /** Room for what waits; it waits in its first `#pending` bytes. */
  #room = new Uint8Array(0);
  #pending = 0;
  /** How many bytes of the file have been dealt with. */
  #offset = 0;
  #skipped = 0;

  /** @throws {OptionError} if an option is not what it must be */
  constructor(options: EventReaderOptions = {}) {
    checkOptions("EventReader", options, { corrupt: oneOf("throw", "skip"), maxRecordLength: positiveCount });
    const { corrupt = "throw", maxRecordLength = 2 ** 28 } = options;
    this.#corrupt = corrupt;
    this.#maxRecordLength = maxRecordLength;
  }

  /** How many bytes wait for the rest of their record. 0 at the end of a file that was closed. */
  get pending(): number {
    return this.#pending;
  }

  /** How many bytes were passed over because they were damaged (`corrupt: "skip"`). */
  get skipped(): number {
    return this.#skipped;
  }

  /**
   * Takes the next bytes of the file.
   *
   * @returns the events that are complete with them, in the file's order
   * @throws {EventFileError} at a damaged record, unless they are skipped; `error.events` has those before it, and the next push throws again
   */
  push(bytes: Uint8Array): Event[] {
    const data = this.#pending === 0 ? bytes : this.#joined(bytes);
    const events: Event[] = [];
    let position = 0;
    try {
      for (let length = 1; length > 0; position += length) length = this.#readAt(data, position, events);
    } finally {
      this.#keep(data.subarray(position));
    }
    return events;
  }

  /** Reads or passes over what is there. Returns its length, 0 if it is not complete yet. */
  #readAt(data: Uint8Array, start: number, events: Event[]): number {
    const available = data.length - start;
    if (available < headerLength) return 0;
    if (uint32(data, start + 8) !== maskedCrc32c(data, start, start + 8)) {
      // Where the next record begins is not known then, so look for the next header whose checksum is right.
      return this.#passOver(1, "the length of a record and its checksum do not agree", events);
    }
    // Not exact above 2^53, and too long in any case.
    const length = uint32(data, start) + uint32(data, start + 4) * 2 ** 32;
    if (length > this.#maxRecordLength) {
      const what = `a record claims ${length} bytes, above maxRecordLength ${this.#maxRecordLength}`;
      return this.#passOver(1, what, events);
    }
    const total = headerLength + length + footerLength;
    if (available < total) return 0;
    const end = start + headerLength + length;
    if (uint32(data, end) !== maskedCrc32c(data, start + headerLength, end)) {
      return this.#passOver(total, "the data of a record and its checksum do not agree", events);
    }
    try {
      events.push(readEvent(data.subarray(start + headerLength, end)));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      return this.#passOver(total, `a record is not an event: ${why}`, events, cause);
    }
    this.#offset += total;
    return total;
  }

  #passOver(length: number, what: string, events: Event[], cause?: unknown): number {
    if (this.#corrupt === "throw") {
      const mend = 'To go on with the next whole record, read with { corrupt: "skip" }.';
      throw new EventFileError(`EventReader: ${what}, at byte ${this.#offset}. ${mend}`, events, { cause });
    }
    this.#skipped += length;
    this.#offset += length;
    return length;
  }

  /** What waits and `bytes`, as one. */
  #joined(bytes: Uint8Array): Uint8Array {
    const length = this.#pending + bytes.length;
    if (length > this.#room.length) {
      // Twice as much as is needed, so that a long record in small pieces is not copied for each of them.
      const room = new Uint8Array(2 * length);
      room.set(this.#room.subarray(0, this.#pending));
      this.#room = room;
    }
    this.#room.set(bytes, this.#pending);
    return this.#room.subarray(0, length);
  }

  #keep(rest: Uint8Array): void {
    // Room for a long record is not kept for the short ones that follow.
    if (rest.length > this.#room.length || this.#room.length > Math.max(4 * rest.length, 2 ** 20)) {
      this.#room = rest.slice();
    } else this.#room.set(rest);
    this.#pending = rest.length;
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    (byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24)) >>> 0
  );
}

/** A byte that is there: callers have checked the length. */
const byte = (bytes: Uint8Array, at: number): number => bytes[at] as number;
