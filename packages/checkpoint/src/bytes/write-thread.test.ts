import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPt } from "../pt/load-pt.ts";
import type { SavedTensor } from "../tensors/saved-tensor.ts";
import { CheckpointManager } from "../training/checkpoint-manager.ts";
import { writeFileAtomically } from "./write-file.ts";
import { sharedMemory, WriteThread } from "./write-thread.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anneal-thread-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function counted(length: number): Uint8Array {
  const bytes = sharedMemory(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31;
  return bytes;
}

describe("a thread that writes", () => {
  it("writes what it takes in its place among other writes, and tells its CRC", async () => {
    const [first, large, last] = [Uint8Array.of(1, 2, 3), counted(2 ** 22 + 5), Uint8Array.of(4)];
    const path = join(folder, "a");
    let crc: number | undefined;
    await writeFileAtomically(path, async (sink) => {
      expect(sink.writeWithCrc?.(first)).toBeUndefined();
      const writes = [sink.write(first), sink.writeWithCrc?.(large), sink.write(last)];
      crc = (await Promise.all(writes))[1] as number;
    });
    const plain = Uint8Array.from(large);
    expect(readFileSync(path)).toEqual(Buffer.concat([first, plain, last]));
    expect(crc).toBe(crc32(plain));
  });

  it("takes only large memory that threads share", () => {
    const thread = new WriteThread();
    expect(thread.takes(counted(2 ** 20))).toBe(true);
    expect(thread.takes(counted(100))).toBe(false);
    expect(thread.takes(new Uint8Array(2 ** 20))).toBe(false);
  });

  it("tells of errors as Node's files do", async () => {
    const thread = new WriteThread();
    const readOnly = openSync(import.meta.filename, "r");
    const error: unknown = await thread.write(readOnly, counted(2 ** 20), 0).catch((reason: unknown) => reason);
    await thread.close();
    expect(error).toMatchObject({ code: "EBADF", syscall: "write" });
  });

  it("fails a file that it could not write to its end, and leaves nothing of it", async () => {
    const failing = writeFileAtomically(join(folder, "a"), async (sink) => {
      await sink.writeWithCrc?.(counted(2 ** 20));
      throw Object.assign(new Error("no space left"), { code: "ENOSPC", syscall: "write" });
    });
    await expect(failing).rejects.toThrow(/could not be written to its end \(ENOSPC\)/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("writes the snapshots of a manager, small tensors and large ones", async () => {
    const manager = new CheckpointManager({ directory: folder, keepLast: 1 });
    const weights = { small: Float32Array.of(1, 2), large: new Float32Array(300_000), tail: Float32Array.of(3) };
    for (let round = 1; round <= 3; round++) {
      weights.large.forEach((_, i) => {
        weights.large[i] = i * round;
      });
      await manager.save({ weights });
      const expected = weights.large.slice();
      weights.large.fill(-1);
      await manager.idle();
      const saved = (await loadPt(join(folder, `checkpoint-0000000${round}.pt`))) as {
        weights: Record<string, SavedTensor>;
      };
      expect(saved.weights.large?.data).toEqual(expected);
      expect(saved.weights.tail?.data).toEqual(weights.tail);
    }
  });
});
