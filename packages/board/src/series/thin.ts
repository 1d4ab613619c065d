/**
 * Which points of `values[from..to)` show its shape in a picture `buckets` wide: of each bucket the first, lowest, highest and last one, and
 * the first that is no number, so that no spike, no gap and no end is lost. All of them where there are no more than that.
 *
 * @returns ascending indices, at most five per bucket
 */
export function thin(values: ArrayLike<number>, buckets: number, from = 0, to = values.length): Uint32Array {
  const length = Math.max(0, to - from);
  if (length <= buckets * 4) return Uint32Array.from({ length }, (_, k) => from + k);

  const kept = new Uint32Array(buckets * 5);
  let count = 0;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const start = from + Math.floor((bucket * length) / buckets);
    const end = from + Math.floor(((bucket + 1) * length) / buckets);
    let low = start;
    let high = start;
    let broken = -1;
    for (let k = start; k < end; k += 1) {
      const value = values[k] ?? Number.NaN;
      if (!Number.isFinite(value)) broken = broken < 0 ? k : broken;
      // Written so that a first value that is no number gives way.
      if (!(value >= (values[low] ?? 0))) low = Number.isNaN(value) ? low : k;
      if (!(value <= (values[high] ?? 0))) high = Number.isNaN(value) ? high : k;
    }
    const wanted = [start, low, high, end - 1];
    if (broken >= 0) wanted.push(broken);
    for (const k of wanted.sort((a, b) => a - b)) {
      if (count === 0 || k > (kept[count - 1] ?? 0)) {
        kept[count] = k;
        count += 1;
      }
    }
  }
  return kept.subarray(0, count);
}

/** Which of `length` things to keep when there is room for `limit`: the first, the last, and as many between, evenly. */
export function spread(length: number, limit: number): Uint32Array {
  if (length <= limit) return Uint32Array.from({ length }, (_, k) => k);
  if (limit <= 1) return Uint32Array.of(length - 1).subarray(0, limit);
  return Uint32Array.from({ length: limit }, (_, k) => Math.round((k * (length - 1)) / (limit - 1)));
}
