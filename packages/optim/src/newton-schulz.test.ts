import { describe, expect, it } from "vitest";
import { drawn, orthogonalized as recorded } from "../test/reference.ts";
import { arrayParameter } from "./array-parameter.ts";
import { orthogonalized } from "./newton-schulz.ts";

const options = { coefficients: [3.4445, -4.775, 2.0315], steps: 5, eps: 1e-7 } as const;

const orthogonalize = (numbers: readonly number[], shape: readonly number[]): Float32Array => {
  const { operations, data } = arrayParameter(Float32Array.from(numbers), { shape });
  return orthogonalized(operations, data, shape, options);
};

/** The upper half of a float32 is a bfloat16; the lower half is 0 then. */
const bitsOf = (data: Float32Array): number[] => Array.from(new Uint32Array(data.buffer), (bits) => bits / 2 ** 16);

/** What bfloat16's bits stand for. */
const numbersOf = (bits: readonly number[]): Float32Array => {
  const padded = Uint32Array.from(bits, (each) => each * 2 ** 16);
  return new Float32Array(padded.buffer);
};

describe("orthogonalized", () => {
  const isSmall = ({ shape }: { shape: readonly number[] }): boolean => Math.min(...shape) < 64;

  it.each(recorded.filter(isSmall))("is PyTorch's bit for bit for $shape", ({ shape, bits }) => {
    expect(bitsOf(orthogonalize(drawn(shape[0] * shape[1], 7), shape))).toEqual(bits);
  });

  // In longer sums, whose order torch leaves to its library, a value now and then falls to the other side of a half of bfloat16's last
  // bit, and what is computed from it moves by as much: 2^-8 is that bit for the largest elements, which are below 1.
  it.each(recorded.filter((each) => !isSmall(each)))(
    "is PyTorch's to bfloat16's last bit for $shape",
    ({ shape, bits }) => {
      const got = orthogonalize(drawn(shape[0] * shape[1], 7), shape);
      const expected = numbersOf(bits);
      expect(Math.max(...expected.map(Math.abs))).toBeLessThan(1);
      expect(Math.max(...got.map((x, i) => Math.abs(x - (expected[i] ?? Number.NaN))))).toBeLessThanOrEqual(2 ** -8);
    },
  );

  it("brings singular values to about 1, and keeps a diagonal", () => {
    // PARITY §1.5, recorded from torch.
    expect(orthogonalize([3, 0, 0, 4], [2, 2])).toEqual(Float32Array.of(0.6953125, 0, 0, 1.09375));
  });

  it("leaves zeros, and NaN NaN", () => {
    expect(orthogonalize([0, 0], [1, 2])).toEqual(Float32Array.of(0, 0));
    expect(orthogonalize([Number.NaN, 1], [1, 2])).toEqual(Float32Array.of(Number.NaN, Number.NaN));
  });
});
