import { BLOCK_ADDRESS, CONTROL } from "./control.ts";
import type { Heap } from "./heap.ts";
import { workerSource } from "./worker-source.ts";

/** A compiled function of work items, as kernels and plans have it: `(block, begin, end)`. */
export interface Entry {
  readonly id: number;
  readonly run: (block: number, begin: number, end: number) => void;
  readonly bytes: Uint8Array;
  readonly name: string;
  /** Where the bytes and the name lie in shared memory, once a helper needed them. */
  place: { bytes: number; name: number; nameBytes: number } | null;
}

/** The most items of one call: long loops are cut, because the engine swaps in its fast code only between calls. */
const LONG_CALL = 1 << 18;
/** Leaves the claim word room to count past the end, and a number for closed. */
const MAX_CHUNKS = 0x7fff;

/** Cuts a job into chunks that this thread and the helpers take as they come. How it is cut never shows in the result. */
export class Threads {
  readonly #heap: Heap;
  readonly #wanted: number;
  #workers: { terminate(): unknown }[] | null = null;
  /** Helpers that died. */
  #lost = 0;
  #job = 0;
  readonly #modules = new Map<Uint8Array, number>();

  constructor(heap: Heap, wanted: number) {
    this.#heap = heap;
    this.#wanted = heap.shared ? Math.max(1, wanted) : 1;
  }

  /** Threads at work: this one and the helpers that have started. */
  get count(): number {
    return this.#workers ? 1 + Atomics.load(this.#heap.i32, CONTROL.ready) : 1;
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** All helpers have started, or none could. */
  async ready(): Promise<void> {
    this.#start();
    const settled = () => this.count + this.#lost > (this.#workers?.length ?? 0);
    for (let waited = 0; !settled() && waited < 5000; waited += 2) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Run `items` items; below `2 * grain` it is not worth sharing. */
  run(entry: Entry, items: number, grain: number): void {
    if (items <= 0) return;
    if (this.#wanted > 1 && items >= 2 * grain) {
      this.#start();
      const helpers = Atomics.load(this.#heap.i32, CONTROL.ready);
      if (helpers > 0) {
        this.#share(entry, items, grain, helpers + 1);
        return;
      }
    }
    if (items <= LONG_CALL) entry.run(BLOCK_ADDRESS, 0, items);
    else
      for (let begin = 0; begin < items; begin += LONG_CALL)
        entry.run(BLOCK_ADDRESS, begin, Math.min(items, begin + LONG_CALL));
  }

  terminate(): void {
    for (const worker of this.#workers ?? []) worker.terminate();
    this.#workers = [];
    Atomics.store(this.#heap.i32, CONTROL.ready, 0);
  }

  #share(entry: Entry, items: number, grain: number, threads: number): void {
    const { i32 } = this.#heap;
    // Several chunks a thread, so that one that is late or slow leaves its share to the others.
    const fair = Math.ceil(items / (threads * 4));
    const chunk = Math.max(grain, Math.min(fair, LONG_CALL), Math.ceil(items / MAX_CHUNKS));
    const chunks = Math.ceil(items / chunk);
    const place = this.#place(entry);
    this.#job = (this.#job + 1) & 0x7fff;
    const first = this.#job << 16;
    // Closed while the job is described: a helper late from the job before must not take half of each.
    Atomics.store(i32, CONTROL.claim, first | CONTROL.closed);
    i32[CONTROL.id] = entry.id;
    i32[CONTROL.block] = BLOCK_ADDRESS;
    i32[CONTROL.items] = items;
    i32[CONTROL.chunk] = chunk;
    i32[CONTROL.module] = place.bytes;
    i32[CONTROL.module + 1] = entry.bytes.length;
    i32[CONTROL.module + 2] = place.name;
    i32[CONTROL.module + 3] = place.nameBytes;
    Atomics.store(i32, CONTROL.done, 0);
    Atomics.store(i32, CONTROL.claim, first);
    Atomics.add(i32, CONTROL.job, 1);
    Atomics.notify(i32, CONTROL.job);
    let failure: unknown = null;
    for (;;) {
      const claimed = Atomics.add(i32, CONTROL.claim, 1) & 0xffff;
      if (claimed >= chunks) break;
      try {
        entry.run(BLOCK_ADDRESS, claimed * chunk, Math.min(items, (claimed + 1) * chunk));
      } catch (error) {
        // Helpers are at their parts: wait for them all the same.
        failure = error;
      }
      Atomics.add(i32, CONTROL.done, 1);
    }
    while (Atomics.load(i32, CONTROL.done) < chunks);
    const helperFailed = Atomics.exchange(i32, CONTROL.failed, 0) !== 0;
    if (failure !== null) throw failure;
    if (helperFailed) {
      throw new Error("wasm: a helper thread failed at its part of the work. Use { threads: 1 } and report it.");
    }
  }

  /** The function's bytes and name in shared memory, for helpers to compile. */
  #place(entry: Entry): { bytes: number; name: number; nameBytes: number } {
    if (entry.place) return entry.place;
    const name = new TextEncoder().encode(entry.name);
    let bytes = this.#modules.get(entry.bytes);
    if (bytes === undefined) {
      bytes = this.#heap.allocate(entry.bytes.length);
      this.#heap.u8.set(entry.bytes, bytes);
      this.#modules.set(entry.bytes, bytes);
    }
    const at = this.#heap.allocate(name.length);
    this.#heap.u8.set(name, at);
    entry.place = { bytes, name: at, nameBytes: name.length };
    return entry.place;
  }

  #start(): void {
    if (this.#workers || this.#wanted < 2) return;
    this.#workers = [];
    for (let i = 1; i < this.#wanted; i++) {
      const worker = spawn(this.#heap.memory, () => this.#lost++);
      if (!worker) return;
      this.#workers.push(worker);
    }
  }
}

/** A helper, or null where there can be none: then the work is done here. It neither keeps the process alive nor brings it down. */
function spawn(memory: WebAssembly.Memory, onLost: () => void): { terminate(): unknown } | null {
  try {
    return typeof process === "object" && process.versions?.node
      ? spawnInNode(memory, onLost)
      : spawnInPage(memory, onLost);
  } catch {
    // Forbidden, by Node's permissions or the page's policy.
    return null;
  }
}

function spawnInNode(memory: WebAssembly.Memory, onLost: () => void): { terminate(): unknown } | null {
  // Node before 20.16 has no synchronous way to it.
  if (!process.getBuiltinModule) return null;
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const worker = new Worker(workerSource, { eval: true, workerData: { memory }, stdin: false, execArgv: [], env: {} });
  worker.unref();
  worker.on("error", onLost);
  return worker;
}

function spawnInPage(memory: WebAssembly.Memory, onLost: () => void): { terminate(): unknown } | null {
  if (typeof Worker === "undefined") return null;
  const url = URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onerror = onLost;
  worker.postMessage({ memory });
  URL.revokeObjectURL(url);
  return worker;
}

/** Threads the machine can run at once. */
export function machineThreads(): number {
  if (typeof navigator === "object" && navigator.hardwareConcurrency) return navigator.hardwareConcurrency;
  if (typeof process === "object" && process.versions?.node)
    return process.getBuiltinModule?.("node:os").availableParallelism() ?? 1;
  return 1;
}

/** Can memory be shared between threads here? In a page that needs cross-origin isolation. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return typeof crossOriginIsolated === "undefined" || crossOriginIsolated;
}
