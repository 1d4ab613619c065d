// Functions that printed shaders call where WGSL's own do less than the kernel language promises. WGSL lets an implementation assume that
// there are no NaNs and infinities, leaves conversions and orders of zeros open, and rounds division loosely: what must be exact works on bits.

// WGSL lets a compiler regroup sums and products and fuse one into the other: it turns (1 + x) - 1 into x. It cannot see that the word is 0.
const rounded = `fn rounded(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ params.zero);
}`;

const isNan = `fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`;

// As integers, floats of one sign are in order; flipping the bits below the sign puts the negative ones in order too, and -0 below 0.
const orderOf = `fn order_of(x: f32) -> i32 {
  let bits = bitcast<i32>(x);
  return bits ^ ((bits >> 31u) & 0x7fffffff);
}`;

const maxNan = `fn max_nan(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  if (is_nan(b)) { return b; }
  return select(b, a, order_of(a) > order_of(b));
}`;

const minNan = `fn min_nan(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  if (is_nan(b)) { return b; }
  return select(b, a, order_of(a) < order_of(b));
}`;

const divI32 = `fn div_i32(a: i32, b: i32) -> i32 {
  if (b == 0) { return 0; }
  if (b == -1) { return -a; }
  return a / b;
}`;

const remI32 = `fn rem_i32(a: i32, b: i32) -> i32 {
  if (b == 0 || b == -1) { return 0; }
  return a % b;
}`;

const divU32 = `fn div_u32(a: u32, b: u32) -> u32 {
  if (b == 0u) { return 0u; }
  return a / b;
}`;

const remU32 = `fn rem_u32(a: u32, b: u32) -> u32 {
  if (b == 0u) { return 0u; }
  return a % b;
}`;

const powI32 = `fn pow_i32(x: i32, y: i32) -> i32 {
  if (y < 0) { return select(select(0, select(1, -1, (y & 1) == 1), x == -1), 1, x == 1); }
  return bitcast<i32>(pow_u32(bitcast<u32>(x), bitcast<u32>(y)));
}`;

const powU32 = `fn pow_u32(x: u32, y: u32) -> u32 {
  var result = 1u;
  var base = x;
  for (var rest = y; rest > 0u; rest >>= 1u) {
    if ((rest & 1u) == 1u) { result *= base; }
    base *= base;
  }
  return result;
}`;

// WGSL has no 64-bit product: four products of 16-bit halves.
const mulhi = `fn mulhi(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let first = a_high * b_low + ((a_low * b_low) >> 16u);
  let second = a_low * b_high + (first & 0xffffu);
  return a_high * b_high + (first >> 16u) + (second >> 16u);
}`;

const toI32 = `fn to_i32(x: f32) -> i32 {
  if (is_nan(x)) { return 0; }
  if (x >= 2147483648.0) { return 2147483647; }
  if (x <= -2147483648.0) { return i32(-2147483648); }
  return i32(x);
}`;

const toU32 = `fn to_u32(x: f32) -> u32 {
  if (is_nan(x) || x <= 0.0) { return 0u; }
  if (x >= 4294967296.0) { return 4294967295u; }
  return u32(x);
}`;

// Some implementations convert the two halves and add them, rounding twice.
const f32OfU32 = `fn f32_of_u32(x: u32) -> f32 {
  if (x < 0x1000000u) { return f32(x); }
  let shift = 8u - countLeadingZeros(x);
  let whole = x >> shift;
  let rest = x & ((1u << shift) - 1u);
  let half = 1u << (shift - 1u);
  let up = rest > half || (rest == half && (whole & 1u) == 1u);
  return f32(whole + u32(up)) * f32(1u << shift);
}`;

// Long division of the mantissas, bit by bit: exact however far apart the exponents are.
const remF32 = `fn rem_f32(a: f32, b: f32) -> f32 {
  let a_bits = bitcast<u32>(a) & 0x7fffffffu;
  let b_bits = bitcast<u32>(b) & 0x7fffffffu;
  let sign = bitcast<u32>(a) & 0x80000000u;
  if (a_bits >= 0x7f800000u || b_bits > 0x7f800000u || b_bits == 0u) { return bitcast<f32>(params.nan); }
  if (a_bits < b_bits) { return a; }
  var a_exponent = max(a_bits >> 23u, 1u);
  let b_exponent = max(b_bits >> 23u, 1u);
  var rest = (a_bits & 0x7fffffu) | select(0u, 0x800000u, a_bits >= 0x800000u);
  let divisor = (b_bits & 0x7fffffu) | select(0u, 0x800000u, b_bits >= 0x800000u);
  for (; a_exponent > b_exponent; a_exponent--) {
    if (rest >= divisor) { rest -= divisor; }
    rest <<= 1u;
  }
  if (rest >= divisor) { rest -= divisor; }
  if (rest == 0u) { return bitcast<f32>(sign); }
  let shift = min(countLeadingZeros(rest) - 8u, a_exponent - 1u);
  rest <<= shift;
  let exponent = select(0u, a_exponent - shift, rest >= 0x800000u);
  return bitcast<f32>(sign | (exponent << 23u) | (rest & 0x7fffffu));
}`;

const fromFloat16 = `fn from_float16(bits: u32) -> f32 {
  let sign = (bits & 0x8000u) << 16u;
  let rest = bits & 0x7fffu;
  if (rest >= 0x7c00u) { return bitcast<f32>(sign | 0x7f800000u | ((rest & 0x3ffu) << 13u)); }
  if (rest >= 0x400u) { return bitcast<f32>(sign | ((rest << 13u) + 0x38000000u)); }
  return bitcast<f32>(sign | bitcast<u32>(f32(rest) * 0x1p-24));
}`;

// To the nearest, halves to even; what is cut off is added back as a carry into the bits that stay.
const toFloat16 = `fn to_float16(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let sign = (bits >> 16u) & 0x8000u;
  let size = bits & 0x7fffffffu;
  if (size > 0x7f800000u) { return 0x7e00u; }
  if (size >= 0x477ff000u) { return sign | 0x7c00u; }
  if (size >= 0x38800000u) { return sign | ((size - 0x38000000u + 0xfffu + ((size >> 13u) & 1u)) >> 13u); }
  if (size < 0x33000000u) { return sign; }
  let shift = 126u - (size >> 23u);
  let mantissa = (size & 0x7fffffu) | 0x800000u;
  let half = 1u << (shift - 1u);
  return sign | ((mantissa + half - 1u + ((mantissa >> shift) & 1u)) >> shift);
}`;

/** Each function's text, by name; a function is printed with those its text calls. */
const library: Readonly<Record<string, string>> = {
  rounded,
  is_nan: isNan,
  order_of: orderOf,
  max_nan: maxNan,
  min_nan: minNan,
  div_i32: divI32,
  rem_i32: remI32,
  div_u32: divU32,
  rem_u32: remU32,
  pow_u32: powU32,
  pow_i32: powI32,
  mulhi,
  to_i32: toI32,
  to_u32: toU32,
  f32_of_u32: f32OfU32,
  rem_f32: remF32,
  from_float16: fromFloat16,
  to_float16: toFloat16,
};

/** The functions some text calls, and those they call. */
export function functionsFor(text: string): string[] {
  const needed = new Set<string>();
  const visit = (source: string): void => {
    for (const [name, body] of Object.entries(library)) {
      if (needed.has(name) || !new RegExp(`\\b${name}\\(`).test(source)) continue;
      needed.add(name);
      visit(body);
    }
  };
  visit(text);
  return Object.entries(library).flatMap(([name, body]) => (needed.has(name) ? [body] : []));
}
