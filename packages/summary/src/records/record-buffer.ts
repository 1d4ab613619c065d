import { PbfWriter } from "pbf";
import type { Event } from "../protos/messages.ts";
import { writeEvent } from "../protos/write-event.ts";
import { maskedCrc32c } from "./crc32c.ts";

/** A record's length in 8 bytes and their checksum in 4. */
const headerLength = 12;

/** Events as the records of a file, one after the other. */
export class RecordBuffer {
  #pbf = new PbfWriter(new Uint8Array(1024));
  #count = 0;

  /** How many events there are. */
  get count(): number {
    return this.#count;
  }

  /** The records. They are there until the next `add` or `clear`. */
  get bytes(): Uint8Array {
    return this.#pbf.buf.subarray(0, this.#pbf.pos);
  }

  /** Appends an event. */
  add(event: Event): void {
    const pbf = this.#pbf;
    const start = pbf.pos;
    try {
      pbf.realloc(headerLength);
      pbf.pos += headerLength;
      writeEvent(event, pbf);
    } catch (error) {
      // Nothing half written stays.
      pbf.pos = start;
      throw error;
    }
    const dataStart = start + headerLength;
    const length = pbf.pos - dataStart;
    const footer = maskedCrc32c(pbf.buf, dataStart, pbf.pos);
    pbf.writeFixed32(footer);
    pbf.dataView.setUint32(start, length, true);
    pbf.dataView.setUint32(start + 4, 0, true);
    pbf.dataView.setUint32(start + 8, maskedCrc32c(pbf.buf, start, start + 8), true);
    this.#count += 1;
  }

  /** Drops the records. */
  clear(): void {
    // Room for a big picture is not kept for the numbers that follow.
    if (this.#pbf.length > 2 ** 20) this.#pbf = new PbfWriter(new Uint8Array(1024));
    this.#pbf.pos = 0;
    this.#count = 0;
  }
}
