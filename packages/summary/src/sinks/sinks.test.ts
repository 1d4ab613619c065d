import { createServer, type IncomingMessage } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventReader } from "../records/event-reader.ts";
import { SummaryWriter } from "../summary-writer.ts";
import { downloadFiles } from "./download-files.ts";
import { memorySink } from "./memory-sink.ts";
import { opfsSink } from "./opfs-sink.ts";
import { postSink } from "./post-sink.ts";
import type { SummarySink } from "./summary-sink.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Files that a test can look at. */
interface Place {
  readonly sink: SummarySink;
  files(): Promise<ReadonlyMap<string, Uint8Array>> | ReadonlyMap<string, Uint8Array>;
  close(): void;
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  async memorySink() {
    const sink = memorySink();
    return { sink, files: () => sink.files, close() {} };
  },

  async postSink() {
    const files = new Map<string, Buffer>();
    let fails = 1;
    const server = createServer(async (request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://localhost");
      const body = await bodyOf(request);
      // The first of them finds a server that is busy.
      if (fails-- > 0) return void response.writeHead(503).end();
      const path = searchParams.get("path") ?? "";
      const before = request.method === "PUT" ? Buffer.alloc(0) : (files.get(path) ?? Buffer.alloc(0));
      files.set(path, Buffer.concat([before.subarray(0, Number(searchParams.get("position"))), body]));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    return { sink: postSink(`http://127.0.0.1:${port}/logs`), files: () => files, close: () => server.close() };
  },

  async opfsSink() {
    const files = new Map<string, Uint8Array>();
    return { sink: opfsSink(fakeDirectory("", files)), files: () => files, close() {} };
  },
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** As much of the File System Standard as writing takes. */
function fakeDirectory(path: string, files: Map<string, Uint8Array>): FileSystemDirectoryHandle {
  const handle = {
    getDirectoryHandle: async (name: string) => fakeDirectory(`${path}${name}/`, files),
    getFileHandle: async (name: string) => ({
      async createWritable({ keepExistingData = false } = {}) {
        let bytes = keepExistingData ? (files.get(path + name) ?? new Uint8Array(0)) : new Uint8Array(0);
        return {
          async write(chunk: Uint8Array | { position: number; data: Uint8Array }) {
            const { position, data } = chunk instanceof Uint8Array ? { position: 0, data: chunk } : chunk;
            bytes = new Uint8Array([...bytes.subarray(0, position), ...data]);
          },
          async close() {
            files.set(path + name, bytes);
          },
        };
      },
    }),
  };
  return handle as unknown as FileSystemDirectoryHandle;
}

describe.each(Object.entries(places))("%s", (name, make) => {
  it("gets every event in order, and whole files", async () => {
    const place = await make();
    const writer = new SummaryWriter("runs/a", { sink: place.sink, maxQueue: 3 });
    if (name === "postSink") await expect(writer.flush()).rejects.toThrow("was answered with 503");
    for (let step = 0; step < 20; step++) {
      writer.addScalar("loss", step, step);
      if (step % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    writer.addScalars("both", { one: 1 }, 0);
    writer.addEmbedding([[1, 2]], { tag: "e" });
    await writer.close();
    const files = await place.files();
    place.close();
    const paths = [...files.keys()].map((path) => path.replace(/events\.out.*/, "events")).toSorted();
    expect(paths).toEqual([
      "runs/a/00000/e/tensors.tsv",
      "runs/a/both_one/events",
      "runs/a/events",
      "runs/a/projector_config.pbtxt",
    ]);
    const [, bytes = new Uint8Array(0)] = [...files].find(([path]) => path.startsWith("runs/a/events")) ?? [];
    const reader = new EventReader();
    const steps = reader.push(bytes).flatMap(({ summary, step }) => (summary ? [step] : []));
    expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(reader.pending).toBe(0);
  });
});

it("downloadFiles clicks a link for each file", async () => {
  const clicked: [string, number][] = [];
  const blobs = new Map<string, Blob>();
  vi.stubGlobal("URL", {
    createObjectURL(blob: Blob) {
      blobs.set(`blob:${blobs.size}`, blob);
      return `blob:${blobs.size - 1}`;
    },
    revokeObjectURL() {},
  });
  vi.stubGlobal("document", {
    createElement: () => ({
      href: "",
      download: "",
      click() {
        clicked.push([this.download, blobs.get(this.href)?.size ?? 0]);
      },
    }),
  });
  downloadFiles(new Map([["runs/a/events", new Uint8Array(5)]]));
  expect(clicked).toEqual([["runs_a_events", 5]]);
});
