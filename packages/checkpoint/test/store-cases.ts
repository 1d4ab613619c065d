import type { ByteSource } from "../src/bytes/byte-source.ts";
import type { Store } from "../src/stores/store.ts";

/** What every store must do, without a test runner: it runs in pages too. */
export interface StoreCase {
  readonly title: string;
  /** @param store - empty */
  readonly run: (store: Store) => Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const put = (store: Store, name: string, ...parts: readonly (string | Uint8Array)[]): Promise<void> =>
  store.write(name, async (sink) => {
    for (const part of parts) await sink.write(typeof part === "string" ? bytesOf(part) : part);
  });

async function withSource<Result>(
  store: Store,
  name: string,
  use: (source: ByteSource) => Promise<Result>,
): Promise<Result> {
  const source = await store.open(name);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

const textIn = (store: Store, name: string): Promise<string> =>
  withSource(store, name, async (source) => new TextDecoder().decode(await source.read(0, source.size)));

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  const message = await promise.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (!pattern.test(message)) throw new Error(`expected an error like ${pattern}, got ${message}`);
}

/** Bytes that tell where they are. */
const countedBytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);

export const storeCases: readonly StoreCase[] = [
  {
    title: "gives back what was written, in one piece or in several",
    async run(store) {
      await put(store, "one.pt", "hello");
      await put(store, "several.pt", "hel", "", "lo", " there");
      await put(store, "empty.pt");
      equal(await textIn(store, "one.pt"), "hello");
      equal(await textIn(store, "several.pt"), "hello there");
      equal(await withSource(store, "empty.pt", async ({ size }) => size), 0);
    },
  },
  {
    title: "takes bytes that are part of a larger buffer, in the order of writes that do not wait for each other",
    async run(store) {
      const all = bytesOf("0123456789");
      await store.write("parts.pt", async (sink) => {
        await Promise.all([
          sink.write(all.subarray(2, 4)),
          sink.write(all.subarray(7)),
          sink.write(all.subarray(0, 1)),
        ]);
      });
      equal(await textIn(store, "parts.pt"), "237890");
    },
  },
  {
    title: "reads anywhere in a large file, several reads at once",
    async run(store) {
      const all = countedBytes(2.5 * 2 ** 20 + 3);
      await put(store, "large.pt", all.subarray(0, 2 ** 20 - 1), all.subarray(2 ** 20 - 1));
      await withSource(store, "large.pt", async (source) => {
        equal(source.size, all.length);
        const ranges: readonly [number, number][] = [
          [0, 10],
          [2 ** 20 - 5, 10],
          [2 ** 20, 2 ** 20],
          [7, 2 ** 21],
          [all.length - 3, 3],
          [all.length, 0],
        ];
        const parts = await Promise.all(ranges.map(([offset, length]) => source.read(offset, length)));
        for (const [i, [offset, length]] of ranges.entries()) {
          const part = parts[i] ?? new Uint8Array();
          equal(part.length, length);
          if (part.some((byte, k) => byte !== all[offset + k])) throw new Error(`other bytes from ${offset} on`);
        }
      });
    },
  },
  {
    title: "does not read beyond the end of a file",
    async run(store) {
      await put(store, "short.pt", "hello");
      await withSource(store, "short.pt", (source) => rejects(source.read(3, 3), /asked for/));
      await withSource(store, "short.pt", (source) => rejects(source.read(-1, 3), /asked for/));
    },
  },
  {
    title: "lists the names of its files, sorted, and any name that is one",
    async run(store) {
      equal(await store.list(), []);
      const names = ["b.pt", "a.pt", "__proto__", "checkpoint-00000001-val%2Floss=-1.5e-7.pt", "ü ñ.pt"];
      for (const name of names) await put(store, name, name);
      equal(await store.list(), [...names].sort());
      for (const name of names) equal(await textIn(store, name), name);
    },
  },
  {
    title: "replaces a file with a shorter one, whole",
    async run(store) {
      await put(store, "a.pt", "a long text");
      await put(store, "a.pt", "short");
      equal(await textIn(store, "a.pt"), "short");
      equal(await store.list(), ["a.pt"]);
    },
  },
  {
    title: "keeps what was there before where a write fails, and nothing where there was nothing",
    async run(store) {
      await put(store, "old.pt", "old");
      const failing = (name: string): Promise<void> =>
        store.write(name, async (sink) => {
          await sink.write(countedBytes(2 ** 20 + 1));
          throw new Error("the disk is full");
        });
      await rejects(failing("old.pt"), /^the disk is full$/);
      await rejects(failing("new.pt"), /^the disk is full$/);
      equal(await textIn(store, "old.pt"), "old");
      equal(await store.list(), ["old.pt"]);
    },
  },
  {
    title: "shows a file only when it is whole",
    async run(store) {
      await put(store, "old.pt", "old");
      await store.write("old.pt", async (sink) => {
        await sink.write(bytesOf("new"));
        equal(await textIn(store, "old.pt"), "old");
      });
      await store.write("new.pt", async (sink) => {
        await sink.write(bytesOf("new"));
        equal(await store.list(), ["old.pt"]);
      });
      equal(await store.list(), ["new.pt", "old.pt"]);
      equal(await textIn(store, "old.pt"), "new");
    },
  },
  {
    title: "writes several files at once",
    async run(store) {
      const names = Array.from({ length: 5 }, (_, i) => `${i}.pt`);
      await Promise.all(names.map((name) => put(store, name, name, countedBytes(100_000))));
      equal(await store.list(), names);
      for (const name of names) equal((await textIn(store, name)).slice(0, 4), name);
    },
  },
  {
    title: "removes a file, and does not mind that it is not there",
    async run(store) {
      await put(store, "a.pt", "a");
      await put(store, "b.pt", "b");
      await store.remove("a.pt");
      await store.remove("a.pt");
      equal(await store.list(), ["b.pt"]);
      await rejects(store.open("a.pt"), /has no file "a\.pt"\. It has b\.pt\./);
      await store.remove("b.pt");
      await rejects(store.open("b.pt"), /has no file "b\.pt"\. It is empty\./);
    },
  },
  {
    title: "refuses names that lead out of it",
    async run(store) {
      for (const name of ["", ".", "..", "../a.pt", "a/b.pt", "a\\b.pt", "a\0.pt"]) {
        await rejects(put(store, name, "x"), /cannot be called/);
        await rejects(store.open(name), /cannot be called/);
        await rejects(store.remove(name), /cannot be called/);
      }
      equal(await store.list(), []);
    },
  },
  {
    title: "clears up after writers that were killed, and leaves files and writers alone",
    async run(store) {
      await put(store, "a.pt", "a");
      await store.write("b.pt", async (sink) => {
        await sink.write(countedBytes(2 ** 20 + 1));
        await store.removeLeftovers?.();
        await sink.write(bytesOf("end"));
      });
      await store.removeLeftovers?.();
      equal(await store.list(), ["a.pt", "b.pt"]);
      equal(await textIn(store, "a.pt"), "a");
      equal(await withSource(store, "b.pt", async ({ size }) => size), 2 ** 20 + 4);
    },
  },
];
