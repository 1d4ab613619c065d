import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type BinaryOp, binary, f32, load, type UnaryOp, unary } from "../expr.ts";
import { type Evaluate, evaluator } from "./evaluate.ts";
import { lowerTranscendentals } from "./lower.ts";

/** Of an exact result, in units in the last place of float32 around it. */
function ulpError(got: number, exact: number): number {
  if (Math.fround(exact) === got) return 0;
  const size = Math.min(Math.max(Math.abs(exact), 2 ** -126), 2 ** 127);
  const ulp = 2 ** (Math.floor(Math.log2(size)) - 23);
  const value = Math.abs(got) === Infinity ? Math.sign(got) * 2 ** 128 : got;
  return Math.abs(value - exact) / ulp;
}

/** Same NaN, same infinity, same zero, and never across zero. */
function isOfTheSameClass(got: number, exact: number): boolean {
  if (Number.isNaN(exact) || exact === 0 || Math.abs(exact) === Infinity) return Object.is(got, exact);
  return got === 0 || Math.sign(got) === Math.sign(exact);
}

const word = new DataView(new ArrayBuffer(4));
function floatOf(bits: number): number {
  word.setUint32(0, bits);
  return word.getFloat32(0);
}
function bitsOf(float: number): number {
  word.setFloat32(0, float);
  return word.getUint32(0);
}

/** Every 29989th float32, the special ones, and the 64 on either side of every seam. */
function* samples(seams: readonly number[]): Generator<number> {
  for (let bits = 0; bits < 2 ** 32; bits += 29989) yield floatOf(bits);
  for (const seam of [0, 2 ** -126, 2 ** -30, 1, Infinity, ...seams]) {
    const middle = bitsOf(seam);
    for (let bits = Math.max(0, middle - 64); bits <= Math.min(middle + 64, 0x7f800001); bits++) {
      yield floatOf(bits);
      yield -floatOf(bits);
    }
  }
}

const float64Erf = evaluator(lowerTranscendentals(unary("erf", load(0, "f64"))));

interface Case {
  readonly op: UnaryOp;
  readonly reference: (x: number) => number;
  readonly seams: readonly number[];
  readonly limit?: number;
}

// Float64's own functions are the reference: their errors are below 2^-28 ulp of float32.
const cases: readonly Case[] = [
  { op: "exp", reference: Math.exp, seams: [Math.LN2, 88.72284, 87.33655, 103.97208, 89, 104] },
  { op: "expm1", reference: Math.expm1, seams: [Math.LN2, 88.72284, 17.32868, 18, 89] },
  { op: "log", reference: Math.log, seams: [Math.SQRT1_2, Math.SQRT2] },
  { op: "log1p", reference: Math.log1p, seams: [Math.SQRT2 - 1, 1 - Math.SQRT1_2, 2 ** 24, 2 ** 127, 2.4e38] },
  { op: "sin", reference: Math.sin, seams: [1, 2, 3, 4, 5, 100, 63660].map((n) => (n * Math.PI) / 4), limit: 1e5 },
  { op: "cos", reference: Math.cos, seams: [1, 2, 3, 4, 5, 100, 63660].map((n) => (n * Math.PI) / 4), limit: 1e5 },
  { op: "tan", reference: Math.tan, seams: [1, 2, 3, 4, 5, 100, 63660].map((n) => (n * Math.PI) / 4), limit: 1e5 },
  { op: "asin", reference: Math.asin, seams: [0.5, 0.625] },
  { op: "acos", reference: Math.acos, seams: [0.5, 0.625] },
  { op: "atan", reference: Math.atan, seams: [] },
  { op: "tanh", reference: Math.tanh, seams: [0.625, 9.01, 20] },
  { op: "sinh", reference: Math.sinh, seams: [88.72284, 89.41599, 90] },
  { op: "cosh", reference: Math.cosh, seams: [88.72284, 89.41599, 90] },
  { op: "erf", reference: (x) => float64Erf([x]), seams: [0.925, 3.92, 4] },
];

describe.each([true, false])("with madd fused: %s", (fused) => {
  test.each(cases)("$op is within 2 ulp of every kind of float32", ({ op, reference, seams, limit = Infinity }) => {
    const evaluate = evaluator(lowerTranscendentals(unary(op, load(0))), { fused });
    let worst = 0;
    let worstAt = 0;
    const wrong: number[] = [];
    for (const x of samples(seams)) {
      if (Math.abs(x) > limit && Math.abs(x) !== Infinity) continue;
      const got = evaluate([x]);
      const exact = reference(x);
      if (!isOfTheSameClass(got, exact)) wrong.push(x);
      const error = ulpError(got, exact);
      if (error > worst) [worst, worstAt] = [error, x];
    }
    expect(wrong.slice(0, 8)).toEqual([]);
    expect(worst, `at ${worstAt}`).toBeLessThan(2);
  });

  test("sin and cos stay in [-1, 1] beyond 1e5 too", () => {
    for (const op of ["sin", "cos"] as const) {
      const evaluate = evaluator(lowerTranscendentals(unary(op, load(0))), { fused });
      let largest = 0;
      for (let bits = bitsOf(1000); bits < bitsOf(Infinity); bits += 29989) {
        largest = Math.max(largest, Math.abs(evaluate([floatOf(bits)])));
      }
      expect(largest).toBeLessThanOrEqual(1);
    }
  });

  // Zeros, infinities, NaN, integers odd and even, halves, the ends of the range, and 1's neighbours, of either sign.
  const specials = [0, 1, 2, 3, 0.5, 1.5, 127, 128, 149, 150, 2 ** 23 + 0.5, 2 ** 24 - 1, 2 ** 24, 2 ** 25, 1e10]
    .concat([Infinity, 2 ** -149, 2 ** -126, floatOf(0x7f7fffff), floatOf(0x3f7fffff), floatOf(0x3f800001), 0.1])
    .map(Math.fround)
    .flatMap((x) => [x, -x])
    .concat(NaN);

  test.each([
    // IEEE 754 and C say 1 to any power is 1, and -1 to an infinite one; JavaScript says NaN.
    ["pow", (x: number, y: number) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y)],
    ["atan2", (y: number, x: number) => Math.atan2(y, x)],
  ] as const)("%s has every special case right", (op: BinaryOp, reference) => {
    const evaluate = evaluator(lowerTranscendentals(binary(op, load(0), load(1))), { fused });
    const wrong: string[] = [];
    for (const x of specials) {
      for (const y of specials) {
        const exact = reference(x, y);
        const got = evaluate([x, y]);
        const isRight = isOfTheSameClass(got, exact) && !(ulpError(got, exact) >= 2);
        if (!isRight) wrong.push(`${op}(${x}, ${y}) = ${got}, not ${exact}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each([1, 2, 3, -1, 0.5, -2, 0])(
    "x to the constant power %d is as exact, at special cases and everywhere",
    (y) => {
      const evaluate = evaluator(lowerTranscendentals(binary("pow", load(0), f32(y))), { fused });
      let worst = 0;
      const wrong: number[] = [];
      for (const x of samples(specials.filter((x) => x > 0))) {
        const [got, exact] = [evaluate([x]), y === 0 ? 1 : x ** y];
        if (!isOfTheSameClass(got, exact)) wrong.push(x);
        worst = Math.max(worst, ulpError(got, exact) || 0);
      }
      expect(wrong.slice(0, 8)).toEqual([]);
      expect(worst).toBeLessThan(2);
    },
  );

  /** The largest error at these points. */
  function worstOf(
    evaluate: Evaluate,
    reference: (x: number, y: number) => number,
    points: Iterable<[number, number]>,
  ) {
    let worst = { error: 0, at: [0, 0] };
    for (const at of points) {
      const exact = reference(...at);
      const error = Number.isNaN(exact) ? 0 : ulpError(evaluate(at), exact);
      if (error > worst.error) worst = { error, at };
    }
    return worst;
  }

  /** Reproducible bits: Marsaglia's xorshift. */
  function* randomBits(count: number): Generator<number> {
    let state = 2463534242;
    for (let i = 0; i < count; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      yield state >>> 0;
    }
  }

  test("pow is within 2 ulp", () => {
    function* points(): Generator<[number, number]> {
      const bits = [...randomBits(100_000)];
      for (let i = 0; i + 1 < bits.length; i += 2) {
        const [first, second] = [bits[i] as number, bits[i + 1] as number];
        // A base of any magnitude or near 1, and an exponent that takes it anywhere in float32's range.
        const x = i % 4 === 0 ? floatOf(first & 0x7fffffff) : Math.fround(0.5 + (1.5 * first) / 2 ** 32);
        yield [x, Math.fround((((second / 2 ** 32) * 2 - 1) * 151) / Math.log2(x))];
        yield [Math.fround((first / 2 ** 31 - 1) * 20), Math.round((second / 2 ** 31 - 1) * 20)];
      }
    }
    const evaluate = evaluator(lowerTranscendentals(binary("pow", load(0), load(1))), { fused });
    const { error, at } = worstOf(evaluate, (x, y) => x ** y, points());
    expect(error, `pow(${at})`).toBeLessThan(2);
  });

  test("atan2 is within 2 ulp", () => {
    function* points(): Generator<[number, number]> {
      const bits = [...randomBits(100_000)];
      for (let i = 0; i + 1 < bits.length; i += 2) {
        const [first, second] = [bits[i] as number, bits[i + 1] as number];
        yield [floatOf(first), floatOf(second)];
        yield [Math.fround(first / 2 ** 31 - 1), Math.fround(second / 2 ** 31 - 1)];
      }
    }
    const evaluate = evaluator(lowerTranscendentals(binary("atan2", load(0), load(1))), { fused });
    const { error, at } = worstOf(evaluate, Math.atan2, points());
    expect(error, `atan2(${at})`).toBeLessThan(2);
  });

  // Expected values: reference/erf.py, mpmath in 40 digits.
  const erfReference: readonly (readonly [number, number])[] = JSON.parse(
    readFileSync(new URL("../../reference/erf.json", import.meta.url), "utf8"),
  );

  test("erf is within 2 ulp of mpmath's, and in float64 within 4e-16", () => {
    const single = evaluator(lowerTranscendentals(unary("erf", load(0))), { fused });
    for (const [x, exact] of erfReference) {
      expect(ulpError(single([x]), exact), `erf(${x})`).toBeLessThan(2);
      // The rounding of the reference itself is 1.1e-16.
      expect(Math.abs(float64Erf([x]) / exact - 1), `erf(${x})`).toBeLessThan(4e-16);
    }
  });
});
