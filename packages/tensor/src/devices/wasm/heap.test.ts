import { describe, expect, it } from "vitest";
import { Heap } from "./heap.ts";

describe.each([
  ["shared", true],
  ["not shared", false],
])("a heap, %s", (_, shared) => {
  it("hands out blocks that begin at cache lines and never overlap", () => {
    const heap = new Heap(shared);
    const blocks: { address: number; bytes: number }[] = [];
    for (let i = 0; i < 300; i++) {
      const bytes = 1 + ((i * 7919) % 5000);
      blocks.push({ address: heap.allocate(bytes), bytes });
      if (i % 3 === 2) {
        const [freed] = blocks.splice((i * 31) % blocks.length, 1);
        if (freed) heap.free(freed.address, freed.bytes);
      }
    }
    blocks.sort((a, b) => a.address - b.address);
    let end = 65_536;
    for (const { address, bytes } of blocks) {
      expect(address % 64).toBe(0);
      expect(address).toBeGreaterThanOrEqual(end);
      end = address + bytes;
    }
    expect(end).toBeLessThanOrEqual(heap.reserved);
  });

  it("hands a freed block to the next of about its size, at most an eighth of it wasted", () => {
    const heap = new Heap(shared);
    for (const bytes of [1, 64, 500, 513, 4096, 4097, 100_000, 1_000_000]) {
      const address = heap.allocate(bytes);
      heap.free(address, bytes);
      expect(heap.allocate(bytes), String(bytes)).toBe(address);
      const next = heap.allocate(bytes);
      expect(next - address, String(bytes)).toBeLessThanOrEqual(Math.max(bytes + 64, (bytes * 9) / 8));
    }
  });

  it("keeps what is in it when it grows", () => {
    const heap = new Heap(shared);
    const first = heap.allocate(64);
    heap.f32[first >> 2] = 7;
    const large = heap.allocate(3_000_000);
    heap.u8[large + 2_999_999] = 9;
    expect(heap.f32[first >> 2]).toBe(7);
    expect(heap.u8[large + 2_999_999]).toBe(9);
    expect(heap.reserved).toBeGreaterThanOrEqual(3_000_000);
  });

  it("says what is in use when there is no more", () => {
    const heap = new Heap(shared);
    expect(() => heap.allocate(2 ** 33)).toThrowErrorMatchingInlineSnapshot(
      `[DeviceError: wasm: no memory for 8589934592 more bytes; 65536 of at most 4294967296 are in use. Free tensors (scope, dispose), use smaller batches, or a GPU device.]`,
    );
    expect(heap.allocate(64)).toBeGreaterThan(0);
  });
});
