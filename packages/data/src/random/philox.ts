/** Four 32-bit words. */
export type Words = readonly [number, number, number, number];

/**
 * Philox4x32-10: four random 32-bit words from a counter and a key. Counter-based: any word can be asked for, in any order.
 *
 * @see {@link https://doi.org/10.1145/2063384.2063405 | Parallel random numbers: as easy as 1, 2, 3, Salmon et al. 2011}
 */
export function philox(counter: Words, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = product(0xd2511f53, c0);
    const [high1, low1] = product(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The high and low word of a 64-bit product, from products of 16-bit halves, which a double holds exactly. */
function product(a: number, b: number): [high: number, low: number] {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const first = aHigh * bLow + ((aLow * bLow) >>> 16);
  const second = aLow * bHigh + (first & 0xffff);
  return [aHigh * bHigh + Math.floor(first / 65536) + Math.floor(second / 65536), Math.imul(a, b) >>> 0];
}
