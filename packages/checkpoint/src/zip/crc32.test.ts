import { describe, expect, it } from "vitest";
import { crc32, tableCrc32 } from "./crc32.ts";

const text = (value: string) => new TextEncoder().encode(value);

describe.each([
  ["crc32", crc32],
  ["tableCrc32", tableCrc32],
])("%s", (_, compute) => {
  // The check value of the catalogue of CRCs; the others from Python's zlib.crc32.
  it.each([
    ["", 0],
    ["123456789", 0xcbf43926],
    ["a", 0xe8b7be43],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ])("of %j is the known one", (value, expected) => {
    expect(compute(text(value))).toBe(expected);
  });

  it("continues where it stopped, at every length and place", () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) & 0xff);
    for (let split = 0; split <= bytes.length; split++) {
      expect(compute(bytes.subarray(split), compute(bytes.subarray(0, split)))).toBe(compute(bytes));
    }
  });
});

describe("tableCrc32", () => {
  it("equals Node's on bytes of every value", () => {
    const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * i * 31) & 0xff);
    expect(tableCrc32(bytes)).toBe(crc32(bytes));
  });
});
