import { describe, expect, it } from "vitest";
import { type Device, defaultDevice, Tensor, tensor } from "../index.ts";
import { reference } from "../reference.ts";

/** What the bits of a finite, positive float16 stand for (IEEE 754-2019, 3.4). */
const numberOf = (bits: number): number => {
  const [exponent, fraction] = [bits >> 10, bits & 1023];
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const finite = Array.from({ length: 0x7c00 }, (_, bits) => numberOf(bits));

describe.each([
  ["the default device", defaultDevice],
  ["reference", reference],
])("float16 on %s", (_, device: () => Device) => {
  const here = device();
  // Between two neighbours: the middle goes to the one with the even fraction, the float32 next to the middle to its own side.
  const middles = finite.slice(0, -1).map((low, bits) => (low + (finite[bits + 1] as number)) / 2);
  const even = middles.map((_, bits) => finite[bits % 2 === 0 ? bits : bits + 1] as number);
  const step = (x: number): number => 2 ** Math.max(Math.floor(Math.log2(x)) - 23, -149);
  const above = middles.map((x) => x + step(x));
  const below = middles.map((x) => x - step(x));
  const nextUp = finite.slice(1);
  const nextDown = finite.slice(0, -1);

  it.each([
    ["written from numbers", (x: readonly number[]) => tensor([...x], { dtype: "float16", device: here })],
    [
      "cast and stored",
      (x: readonly number[]) =>
        tensor([...x], { device: here })
          .to("float16")
          .contiguous(),
    ],
    [
      "cast and read in one kernel",
      (x: readonly number[]) =>
        tensor([...x], { device: here })
          .to("float16")
          .to("float32"),
    ],
  ])("rounds every number to the nearest, halves to even, %s", (_, cast) => {
    const rounded = (x: readonly number[]): number[] => Array.from(cast(x).dataSync(), Number);
    expect(rounded(finite)).toEqual(finite);
    expect(rounded(middles)).toEqual(even);
    expect(rounded(above)).toEqual(nextUp);
    expect(rounded(below)).toEqual(nextDown);
    expect(rounded(middles.slice(0, 3000).map((x) => -x))).toEqual(even.slice(0, 3000).map((x) => -x));
    // 65520 is halfway from the largest finite one to the next power of two.
    expect(rounded([65504, 65519.99, 65520, -65520, Infinity, NaN, -0])).toEqual([
      65504,
      65504,
      Infinity,
      -Infinity,
      Infinity,
      NaN,
      -0,
    ]);
  });

  it("keeps two bytes for each element", () => {
    expect(tensor([1, 2, 3], { dtype: "float16", device: here }).cell.value.buffer?.bytes).toBe(6);
  });

  it("is for storage: arithmetic says to cast", () => {
    const half = tensor([1, 2], { dtype: "float16", device: here });
    expect(() => half.add(half)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: add: float16 is for storage on this device. Compute in float32: x.to("float32").]`,
    );
    expect(() => half.exp()).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: exp: float16 is for storage on this device. Compute in float32: x.to("float32").]`,
    );
    expect(half.add(tensor([1, 1], { device: here })).dtype).toBe("float32");
  });
});

describe("to", () => {
  it("brings tensors to another device, views and gradients too", () => {
    const x = tensor([[1, 2, 3]], { requiresGrad: true });
    const there = x.T.to(reference());
    expect(there.arraySync()).toEqual([[1], [2], [3]]);
    there.mul(there).sum().backward();
    expect(x.grad?.arraySync()).toEqual([[2, 4, 6]]);
    expect(x.grad?.device).toBe(x.device);
  });

  it("gives the tensor itself if there is nothing to do", () => {
    const x = tensor([1]);
    expect(x.to("float32")).toBe(x);
    expect(x.to(x.device)).toBe(x);
    expect(x).toBeInstanceOf(Tensor);
  });
});
