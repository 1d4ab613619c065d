import type { SinkFile, SummarySink } from "./summary-sink.ts";

/** Files in memory: see {@link memorySink}. */
export interface MemorySink extends SummarySink {
  /** The bytes of every file so far, by path. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * Files in memory, for tests, and to hand over as bytes: to {@link downloadFiles}, to a server, to {@link readEvents}.
 *
 * @example
 * import { memorySink, SummaryWriter } from "@anneal/summary";
 *
 * const sink = memorySink();
 * const writer = new SummaryWriter("runs/a", { sink });
 * writer.addScalar("loss", 0.5, 0);
 * await writer.close();
 * [...sink.files.keys()].length; // => 1
 */
export function memorySink(): MemorySink {
  const files = new Map<string, GrowingBytes>();
  return {
    get files() {
      return new Map([...files].map(([path, { bytes }]) => [path, bytes]));
    },
    create(path): SinkFile {
      if (files.has(path)) throw Object.assign(new Error(`there is a file ${path} already`), { code: "EEXIST" });
      const file = new GrowingBytes();
      files.set(path, file);
      return {
        append: (bytes) => file.append(bytes),
        close() {},
      };
    },
    write(path, bytes) {
      const file = new GrowingBytes();
      file.append(bytes);
      files.set(path, file);
    },
    kindOf(path) {
      if (files.has(path)) return "file";
      return [...files.keys()].some((other) => other.startsWith(`${path}/`)) ? "directory" : undefined;
    },
    filesIn(directory) {
      const inside = [...files.keys()].filter((path) => path.startsWith(`${directory}/`));
      return inside.map((path) => path.slice(directory.length + 1)).filter((name) => !name.includes("/"));
    },
  };
}

class GrowingBytes {
  #room = new Uint8Array(1024);
  #length = 0;

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#room.slice(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#room.length) {
      const room = new Uint8Array(2 * length);
      room.set(this.#room.subarray(0, this.#length));
      this.#room = room;
    }
    this.#room.set(bytes, this.#length);
    this.#length = length;
  }
}
