import { describe, expect, test } from "vitest";
import * as e from "../expr.ts";
import { evaluator } from "./evaluate.ts";
import { fusedMultiplyAdd } from "./fused-multiply-add.ts";

describe("evaluator", () => {
  test("rounds every float32 operation", () => {
    const third = e.div(e.load(0), e.f32(3));
    expect(evaluator(e.add(third, e.arg(0)))([1], [2 ** 24])).toBe(2 ** 24);
    expect(evaluator(third)([1])).toBe(Math.fround(1 / 3));
    expect(evaluator(e.div(e.load(0, "f64"), e.f64(3)))([1])).toBe(1 / 3);
  });

  test("rounds madd once or twice, as asked", () => {
    // (1 + 2^-12)² - 1 - 2^-11 is 2^-24, which the rounded product has lost.
    const x = 1 + 2 ** -12;
    const square = e.madd(e.load(0), e.load(0), e.f32(-1 - 2 ** -11));
    expect(evaluator(square)([x])).toBe(2 ** -24);
    expect(evaluator(square, { fused: false })([x])).toBe(0);
  });

  test("wraps integers, and shifts unsigned ones with zeros", () => {
    const [x, y] = [e.load(0, "u32"), e.load(1, "u32")];
    const run = (expr: e.Expr) => evaluator(expr)([0xffffffff, 0xfffffffe]);
    expect(run(e.add(x, y))).toBe(0xfffffffd);
    expect(run(e.mul(x, y))).toBe(2);
    expect(run(e.mulhi(x, y))).toBe(0xfffffffd);
    expect(run(e.shr(x, e.u32(31)))).toBe(1);
    expect(run(e.shr(e.bitcast(x, "i32"), e.i32(31)))).toBe(-1);
    expect(run(e.not(x))).toBe(0);
    expect(run(e.lt(y, x))).toBe(1);
    expect(run(e.lt(e.cast(x, "i32"), e.i32(0)))).toBe(1);
    expect(run(e.xor(x, y))).toBe(1);
  });

  test("casts as the language says: truncating, saturating, NaN to 0", () => {
    const toI32 = evaluator(e.cast(e.load(0), "i32"));
    expect([-1.9, 3e9, -3e9, NaN].map((x) => toI32([x]))).toEqual([-1, 2 ** 31 - 1, -(2 ** 31), 0]);
    expect(evaluator(e.cast(e.load(0), "u32"))([-1])).toBe(0);
    expect(evaluator(e.cast(e.load(0), "bool"))([0.5])).toBe(1);
  });

  test("logic is on 0 and 1", () => {
    const [x, y] = [e.load(0, "bool"), e.load(1, "bool")];
    const isEither = evaluator(e.and(e.or(x, y), e.not(e.and(x, y))));
    expect([isEither([0, 0]), isEither([0, 1]), isEither([1, 0]), isEither([1, 1])]).toEqual([0, 1, 1, 0]);
  });

  test("says what it cannot do", () => {
    expect(() => evaluator(e.load(0, "i64"))).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: evaluator: a value of type i64 needs a compiled kernel. Use compileJs.]`,
    );
    expect(() => evaluator(e.reduced())).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: evaluator: reduced needs a compiled kernel. Use compileJs.]`,
    );
  });
});

describe("fusedMultiplyAdd", () => {
  test("rounds once even where float64 would round onto the middle of two float32 numbers", () => {
    // 2^-24 (1 - 2^-46) beside 1 + 2^-23: just below the middle, which is where float64 rounds it, and ties would go up.
    const [a, b, c] = [2 ** -24 * (1 + 2 ** -23), 1 - 2 ** -23, 1 + 2 ** -23];
    expect(Math.fround(a * b + c)).toBe(1 + 2 ** -22);
    expect(fusedMultiplyAdd(a, b, c)).toBe(1 + 2 ** -23);
    expect(fusedMultiplyAdd(-a, b, -c)).toBe(-1 - 2 ** -23);
  });

  test("agrees with exact integer arithmetic", () => {
    // Integers scaled so that sums need up to 60 bits, ties included: exact as BigInt.
    let state = 12345;
    const next = (bits: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> (32 - bits);
    };
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [next(24), next(24)];
      const shift = next(5);
      const c = (next(1) ? 1 : -1) * next(24) * 2 ** shift;
      const exact = BigInt(a) * BigInt(b) + BigInt(c);
      expect(fusedMultiplyAdd(a, b, c)).toBe(roundToFloat32(exact));
    }
  });
});

/** The nearest float32, halves to even. */
function roundToFloat32(x: bigint): number {
  const size = x < 0n ? -x : x;
  const excess = BigInt(Math.max(0, size.toString(2).length - 24));
  const unit = 1n << excess;
  const rest = size % unit;
  const down = size - rest;
  const isUp = 2n * rest > unit || (2n * rest === unit && (down / unit) % 2n === 1n);
  return (x < 0n ? -1 : 1) * Number(isUp ? down + unit : down);
}
