import { describe, expect, test } from "vitest";
import { bitcast, load } from "../expr.ts";
import { evaluator } from "./evaluate.ts";
import { float16ToFloat32, float32ToFloat16 } from "./float16.ts";

/** What IEEE 754 says the bits stand for. */
function float16Of(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const patterns = Array.from({ length: 65536 }, (_, bits) => bits);
const widen = evaluator(float16ToFloat32(load(0, "u32")));
const narrow = evaluator(float32ToFloat16(load(0)));

describe("float16", () => {
  test("every pattern has its value", () => {
    expect(patterns.filter((bits) => !Object.is(widen([bits]), float16Of(bits)))).toEqual([]);
  });

  test("every value goes back to its pattern, and NaN to the quiet one", () => {
    // Through bitcast, a NaN's own bits would be lost in a JavaScript number: the evaluator knows one NaN.
    const back = patterns.filter(
      (bits) => narrow([float16Of(bits)]) !== (Number.isNaN(float16Of(bits)) ? 0x7e00 : bits),
    );
    expect(back).toEqual([]);
  });

  test("between two values the nearer one wins, and halfway the even one", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7c00; bits++) {
      const [below, above] = [float16Of(bits), bits === 0x7bff ? 65536 : float16Of(bits + 1)];
      const middle = (below + above) / 2;
      const step = 2 ** Math.max(-149, Math.floor(Math.log2(middle)) - 23);
      const even = bits % 2 === 0 ? bits : bits + 1;
      const rounded = [middle - step, middle, middle + step].map((x) => narrow([x]));
      const mirrored = [middle - step, middle, middle + step].map((x) => narrow([-x]) - 0x8000);
      if (`${rounded}` !== `${[bits, even, bits + 1]}` || `${rounded}` !== `${mirrored}`) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test("what is too large is infinite, what is too small zero", () => {
    expect([65519.996, 65520, 1e10, Infinity, -Infinity].map((x) => narrow([x]))).toEqual([
      0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00,
    ]);
    expect([2 ** -25, 2 ** -25 * (1 + 2 ** -23), 1e-40, -1e-40].map((x) => narrow([x]))).toEqual([0, 1, 0, 0x8000]);
  });

  test("bits may come from a signed integer", () => {
    expect(evaluator(float16ToFloat32(bitcast(load(0, "i32"), "u32")))([0xc000])).toBe(-2);
  });
});
