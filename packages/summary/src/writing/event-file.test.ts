import { afterEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../protos/messages.ts";
import { EventReader } from "../records/event-reader.ts";
import { EventFile } from "./event-file.ts";

const event = (step: number): Event => ({ wallTime: 1, step });

/** A sink's file that counts what it is given, and takes it at once, later, or not at all. */
function fakeFile(takes: "now" | "later" = "now") {
  const reader = new EventReader();
  const steps: number[] = [];
  let refusal: Error | undefined;
  let closed = false;
  const take = (bytes: Uint8Array): void => {
    if (refusal) throw refusal;
    steps.push(...reader.push(bytes).map(({ step }) => step));
  };
  return {
    steps,
    isClosed: () => closed,
    refuse(error: Error | undefined): void {
      refusal = error;
    },
    append: (bytes: Uint8Array): void | Promise<void> =>
      takes === "now" ? take(bytes) : new Promise((resolve) => setTimeout(resolve, 1)).then(() => take(bytes)),
    close(): void {
      closed = true;
    },
  };
}

const never = { maxQueue: 1000, flushSecs: 1000 };
const range = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

afterEach(() => {
  vi.useRealTimers();
});

describe.each(["now", "later"] as const)("the queue of a file that takes bytes %s", (takes) => {
  it("writes as soon as maxQueue events wait", async () => {
    const sink = fakeFile(takes);
    const file = new EventFile(sink, { maxQueue: 3, flushSecs: 1000 });
    for (const step of range(8)) file.add(event(step));
    await vi.waitFor(() => expect(sink.steps.length).toBeGreaterThanOrEqual(6));
    await file.close();
    expect(sink.steps).toEqual(range(8));
    expect(sink.isClosed()).toBe(true);
  });

  it("keeps the order of the calls when numbers come late", async () => {
    const sink = fakeFile(takes);
    const file = new EventFile(sink, { maxQueue: 1, flushSecs: 1000 });
    file.add(event(0));
    file.add(new Promise((resolve) => setTimeout(() => resolve(event(1)), 20)));
    file.add(event(2));
    file.add(new Promise((resolve) => setTimeout(() => resolve(event(3)), 5)));
    file.add(Promise.resolve(event(4)));
    file.add(event(5));
    await file.flush();
    expect(sink.steps).toEqual(range(6));
    await file.close();
  });

  it("tells of a device's failure at the next call, and writes all the rest", async () => {
    const sink = fakeFile(takes);
    const file = new EventFile(sink, never);
    file.add(event(0));
    file.add(Promise.reject(new Error("the device is lost")));
    file.add(event(1));
    await expect(file.flush()).rejects.toThrow("the device is lost");
    file.add(event(2));
    await file.close();
    expect(sink.steps).toEqual(range(3));
  });

  it("keeps what the sink refused, and writes it once when it can", async () => {
    const sink = fakeFile(takes);
    const file = new EventFile(sink, never);
    sink.refuse(new Error("the disk is full"));
    file.add(event(0));
    await expect(file.flush()).rejects.toThrow("the disk is full");
    await expect(file.flush()).rejects.toThrow("the disk is full");
    sink.refuse(undefined);
    file.add(event(1));
    await file.flush();
    expect(sink.steps).toEqual([0, 1]);
    await file.close();
  });

  it("flushes what was added before, though more is added meanwhile", async () => {
    const sink = fakeFile(takes);
    const file = new EventFile(sink, never);
    file.add(event(0));
    const flushed = file.flush();
    file.add(event(1));
    await flushed;
    expect(sink.steps).toEqual([0]);
    await file.close();
    expect(sink.steps).toEqual([0, 1]);
  });
});

describe("the queue of a file that takes bytes now", () => {
  it("writes after flushSecs", async () => {
    vi.useFakeTimers();
    const sink = fakeFile();
    const file = new EventFile(sink, { maxQueue: 1000, flushSecs: 2 });
    file.add(event(0));
    vi.advanceTimersByTime(1999);
    expect(sink.steps).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sink.steps).toEqual([0]);
    await file.close();
  });

  it("writes after flushSecs in a loop that never waits, too", async () => {
    vi.useFakeTimers();
    const sink = fakeFile();
    const file = new EventFile(sink, { maxQueue: 1000, flushSecs: 2 });
    file.add(event(0));
    // The clock goes on and no timer has its turn.
    vi.setSystemTime(Date.now() + 2000);
    file.add(event(1));
    expect(sink.steps).toEqual([0, 1]);
    await file.close();
  });

  it("refuses more while the sink refuses, so that the queue stays short", async () => {
    const sink = fakeFile();
    const file = new EventFile(sink, { maxQueue: 2, flushSecs: 1000 });
    sink.refuse(new Error("the disk is full"));
    file.add(event(0));
    for (const step of [1, 2, 3]) expect(() => file.add(event(step))).toThrow("the disk is full");
    sink.refuse(undefined);
    file.add(event(4));
    await file.close();
    expect(sink.steps).toEqual([0, 1, 4]);
  });

  it("tells of a failure in the background at the next call", async () => {
    vi.useFakeTimers();
    const sink = fakeFile();
    const file = new EventFile(sink, { maxQueue: 1000, flushSecs: 2 });
    file.add(event(0));
    sink.refuse(new Error("the disk is full"));
    vi.advanceTimersByTime(2000);
    sink.refuse(undefined);
    expect(() => file.add(event(1))).toThrow("the disk is full");
    await file.close();
    expect(sink.steps).toEqual([0]);
  });

  it("writes at the process's end what needs no waiting", async () => {
    const sink = fakeFile();
    const file = new EventFile(sink, never);
    file.add(event(0));
    file.add(new Promise(() => {}));
    file.add(event(2));
    process.emit("exit", 0);
    expect(sink.steps).toEqual([0, 2]);
  });
});
