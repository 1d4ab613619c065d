import type { Worker } from "node:worker_threads";

/** Below it a message to the thread takes longer than the write. */
const leastLength = 2 ** 18;

// Kept as text, so that bundlers have no second file to find.
const source = `
const { parentPort } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const { crc32 } = require("node:zlib");
parentPort.on("message", ({ fd, bytes, position }) => {
  try {
    let crc = 0;
    for (let at = 0; at < bytes.length; ) {
      const chunk = bytes.subarray(at, at + 2 ** 22);
      crc = crc32(chunk, crc);
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done, chunk.length - done, position + at + done);
      at += chunk.length;
    }
    parentPort.postMessage({ crc });
  } catch ({ message, code, syscall }) {
    parentPort.postMessage({ error: { message, code, syscall } });
  }
});`;

interface Answer {
  readonly crc?: number;
  readonly error?: { readonly message: string; readonly code: string; readonly syscall: string };
}

interface Waiting {
  resolve(crc: number): void;
  reject(error: unknown): void;
}

/**
 * Writes to open files, and computes the CRC32 of what it writes, while the thread of its caller does something else. Only of memory that threads
 * share (`SharedArrayBuffer`): nothing is copied. Starts with the first write.
 */
export class WriteThread {
  #worker: Worker | undefined;
  /** In the order of their writes, which is that of the answers. */
  readonly #waiting: Waiting[] = [];

  /** Can it write these? */
  takes({ buffer, length }: Uint8Array): boolean {
    return length >= leastLength && hasSharedMemory() && buffer instanceof SharedArrayBuffer;
  }

  /** @returns the CRC32 of the bytes, when they are written */
  write(fd: number, bytes: Uint8Array, position: number): Promise<number> {
    this.#worker ??= this.#start();
    this.#worker.postMessage({ fd, bytes, position });
    return new Promise((resolve, reject) => void this.#waiting.push({ resolve, reject }));
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const { Worker } = process.getBuiltinModule("node:worker_threads");
    const worker = new Worker(source, { eval: true, execArgv: [] });
    worker.on("message", ({ crc = 0, error }: Answer) => {
      const waiting = this.#waiting.shift();
      if (error) waiting?.reject(Object.assign(new Error(error.message), error));
      else waiting?.resolve(crc);
    });
    worker.on("error", (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
    return worker;
  }
}

/** Memory that a `WriteThread` takes, where there can be one. */
export const sharedMemory = (byteLength: number): Uint8Array =>
  byteLength >= leastLength && hasSharedMemory()
    ? new Uint8Array(new SharedArrayBuffer(byteLength))
    : new Uint8Array(byteLength);

/** Is this Node, and one whose zlib has CRC32 (20.15)? */
const hasSharedMemory = (): boolean =>
  typeof process === "object" && process.getBuiltinModule?.("node:zlib")?.crc32 !== undefined;
