import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { type Event, EventFileError, EventReader } from "@anneal/summary";

/** An event, and where its record is. */
export interface PlacedEvent {
  readonly event: Event;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes of the whole record, checksums included. */
  readonly length: number;
}

/** Lengths and checksums around the data of a record, in bytes. */
const frame = 16;

/** Bytes read at a time. The events of a quarter of a megabyte are gone before the garbage collector would keep them: four times as fast as with 4 MB. */
const chunkLength = 1 << 18;

/** A longer record is taken for damage. */
const longestRecord = 256 << 20;

/** An event file that may still be growing: reads whole records, and comes back for the rest. */
export class EventFile {
  readonly path: string;
  #offset = 0;
  #size = 0;
  /** The size up to which there was nothing more to read. */
  #tried = 0;
  #identity = "";
  #problem: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Bytes of whole records that were read. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes, at the last look. */
  get size(): number {
    return this.#size;
  }

  /** Whether the file has grown since it was read. */
  get hasMore(): boolean {
    return this.#size > this.#tried;
  }

  /** What is wrong with the file, at the last look. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Looks whether there is more to read.
   *
   * @returns whether it is not the file it was: shorter than what was read of it, or another of the same name
   */
  async look(): Promise<"same" | "replaced"> {
    const found = await stat(this.path, { bigint: true });
    const size = Number(found.size);
    const identity = `${found.dev}:${found.ino}`;
    if (this.#identity !== "" && (identity !== this.#identity || size < this.#offset)) return "replaced";
    this.#identity = identity;
    this.#size = size;
    return "same";
  }

  /**
   * Reads the records that are complete, a piece at a time. At a damaged record it ends and says so in `problem`; a file that grows is
   * tried again there, because on a network drive a record may be seen before its bytes.
   */
  async *read(): AsyncGenerator<PlacedEvent[]> {
    const file = await openPlainFile(this.path);
    try {
      this.#problem = undefined;
      let length = chunkLength;
      while (this.#offset < this.#size && this.#problem === undefined) {
        const bytes = await readAt(file, this.#offset, Math.min(length, this.#size - this.#offset));
        const events = this.#eventsOf(bytes);
        if (events.length > 0) {
          length = chunkLength;
          yield events;
        } else if (bytes.length < length || length > longestRecord + frame) break;
        else length *= 2;
      }
      this.#tried = this.#size;
    } finally {
      await file.close();
    }
  }

  #eventsOf(bytes: Uint8Array): PlacedEvent[] {
    let events: readonly Event[];
    let damaged = false;
    try {
      events = new EventReader({ maxRecordLength: longestRecord }).push(bytes);
    } catch (error) {
      if (!(error instanceof EventFileError)) throw error;
      events = error.events;
      damaged = true;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    const placed = events.map((event) => {
      const length = view.getUint32(at, true) + frame;
      const one = { event, offset: this.#offset + at, length };
      at += length;
      return one;
    });
    this.#offset += at;
    if (damaged) this.#problem = `damaged at byte ${this.#offset}`;
    return placed;
  }
}

/** The event of a record whose place is known. */
export async function readRecord(path: string, offset: number, length: number): Promise<Event | undefined> {
  const file = await openPlainFile(path);
  try {
    return new EventReader({ maxRecordLength: longestRecord }).push(await readAt(file, offset, length))[0];
  } finally {
    await file.close();
  }
}

/** Opens a file, not what a symbolic link put in its place points to. */
function openPlainFile(path: string): Promise<FileHandle> {
  // Windows has no such flag: 0 there.
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
