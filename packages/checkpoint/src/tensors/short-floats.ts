/** A float of 8 or 16 bits: sign, exponent, mantissa, from the highest bit to the lowest. */
interface ShortFloat {
  /** e8m0fnu has none. */
  readonly signBits: 0 | 1;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /**
   * What the highest patterns stand for: `ieee`: the highest exponent is infinity and NaN; `fn`: all ones are NaN, there is no infinity;
   * `fnuz`: so too for infinity, and NaN is where -0 would be.
   */
  readonly specials: "ieee" | "fn" | "fnuz";
}

const formats = {
  float16: { signBits: 1, exponentBits: 5, mantissaBits: 10, bias: 15, specials: "ieee" },
  bfloat16: { signBits: 1, exponentBits: 8, mantissaBits: 7, bias: 127, specials: "ieee" },
  float8_e4m3fn: { signBits: 1, exponentBits: 4, mantissaBits: 3, bias: 7, specials: "fn" },
  float8_e4m3fnuz: { signBits: 1, exponentBits: 4, mantissaBits: 3, bias: 8, specials: "fnuz" },
  float8_e5m2: { signBits: 1, exponentBits: 5, mantissaBits: 2, bias: 15, specials: "ieee" },
  float8_e5m2fnuz: { signBits: 1, exponentBits: 5, mantissaBits: 2, bias: 16, specials: "fnuz" },
  float8_e8m0fnu: { signBits: 0, exponentBits: 8, mantissaBits: 0, bias: 127, specials: "fn" },
} as const satisfies Record<string, ShortFloat>;

/** The floats that JavaScript has no typed array for on every engine. */
export type ShortFloatName = keyof typeof formats;

export const isShortFloat = (dtype: string): dtype is ShortFloatName => Object.hasOwn(formats, dtype);

/** The number that a bit pattern stands for; each fits a float32. */
function decode(bits: number, { signBits, exponentBits, mantissaBits, bias, specials }: ShortFloat): number {
  const magnitudeBits = exponentBits + mantissaBits;
  const magnitude = bits & (2 ** magnitudeBits - 1);
  const isNegative = signBits === 1 && bits >> magnitudeBits === 1;
  const exponent = magnitude >> mantissaBits;
  const mantissa = magnitude & (2 ** mantissaBits - 1);
  if (specials === "fnuz" && isNegative && magnitude === 0) return Number.NaN;
  if (specials === "fn" && magnitude === 2 ** magnitudeBits - 1) return Number.NaN;
  if (specials === "ieee" && exponent === 2 ** exponentBits - 1) {
    return mantissa !== 0 ? Number.NaN : isNegative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  // Without a mantissa there are no subnormal numbers and no zero.
  const isSubnormal = exponent === 0 && mantissaBits > 0;
  const value = isSubnormal
    ? mantissa * 2 ** (1 - bias - mantissaBits)
    : (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - bias);
  return isNegative ? -value : value;
}

const tables = new Map<ShortFloatName, Float32Array>();

/** Bit patterns as the numbers they stand for, exactly. */
export function widen(dtype: ShortFloatName, patterns: ArrayLike<number>): Float32Array {
  const format: ShortFloat = formats[dtype];
  let table = tables.get(dtype);
  if (!table) {
    const count = 2 ** (format.signBits + format.exponentBits + format.mantissaBits);
    table = Float32Array.from({ length: count }, (_, bits) => decode(bits, format));
    tables.set(dtype, table);
  }
  const numbers = new Float32Array(patterns.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = table[patterns[i] as number] as number;
  return numbers;
}

const scratch = new DataView(new ArrayBuffer(8));

/** ⌊log2 x⌋ for a positive x. */
function exponentOf(x: number): number {
  scratch.setFloat64(0, x);
  return ((scratch.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

const roundToEven = (x: number): number => {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
};

/** The pattern of a format with infinities that is nearest to x. */
function encode(x: number, { exponentBits, mantissaBits, bias }: ShortFloat): number {
  const sign = x < 0 || Object.is(x, -0) ? 2 ** (exponentBits + mantissaBits) : 0;
  const infinity = (2 ** exponentBits - 1) * 2 ** mantissaBits;
  if (Number.isNaN(x)) return sign + infinity + 2 ** (mantissaBits - 1);
  const size = Math.abs(x);
  if (size === 0) return sign;
  if (size === Number.POSITIVE_INFINITY) return sign + infinity;
  const exponent = Math.max(exponentOf(size), 1 - bias);
  // Rounding up may carry into the exponent, which is then the next one, or infinity: the patterns are in the order of the numbers.
  const steps = roundToEven(size * 2 ** (mantissaBits - exponent));
  return sign + Math.min((exponent + bias - 1) * 2 ** mantissaBits + steps, infinity);
}

/** Numbers as bit patterns of float16 or bfloat16, rounded to the nearest, ties to even. */
export function narrow(dtype: "float16" | "bfloat16", numbers: ArrayLike<number>): Uint16Array {
  const format = formats[dtype];
  return Uint16Array.from(numbers, (x) => encode(x, format));
}
