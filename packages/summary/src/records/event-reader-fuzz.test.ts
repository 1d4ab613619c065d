import fc from "fast-check";
import { expect, it } from "vitest";
import type { Event, SummaryValue } from "../protos/messages.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { EventFileError } from "./event-file-error.ts";
import { EventReader } from "./event-reader.ts";
import { RecordBuffer } from "./record-buffer.ts";

// ANNEAL_FUZZ=100000 looks longer.
const numRuns = Number(process.env.ANNEAL_FUZZ ?? 2000);
const timeout = 60_000 + 10 * numRuns;

const bytes = fc.uint8Array({ maxLength: 40 });
const numbers = fc.array(fc.double(), { maxLength: 6 });
const floats = fc.array(fc.float(), { maxLength: 6 });
const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const positive = fc.nat({ max: 2 ** 31 - 1 });
const present = { requiredKeys: [] };

const value: fc.Arbitrary<SummaryValue> = fc.oneof(
  fc.record({ tag: fc.string(), simpleValue: fc.float() }),
  fc.record({
    tag: fc.string({ unit: "binary" }),
    image: fc.record({ height: positive, width: positive, colorspace: positive, encodedImageString: bytes }),
  }),
  fc.record({
    tag: fc.string(),
    histo: fc.record({
      min: fc.double(),
      max: fc.double(),
      num: fc.double(),
      sum: fc.double(),
      sumSquares: fc.double(),
      bucketLimit: numbers,
      bucket: numbers,
    }),
  }),
  fc.record({
    tag: fc.string(),
    tensor: fc
      .record(
        {
          tensorContent: bytes,
          floatVal: floats,
          doubleVal: numbers,
          intVal: fc.array(whole),
          stringVal: fc.array(bytes),
          int64Val: fc.array(fc.maxSafeInteger()),
          halfVal: fc.array(fc.nat({ max: 65535 })),
        },
        present,
      )
      .chain((lists) =>
        fc.record({
          dtype: fc.nat({ max: 30 }),
          tensorShape: fc.record({ dim: fc.array(fc.record({ size: fc.maxSafeInteger() }), { maxLength: 5 }) }),
          ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, fc.constant(list)])),
        }),
      ),
    metadata: fc.record({
      pluginData: fc.record({ pluginName: fc.string(), content: bytes }),
      displayName: fc.string({ minLength: 1 }),
    }),
  }),
);

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ wallTime: fc.double(), step: fc.maxSafeInteger(), summary: fc.record({ value: fc.array(value) }) }),
  fc.record({ wallTime: fc.double(), step: positive, graphDef: bytes }),
  fc.record({ wallTime: fc.double(), step: positive, sessionLog: fc.record({ status: fc.nat({ max: 3 }) }) }),
);

function fileOf(events: readonly Event[]): Uint8Array {
  const buffer = new RecordBuffer();
  for (const each of events) buffer.add(each);
  return buffer.bytes.slice();
}

/** Without what is not written: what is empty, and the sign of zero. */
function written(message: unknown): unknown {
  if (Object.is(message, -0)) return 0;
  if (ArrayBuffer.isView(message)) return [...new Uint8Array(message.buffer, message.byteOffset, message.byteLength)];
  if (Array.isArray(message)) return message.map(written);
  if (typeof message !== "object" || message === null) return message;
  const entries = Object.entries(message).map(([name, inner]) => [name, written(inner)]);
  return Object.fromEntries(entries.filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0)));
}

/** Pushes bytes in pieces; returns how many events there were, or that the file is damaged. Anything else is thrown. */
function readAll(reader: EventReader, data: Uint8Array, size: number): number {
  let count = 0;
  try {
    for (let i = 0; i < data.length; i += size) count += reader.push(data.subarray(i, i + size)).length;
  } catch (error) {
    if (!(error instanceof EventFileError)) throw error;
    return -1;
  }
  return count;
}

it("gives back any events that were written", { timeout }, () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 4 }), (events) => {
      expect(new EventReader().push(fileOf(events)).map(written)).toEqual(events.map(written));
    }),
    { numRuns },
  );
});

it("survives any bytes, and what is damaged anywhere", { timeout }, () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
      fc.uint8Array({ maxLength: 60 }),
      fc.integer({ min: 1, max: 200 }),
      (events, damages, more, size) => {
        const file = fileOf(events);
        const data = new Uint8Array([...file, ...more]);
        for (const [at, byte] of damages) if (data.length > 0) data[at % data.length] = byte;
        readAll(new EventReader(), data, size);
        const skipping = new EventReader({ corrupt: "skip" });
        expect(readAll(skipping, data, size)).toBeGreaterThanOrEqual(0);
        expect(skipping.pending + skipping.skipped).toBeLessThanOrEqual(data.length);
      },
    ),
    { numRuns },
  );
});

it("survives any message in a record whose checksums are right, and holds no more than it was given", {
  timeout,
}, () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.tuple(event, fc.nat(), fc.nat({ max: 255 })).map(damagedMessage)),
      (message) => {
        const record = new Uint8Array(message.length + 16);
        const view = new DataView(record.buffer);
        view.setUint32(0, message.length, true);
        view.setUint32(8, maskedCrc32c(record, 0, 8), true);
        record.set(message, 12);
        view.setUint32(12 + message.length, maskedCrc32c(message), true);
        const reader = new EventReader({ corrupt: "skip" });
        // An event has at most a number for each byte.
        const read = reader.push(record);
        expect(JSON.stringify(read).length).toBeLessThan(500 + 60 * message.length);
        expect(reader.pending).toBe(0);
      },
    ),
    { numRuns },
  );
});

function damagedMessage([one, at, byte]: [Event, number, number]): Uint8Array {
  const message = fileOf([one]).slice(12, -4);
  if (message.length > 0) message[at % message.length] = byte;
  return message;
}
