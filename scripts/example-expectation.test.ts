import { expect, it } from "vitest";
import { expectThrow, expectValue } from "./example-expectation.ts";

it("compares numbers to the digits that float32 has", () => {
  expectValue(Math.fround(0.95), "0.95");
  expectValue([1, 2 + 1e-6], "[1, 2]");
  expectValue(Number.NaN, "NaN");
  expect(() => expectValue(0.951, "0.95")).toThrow("the comment says 0.95, the value is 0.951");
  expect(() => expectValue([1, 2, 3], "[1, 2]")).toThrow();
});

it("takes typed arrays as Node prints them, and objects by their keys", () => {
  expectValue(Float32Array.of(1, 2), "Float32Array(2) [1, 2]");
  expectValue({ a: 1 }, "{ a: 1 }");
  expect(() => expectValue({ a: 1, b: 2 }, "{ a: 1 }")).toThrow();
});

it("compares text that is no JavaScript as it stands", () => {
  expectValue("two words", "two words");
  expect(() => expectValue(1, "about one")).toThrow("the comment says about one, the value is 1");
});

it("knows an error by its name or message", async () => {
  const fail = () => {
    throw new RangeError("too far");
  };
  await expectThrow(fail, "RangeError");
  await expect(expectThrow(fail, "TypeError")).rejects.toThrow("RangeError: too far");
  await expect(expectThrow(() => 1, "RangeError")).rejects.toThrow("but it returns");
});
