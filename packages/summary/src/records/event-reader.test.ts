import { describe, expect, it } from "vitest";
import type { Event } from "../protos/messages.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { EventFileError } from "./event-file-error.ts";
import { EventReader } from "./event-reader.ts";
import { readEvents } from "./read-events.ts";
import { RecordBuffer } from "./record-buffer.ts";

const events: Event[] = [
  { wallTime: 1.5, step: 0, fileVersion: "brain.Event:2" },
  { wallTime: 2.5, step: 3, summary: { value: [{ tag: "loss", simpleValue: 0.5 }] } },
  { wallTime: 3.5, step: -4, summary: { value: [{ tag: "größe", simpleValue: 0 }] } },
];

function fileOf(written: readonly Event[]): Uint8Array {
  const buffer = new RecordBuffer();
  for (const event of written) buffer.add(event);
  return buffer.bytes.slice();
}

/** A record around any bytes, its checksums right. */
function recordOf(data: Uint8Array, length = data.length): Uint8Array {
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(length), true);
  view.setUint32(8, maskedCrc32c(record, 0, 8), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

async function all(source: Parameters<typeof readEvents>[0]): Promise<Event[]> {
  const read: Event[] = [];
  for await (const event of readEvents(source)) read.push(event);
  return read;
}

describe("EventReader", () => {
  it("gives the events of a file", () => {
    const reader = new EventReader();
    expect(reader.push(fileOf(events))).toEqual(events);
    expect(reader.pending).toBe(0);
  });

  it("gives the same events whatever the pieces", () => {
    const bytes = fileOf(events);
    for (let size = 1; size <= bytes.length; size++) {
      const reader = new EventReader();
      const read: Event[] = [];
      // One buffer for all pieces, as a file is read.
      const piece = new Uint8Array(size);
      for (let i = 0; i < bytes.length; i += size) {
        const part = bytes.subarray(i, i + size);
        piece.set(part);
        read.push(...reader.push(piece.subarray(0, part.length)));
      }
      expect(read).toEqual(events);
    }
  });

  it("waits for the rest of a record that is cut short anywhere", () => {
    const bytes = fileOf(events);
    const lastRecord = fileOf(events.slice(0, 2)).length;
    for (let end = lastRecord; end < bytes.length; end++) {
      const reader = new EventReader();
      expect(reader.push(bytes.subarray(0, end))).toEqual(events.slice(0, 2));
      expect(reader.pending).toBe(end - lastRecord);
      expect(reader.push(bytes.subarray(end))).toEqual(events.slice(2));
    }
  });

  it("says where a record is damaged, and has what was before it", () => {
    const bytes = fileOf(events);
    bytes[fileOf(events.slice(0, 1)).length + 14] = 0xff;
    const reader = new EventReader();
    const failed = failure(() => reader.push(bytes));
    expect(failed.events).toEqual(events.slice(0, 1));
    expect(failed.message).toMatchInlineSnapshot(
      `"EventReader: the data of a record and its checksum do not agree, at byte 40. To go on with the next whole record, read with { corrupt: "skip" }."`,
    );
    expect(failure(() => reader.push(new Uint8Array(0))).events).toEqual([]);
  });

  it("goes on with the next whole record on request, whichever byte is damaged", () => {
    const bytes = fileOf(events);
    const second = fileOf(events.slice(0, 1)).length;
    const third = fileOf(events.slice(0, 2)).length;
    for (let damaged = second; damaged < third; damaged++) {
      const copy = bytes.slice();
      copy[damaged] = (copy[damaged] ?? 0) ^ 0x10;
      const reader = new EventReader({ corrupt: "skip" });
      expect(reader.push(copy)).toEqual([events[0], events[2]]);
      expect(reader.skipped).toBe(third - second);
    }
  });

  it("does not believe a length", () => {
    const claims = (length: number): Uint8Array => recordOf(new Uint8Array(8), length).subarray(0, 12);
    expect(failure(() => new EventReader().push(claims(2 ** 52))).message).toMatchInlineSnapshot(
      `"EventReader: a record claims 4503599627370496 bytes, above maxRecordLength 268435456, at byte 0. To go on with the next whole record, read with { corrupt: "skip" }."`,
    );
    const reader = new EventReader();
    expect(reader.push(claims(2 ** 28))).toEqual([]);
    expect(reader.pending).toBe(12);
    expect(failure(() => new EventReader({ maxRecordLength: 10 }).push(fileOf(events))).message).toMatchInlineSnapshot(
      `"EventReader: a record claims 24 bytes, above maxRecordLength 10, at byte 0. To go on with the next whole record, read with { corrupt: "skip" }."`,
    );
  });

  it("names what is no event though its checksums are right", () => {
    // Field 5 (summary) says it has 100 bytes; there are none.
    const beyond = recordOf(Uint8Array.of(0x2a, 100));
    expect(failure(() => new EventReader().push(beyond)).message).toMatchInlineSnapshot(
      `"EventReader: a record is not an event: a length reaches 100 bytes beyond the record, at byte 0. To go on with the next whole record, read with { corrupt: "skip" }."`,
    );
    // A packed list of 2 ** 31 numbers in a tensor of two bytes.
    const packed = recordOf(Uint8Array.of(0x2a, 10, 0x0a, 8, 0x42, 6, 0x52, 0xff, 0xff, 0xff, 0xff, 0x07));
    expect(failure(() => new EventReader().push(packed)).message).toMatchInlineSnapshot(
      `"EventReader: a record is not an event: Expected varint not more than 10 bytes, at byte 0. To go on with the next whole record, read with { corrupt: "skip" }."`,
    );
    const group = recordOf(Uint8Array.of(0x0b));
    expect(failure(() => new EventReader().push(group)).message).toMatchInlineSnapshot(
      `"EventReader: a record is not an event: Offset is outside the bounds of the DataView, at byte 0. To go on with the next whole record, read with { corrupt: "skip" }."`,
    );
  });

  it("skips fields that it does not know", () => {
    // Field 100, a string, then the step.
    expect(new EventReader().push(recordOf(Uint8Array.of(0xa2, 0x06, 1, 65, 0x10, 7)))).toEqual([
      { wallTime: 0, step: 7 },
    ]);
  });

  it("names a misspelt option", () => {
    // @ts-expect-error: there is no such option
    expect(() => new EventReader({ corupt: "skip" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EventReader: no option corupt. Did you mean corrupt?]`,
    );
    // @ts-expect-error: one of two words
    expect(() => new EventReader({ corrupt: "ignore" })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: EventReader: corrupt must be one of throw, skip, got "ignore".]`,
    );
  });
});

describe("readEvents", () => {
  it("reads bytes, lists and streams of them", async () => {
    const bytes = fileOf(events);
    expect(await all(bytes)).toEqual(events);
    expect(await all([bytes.subarray(0, 20), bytes.subarray(20)])).toEqual(events);
    expect(await all(new Blob([bytes.slice()]).stream())).toEqual(events);
  });

  it("gives what is before the damage, then throws", async () => {
    const read: Event[] = [];
    const bytes = fileOf(events);
    bytes[bytes.length - 1] = 1;
    await expect(async () => {
      for await (const event of readEvents(bytes)) read.push(event);
    }).rejects.toThrow(EventFileError);
    expect(read).toEqual(events.slice(0, 2));
  });
});

function failure(run: () => unknown): EventFileError {
  try {
    run();
  } catch (error) {
    if (error instanceof EventFileError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
