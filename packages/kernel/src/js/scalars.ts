// What JavaScript's operators do not do by themselves. Printed code calls these by name; the interpreter calls the same ones.

const scratch = new DataView(new ArrayBuffer(8));

/** To the nearest integer, halves to even; -0.4 gives -0. */
export function roundEven(x: number): number {
  const whole = Math.trunc(x);
  const rest = Math.abs(x - whole);
  if (rest < 0.5 || (rest === 0.5 && whole % 2 === 0)) return whole;
  return Number.isFinite(x) ? whole + Math.sign(x) : x;
}

/** The power function of IEEE 754, which says 1 where JavaScript says NaN: `pow(1, y)` for every y, and `pow(-1, ±Infinity)`. */
export const pow = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);

/** The low 32 bits of an integer power. Negative exponents truncate: 0 unless x is 1 or -1. */
export function powInt(x: number, y: number): number {
  if (y < 0) return x === 1 ? 1 : x === -1 ? (y % 2 === 0 ? 1 : -1) : 0;
  let result = 1;
  let base = x;
  for (let rest = y; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}

/** The low 64 bits of an integer power. Negative exponents truncate: 0 unless x is 1 or -1. */
export function powInt64(x: bigint, y: bigint): bigint {
  if (y < 0n) return x === 1n ? 1n : x === -1n ? (y % 2n === 0n ? 1n : -1n) : 0n;
  let result = 1n;
  let base = x;
  for (let rest = y; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = BigInt.asIntN(64, result * base);
    base = BigInt.asIntN(64, base * base);
  }
  return result;
}

/** The low 64 bits, as a signed integer. */
export const wrap64 = (x: bigint): bigint => BigInt.asIntN(64, x);
export const abs64 = (x: bigint): bigint => wrap64(x < 0n ? -x : x);

export function min64(x: bigint, y: bigint): bigint {
  if (y < x) return y;
  return x;
}

export function max64(x: bigint, y: bigint): bigint {
  if (y > x) return y;
  return x;
}

/** Division by zero gives 0. */
export const div64 = (x: bigint, y: bigint): bigint => (y === 0n ? 0n : BigInt.asIntN(64, x / y));
/** The remainder of a division by zero is 0. */
export const rem64 = (x: bigint, y: bigint): bigint => (y === 0n ? 0n : x % y);

/** The high 32 bits of the product of two 32-bit unsigned integers, from products of 16-bit halves that a double holds exactly. */
export function mulhi(x: number, y: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const yLow = y & 0xffff;
  const yHigh = y >>> 16;
  const first = xHigh * yLow + ((xLow * yLow) >>> 16);
  const second = xLow * yHigh + (first & 0xffff);
  return (xHigh * yHigh + (first >>> 16) + (second >>> 16)) >>> 0;
}

/** Truncates and saturates; NaN gives 0. */
export const toI32 = (x: number): number => Math.max(-2147483648, Math.min(2147483647, x)) | 0;
/** Truncates and saturates; NaN gives 0. */
export const toU32 = (x: number): number => Math.max(0, Math.min(4294967295, x)) >>> 0;
/** Truncates and saturates; NaN gives 0. */
export function toI64(x: number): bigint {
  if (Number.isNaN(x)) return 0n;
  if (x >= 2 ** 63) return 2n ** 63n - 1n;
  return x <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(x));
}

/** A 64-bit integer rounded once to float32. */
export function float32OfI64(x: bigint): number {
  // Through float64 it would round twice. An odd last bit that stands for all the bits cut off cannot be mistaken for a tie.
  const cut = x & 0xfffn;
  const safe = Number.isSafeInteger(Number(x)) ? x : cut === 0n ? x : (x - cut) | 0x1000n;
  return Math.fround(Number(safe));
}

/** The bits of a float32 as an unsigned integer. JavaScript does not keep a NaN's own bits: it is always the quiet, positive one. */
export function bitsOfFloat32(x: number): number {
  if (Number.isNaN(x)) return 0x7fc00000;
  scratch.setFloat32(0, x);
  return scratch.getUint32(0);
}

/** The float32 that has these bits. */
export function float32OfBits(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** The bits of a float64 as a signed integer. A NaN is always the quiet, positive one. */
export function bitsOfFloat64(x: number): bigint {
  if (Number.isNaN(x)) return 0x7ff8000000000000n;
  scratch.setFloat64(0, x);
  return scratch.getBigInt64(0);
}

/** The float64 that has these bits. */
export function float64OfBits(bits: bigint): number {
  scratch.setBigInt64(0, bits);
  return scratch.getFloat64(0);
}

/** The number a float16's bits stand for. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of the nearest float16, halves to even. */
export function toFloat16(x: number): number {
  if (Number.isNaN(x)) return 0x7e00;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24);
  scratch.setFloat64(0, size);
  const exponent = (scratch.getUint16(0) >>> 4) - 1023;
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + roundEven((size / 2 ** exponent - 1) * 1024));
}

/**
 * The error function, to a few units in the last place of float64.
 *
 * @see {@link https://dlmf.nist.gov/7.6#E2 | the series DLMF 7.6.2}, {@link https://dlmf.nist.gov/7.9#E1 | the continued fraction DLMF 7.9.1}
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (size < 2.5) {
    let term = 2 * x;
    let sum = term;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return x === 0 ? x : sum * scale;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - scale / fraction);
}
