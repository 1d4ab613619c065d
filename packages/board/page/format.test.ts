import { expect, it } from "vitest";
import { byteSize, duration, shortNumber, wholeNumber } from "./format.ts";

it("numbers are short", () => {
  expect([0, 0.1 + 0.2, 123456.789, -0.25, 3e-4, 1.5e9, Number.NaN, -Infinity].map(shortNumber)).toEqual([
    "0",
    "0.3",
    "123460",
    "−0.25",
    "3e−4",
    "1.5e9",
    "NaN",
    "−∞",
  ]);
  expect(wholeNumber(1234567)).toBe("1 234 567");
});

it("times and sizes are in the units that suit them", () => {
  expect([0.123, 12.34, 75, 3725, 90_000, -75].map(duration)).toEqual([
    "0.12s",
    "12.3s",
    "1m 15s",
    "1h 02m",
    "1d 01h",
    "−1m 15s",
  ]);
  expect([1, 3 << 20, 1.5 * 2 ** 30].map(byteSize)).toEqual(["1 kB", "3 MB", "1.50 GB"]);
});
