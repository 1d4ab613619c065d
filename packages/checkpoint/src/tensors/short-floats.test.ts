import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { reference, toNumbers } from "../../test/safetensors-reference.ts";
import { isShortFloat, narrow, type ShortFloatName, widen } from "./short-floats.ts";

const digest = (array: ArrayBufferView): string =>
  createHash("sha256")
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest("hex");

const patternsOf = (count: number): number[] => Array.from({ length: count }, (_, bits) => bits);

describe("widen", () => {
  it.each(Object.entries(reference.widened))(
    "gives for every pattern of %s the number that torch gives",
    (dtype, expected) => {
      expect(isShortFloat(dtype)).toBe(true);
      const name = dtype as ShortFloatName;
      // Exactly: a float32 holds each of them.
      if (typeof expected === "string") expect(digest(widen(name, patternsOf(65_536)))).toBe(expected);
      else expect([...widen(name, patternsOf(256))]).toEqual(toNumbers(dtype, expected));
    },
  );
});

describe("narrow", () => {
  it.each(["float16", "bfloat16"] as const)(
    "rounds to %s as torch does: every number of it, and halfway between neighbours and next to halfway",
    (dtype) => {
      const count = dtype === "float16" ? 0x7c00 : 0x7f80;
      const values = widen(dtype, patternsOf(count));
      const step = (values.at(-1) ?? 0) - (values.at(-2) ?? 0);
      const halfway = Float32Array.from(values, (value, i) =>
        i + 1 < count ? (value + (values[i + 1] as number)) / 2 : value + step / 2,
      );
      const moved = (by: number): Float32Array =>
        new Float32Array(Int32Array.from(new Int32Array(halfway.buffer), (pattern) => pattern + by).buffer);
      const inputs = [values, halfway, moved(-1), moved(1)].flatMap((part) => [...part]);
      expect(digest(narrow(dtype, [...inputs, ...inputs.map((x) => -x)]))).toBe(reference.narrowed[dtype]);
    },
  );

  it("keeps infinities, NaN and the sign of zero", () => {
    const numbers = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0, 1e300, 1e-300];
    const kept = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0, Number.POSITIVE_INFINITY, 0];
    for (const dtype of ["float16", "bfloat16"] as const)
      expect([...widen(dtype, narrow(dtype, numbers))]).toEqual(kept);
  });

  it("rounds a float64 once", () => {
    // A little above halfway between 1 and the next float16: in float32 it would be halfway, which rounds to 1.
    expect(narrow("float16", [1 + 2 ** -11 + 2 ** -40])[0]).toBe(0x3c01);
  });
});
