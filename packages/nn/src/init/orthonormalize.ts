/**
 * Vectors at right angles to each other, of length 1, that span what the first, the first two, ... of the given ones span, each on the
 * side of the one it comes from: the columns of Q in A = QR with R's diagonal above 0. By Householder's reflections, which keep the
 * angles right to the last digits, however close to each other the given vectors are.
 *
 * @param vectors - one after the other, at most as many as they are long
 * @param length - of each
 */
export function orthonormalize(vectors: Float64Array, length: number): Float64Array {
  const mirrors = vectors.slice();
  const count = mirrors.length / length;
  const at = (list: Float64Array, i: number): Float64Array => list.subarray(i * length, (i + 1) * length);
  const signs: number[] = [];
  const weights: number[] = [];
  for (let k = 0; k < count; k++) {
    const mirror = at(mirrors, k);
    const size = Math.sqrt(dot(mirror, mirror, k));
    const first = mirror[k] as number;
    // The mirror looks to the vector's own side of the axis, so that nothing cancels; the image is on the other side.
    signs.push(first < 0 ? 1 : -1);
    mirror[k] = first < 0 ? first - size : first + size;
    weights.push(size === 0 ? 0 : 1 / (size * (size + Math.abs(first))));
    for (let j = k + 1; j < count; j++) reflect(at(mirrors, j), mirror, weights[k] as number, k);
  }
  const result = new Float64Array(mirrors.length);
  for (let k = count - 1; k >= 0; k--) {
    result[k * length + k] = 1;
    for (let j = k; j < count; j++) reflect(at(result, j), at(mirrors, k), weights[k] as number, k);
  }
  return result.map((each, i) => each * (signs[Math.floor(i / length)] as number));
}

/** Over the coordinates from `start` on. */
function dot(a: Float64Array, b: Float64Array, start: number): number {
  let sum = 0;
  for (let i = start; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Reflect `vector` in the plane at right angles to `mirror`, whose coordinates before `start` count as 0.
 *
 * @param weight - 2 / |mirror|²
 */
function reflect(vector: Float64Array, mirror: Float64Array, weight: number, start: number): void {
  const factor = weight * dot(vector, mirror, start);
  for (let i = start; i < vector.length; i++) vector[i] = (vector[i] as number) - factor * (mirror[i] as number);
}
