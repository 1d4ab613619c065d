import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { MemorySink } from "./memory-sink.ts";
import { openSource } from "./open-source.ts";
import { readPieces } from "./read-pieces.ts";
import { writeTarget } from "./write-target.ts";

const folder = await mkdtemp(join(tmpdir(), "anneal-files-"));
afterAll(() => rm(folder, { recursive: true }));

const messageOf = (error: unknown): string => String(error).replaceAll(folder, "FOLDER");
const text = (written: string): Uint8Array => new TextEncoder().encode(written);

describe("a file", () => {
  it("is read in any order, several reads at once", async () => {
    const path = join(folder, "read");
    await writeFile(path, "hello world");
    for (const place of [path, pathToFileURL(path)]) {
      const source = await openSource(place);
      const parts = await Promise.all([source.read(6, 5), source.read(0, 5), source.read(11, 0)]);
      expect(parts.map((part) => new TextDecoder().decode(part))).toEqual(["world", "hello", ""]);
      await source.close();
    }
  });

  it("is read in many pieces at once", async () => {
    const path = join(folder, "pieces");
    const bytes = Uint8Array.from({ length: 30_000 }, (_, i) => i % 253);
    await writeFile(path, bytes);
    // More than one call of the system takes, empty ones among them.
    const lengths = Array.from({ length: 3000 }, (_, i) => (i % 7 === 0 ? 0 : i % 11));
    const source = await openSource(path);
    const pieces = await readPieces(source, 10, lengths);
    await source.close();
    expect(pieces.map(({ length }) => length)).toEqual(lengths);
    const all = Buffer.concat(pieces);
    expect(Buffer.compare(all, bytes.subarray(10, 10 + all.length))).toBe(0);
    expect(pieces.every((piece) => piece.buffer.byteLength === piece.length)).toBe(true);
  });

  it("that is not there, is no file, or is shorter than it was is an error", async () => {
    const path = join(folder, "short");
    await writeFile(path, "hello");
    const source = await openSource(path);
    await truncate(path, 2);
    const failures = [
      openSource(join(folder, "none")),
      openSource(folder),
      source.read(0, 5),
      source.read(4, 2),
      source.read(-1, 2),
    ];
    const messages = await Promise.all(failures.map((failure) => failure.then(() => "none", messageOf)));
    await source.close();
    expect(messages).toMatchInlineSnapshot(`
      [
        "CheckpointError: FOLDER/none: cannot be opened (ENOENT). Check the path.",
        "CheckpointError: FOLDER: is no file. Give the path of one.",
        "CheckpointError: FOLDER/short: ended at byte 2. It became shorter while it was read.",
        "CheckpointError: FOLDER/short: bytes 4 to 6 are asked for, and it has 5. It was cut short: copy or download it again.",
        "CheckpointError: FOLDER/short: bytes -1 to 1 are asked for, and it has 5. It was cut short: copy or download it again.",
      ]
    `);
  });

  it("is written whole, into folders that are made", async () => {
    const path = join(folder, "a", "b", "written");
    await writeTarget(pathToFileURL(path), async (sink) => {
      await Promise.all([sink.write(text("hello ")), sink.write(text("world"))]);
    });
    expect(await readFile(path, "utf8")).toBe("hello world");
    expect(await readdir(join(folder, "a", "b"))).toEqual(["written"]);
  });

  it("stays what it was when writing fails", async () => {
    const path = join(folder, "kept", "file");
    await writeTarget(path, (sink) => sink.write(text("old")));
    const failing = writeTarget(path, async (sink) => {
      await sink.write(text("new"));
      throw new RangeError("no numbers");
    });
    await expect(failing).rejects.toThrow(new RangeError("no numbers"));
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(join(folder, "kept"))).toEqual(["file"]);
  });

  it("that cannot be written is an error that names it", async () => {
    await writeFile(join(folder, "plain"), "");
    await mkdir(join(folder, "taken"));
    const messages: string[] = [];
    for (const path of [join(folder, "plain", "file"), join(folder, "taken")]) {
      messages.push(await writeTarget(path, (sink) => sink.write(text("a"))).then(() => "none", messageOf));
    }
    expect(messages).toMatchInlineSnapshot(`
      [
        "CheckpointError: FOLDER/plain/file: its folder cannot be made (EEXIST). What was there before is untouched.",
        "CheckpointError: FOLDER/taken: could not be put in its place (EISDIR). What was there before is untouched.",
      ]
    `);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)(
    "in a folder that is read-only stays (skipped for root, who may write everywhere)",
    async () => {
      const path = join(folder, "locked", "file");
      await writeTarget(path, (sink) => sink.write(text("old")));
      await chmod(join(folder, "locked"), 0o500);
      await expect(writeTarget(path, (sink) => sink.write(text("new")))).rejects.toThrow("cannot be written (EACCES)");
      await chmod(join(folder, "locked"), 0o700);
      expect(await readFile(path, "utf8")).toBe("old");
    },
  );
});

describe("bytes", () => {
  it("are read as views, and written to a sink", async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const source = await openSource(bytes);
    expect((await source.read(1, 2)).buffer).toBe(bytes.buffer);
    expect(await (await openSource(bytes.buffer)).read(3, 1)).toEqual(Uint8Array.of(4));
    const sink = new MemorySink();
    await writeTarget(sink, async (target) => {
      await target.write(bytes);
      bytes[0] = 9;
      await target.write(bytes);
    });
    expect(sink.bytes()).toEqual(Uint8Array.of(1, 2, 3, 4, 9, 2, 3, 4));
  });
});

describe("a source of one's own", () => {
  it("stays open: its owner closes it", async () => {
    let closed = false;
    const own = {
      name: "mine",
      size: 1,
      read: async () => Uint8Array.of(7),
      async close() {
        closed = true;
      },
    };
    const source = await openSource(own);
    expect(await source.read(0, 1)).toEqual(Uint8Array.of(7));
    await source.close();
    expect(closed).toBe(false);
  });
});
