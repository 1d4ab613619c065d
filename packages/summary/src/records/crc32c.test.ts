import { expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c.ts";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

// The check value of the CRC catalogue, and the vectors of RFC 3720, B.4.
it("agrees with the published vectors", () => {
  expect(crc32c(ascii("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
});

// PARITY §4.1, from TensorBoard and tensorboardX.
it("masks as TFRecord files do", () => {
  expect(crc32c(ascii("abcd"))).toBe(0x92c80a31);
  expect(maskedCrc32c(ascii("abcd"))).toBe(0xb6e61068);
  expect(maskedCrc32c(ascii(""))).toBe(0xa282ead8);
  expect(maskedCrc32c(new Uint8Array(8))).toBe(0x07980329);
});

it("takes part of an array, from any place and of any length", () => {
  const bytes = ascii("..123456789..");
  expect(crc32c(bytes, 2, 11)).toBe(0xe3069283);
  const one = (part: Uint8Array): number => {
    // Bit by bit, as the polynomial is defined.
    let crc = 0xffffffff;
    for (const byte of part) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
    return ~crc >>> 0;
  };
  for (let start = 0; start < 9; start++) {
    for (let end = start; end <= bytes.length; end++)
      expect(crc32c(bytes, start, end)).toBe(one(bytes.slice(start, end)));
  }
});
