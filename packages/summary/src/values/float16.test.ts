import { expect, it } from "vitest";
import { bfloat16Bits, float16Bits, float16FromBits } from "./float16.ts";

// IEEE 754 binary16: 1, the largest, the smallest normal and subnormal ones, 1/3.
it.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [0, 0],
  [-0, 0x8000],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [0.333251953125, 0x3555],
])("knows the float16 of %f", (value, bits) => {
  expect(float16Bits(value)).toBe(bits);
  expect(float16FromBits(bits)).toBe(value);
});

it("turns every float16 to a number and back", () => {
  for (let bits = 0; bits < 2 ** 16; bits++) {
    const value = float16FromBits(bits);
    if (!Number.isNaN(value)) expect(float16Bits(value)).toBe(bits);
  }
  expect(float16FromBits(float16Bits(Number.NaN))).toBeNaN();
});

it("rounds to the nearest float16, ties to even", () => {
  expect(float16Bits(1 + 2 ** -11)).toBe(0x3c00);
  expect(float16Bits(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(float16Bits(65519.99)).toBe(0x7bff);
  expect(float16Bits(65520)).toBe(0x7c00);
  expect(float16Bits(2 ** -25)).toBe(0);
  expect(float16Bits(1.5 * 2 ** -24)).toBe(2);
  expect(float16Bits(2 - 2 ** -12)).toBe(0x4000);
});

it("rounds to the nearest bfloat16, ties to even", () => {
  expect(bfloat16Bits(1)).toBe(0x3f80);
  expect(bfloat16Bits(1 + 2 ** -8)).toBe(0x3f80);
  expect(bfloat16Bits(1 + 3 * 2 ** -8)).toBe(0x3f82);
  expect(bfloat16Bits(Number.NEGATIVE_INFINITY)).toBe(0xff80);
  expect(bfloat16Bits(3.4e38)).toBe(0x7f80);
});
