import { afterEach, describe, expect, it } from "vitest";
import { scope, tensor, wasm, zeros } from "../../index.ts";
import { Heap } from "./heap.ts";
import { type Entry, Threads } from "./threads.ts";

/** `(module (import "env" "memory" (memory 1 65536 shared)) (func (export "run") (param i32 i32 i32) unreachable))` */
const trapping = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    [0x01, 0x07, 0x01, 0x60, 0x03, 0x7f, 0x7f, 0x7f, 0x00],
    [0x02, 0x12, 0x01, 0x03, ...text("env"), 0x06, ...text("memory"), 0x02, 0x03, 0x01, 0x80, 0x80, 0x04],
    [0x03, 0x02, 0x01, 0x00],
    [0x07, 0x07, 0x01, 0x03, ...text("run"), 0x00, 0x00],
    [0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b],
  ].flat(),
);

function text(word: string): Uint8Array {
  return new TextEncoder().encode(word);
}

const entry = (run: Entry["run"], bytes: Uint8Array): Entry => ({ id: 1, run, bytes, name: "run", place: null });

/** Slow enough that helpers get their share. */
function wait(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

let threads: Threads | null = null;
afterEach(() => {
  threads?.terminate();
  threads = null;
});

async function start(count: number): Promise<Threads> {
  threads = new Threads(new Heap(true), count);
  await threads.ready();
  return threads;
}

describe("a part of the work that fails", () => {
  it("is an error and no hang, if a helper has it", async () => {
    const crew = await start(3);
    expect(crew.count).toBe(3);
    const run = () =>
      crew.run(
        entry(() => wait(2), trapping),
        64,
        1,
      );
    expect(run).toThrowErrorMatchingInlineSnapshot(
      `[Error: wasm: a helper thread failed at its part of the work. Use { threads: 1 } and report it.]`,
    );
    // The next job starts clean.
    expect(run).toThrow("a helper thread failed");
  });

  it("is the error itself if this thread has it, once the helpers are done", async () => {
    const crew = await start(2);
    const failing = () => {
      wait(2);
      throw new RangeError("memory access out of bounds");
    };
    expect(() => crew.run(entry(failing, trapping), 64, 1)).toThrow("memory access out of bounds");
  });

  it("is left to this thread if a helper cannot compile it", async () => {
    const crew = await start(3);
    let items = 0;
    const count = (_: number, begin: number, end: number): void => {
      wait(1);
      items += end - begin;
    };
    crew.run(entry(count, Uint8Array.from([1, 2, 3])), 64, 1);
    expect(items).toBe(64);
  });
});

it("gives the same numbers however thousands of short jobs meet late helpers", async () => {
  // A helper that wakes between two jobs must take nothing of either: an update in place done twice would show.
  await using device = await wasm({ threads: 3 });
  const size = 40_000;
  const [x, y] = [zeros([size], { device }), zeros([size], { device, dtype: "int32" })];
  for (let i = 0; i < 1000; i++) {
    scope(() => {
      x.add_(1).realize();
      y.sub_(2).realize();
      if (i % 2 === 0) x.mul_(1).realize();
      else y.add_(1).realize();
    });
  }
  expect(x.amin().itemSync()).toBe(1000);
  expect(x.amax().itemSync()).toBe(1000);
  expect(y.amin().itemSync()).toBe(-1500);
  expect(y.amax().itemSync()).toBe(-1500);
}, 60_000);

it("works after its helpers are gone", async () => {
  const device = await wasm({ threads: 2 });
  const x = tensor(new Float32Array(200_000).fill(1), { device });
  await device[Symbol.asyncDispose]();
  expect(x.add(1).sum().itemSync()).toBe(400_000);
  expect(device.info.threads).toBe(1);
});
