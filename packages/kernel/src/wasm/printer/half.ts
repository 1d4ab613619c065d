import type { Context } from "./context.ts";

const splat = (bits: number): number[] =>
  [0, 1, 2, 3].flatMap(() => [bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, bits >>> 24]);

/**
 * float16 bits, one in each 32-bit lane of the vector on the stack, to float32.
 *
 * Shifted into place, the exponent lacks the difference of the two biases: a multiplication by 2^112 adds it and makes subnormal numbers
 * normal. Infinities and NaNs get the largest exponent instead.
 */
export function halfToFloat(context: Context): void {
  const { f } = context;
  context.temporary(["v128", "v128"], (bits, size) => {
    f.tee(bits)
      .get(context.bytes(splat(0x7fff)))
      .op("v128.and")
      .i32(13)
      .op("i32x4.shl")
      .set(size);
    f.get(size)
      .get(context.bytes(splat(0x7f800000)))
      .op("v128.or");
    f.get(size)
      .get(context.bytes(splat(0x77800000)))
      .op("f32x4.mul");
    f.get(size)
      .get(context.bytes(splat(0x0f800000)))
      .op("i32x4.ge_u");
    f.op("v128.bitselect");
    f.get(bits)
      .get(context.bytes(splat(0x8000)))
      .op("v128.and")
      .i32(16)
      .op("i32x4.shl");
    f.op("v128.or");
  });
}

/** float32 to the bits of the nearest float16, halves to even, in the low half of each 32-bit lane. A NaN becomes the quiet, positive one. */
export function floatToHalf(context: Context): void {
  const { f } = context;
  context.temporary(["v128", "v128", "v128"], (bits, size, result) => {
    f.tee(bits)
      .get(context.bytes(splat(0x7fffffff)))
      .op("v128.and")
      .set(size);
    // Below the smallest normal number: adding 0.5 rounds to the last place of a subnormal one.
    f.get(size)
      .get(context.bytes(splat(0x3f000000)))
      .op("f32x4.add");
    f.get(context.bytes(splat(0x3f000000))).op("i32x4.sub");
    // Normal: rebias the exponent, round at bit 13; a carry into the exponent is as it should be.
    f.get(size)
      .get(context.bytes(splat(0xc8000fff)))
      .op("i32x4.add");
    f.get(size)
      .i32(13)
      .op("i32x4.shr_u")
      .get(context.bytes(splat(1)))
      .op("v128.and")
      .op("i32x4.add");
    f.i32(13).op("i32x4.shr_u");
    f.get(size)
      .get(context.bytes(splat(0x38800000)))
      .op("i32x4.lt_u");
    f.op("v128.bitselect").set(result);
    f.get(context.bytes(splat(0x7c00))).get(result);
    f.get(size)
      .get(context.bytes(splat(0x477fffff)))
      .op("i32x4.gt_u");
    f.op("v128.bitselect");
    f.get(bits)
      .i32(16)
      .op("i32x4.shr_u")
      .get(context.bytes(splat(0x8000)))
      .op("v128.and")
      .op("v128.or")
      .set(result);
    f.get(context.bytes(splat(0x7e00))).get(result);
    f.get(size)
      .get(context.bytes(splat(0x7f800000)))
      .op("i32x4.gt_u");
    f.op("v128.bitselect");
  });
}
