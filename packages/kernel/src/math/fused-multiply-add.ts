/**
 * a * b + c for float32 numbers, rounded once to float32.
 *
 * The product is exact in float64; the sum may lie so close to the middle of two float32 numbers that float64 rounds it onto the middle.
 * Then what float64 rounded off decides.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const result = Math.fround(sum);
  const distance = sum - result;
  if (distance === 0) return result;
  const other = result + 2 * distance;
  if (Math.fround(other) !== other) return result;
  const back = sum - product;
  const lost = product - (sum - back) + (c - back);
  return lost !== 0 && lost > 0 === distance > 0 ? other : result;
}
