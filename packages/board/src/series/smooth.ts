/**
 * An exponential moving average that starts unbiased, as TensorBoard draws it: `s = s * weight + x * (1 - weight)`, divided by
 * `1 - weight ** n` after n values. What is no finite number stands as it is and counts for nothing, and a constant stays one.
 *
 * @param weight - from 0 (the values themselves) to below 1
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight === 0 || values.every((value) => value === values[0])) return values;
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let remaining = 1;
  for (let k = 0; k < values.length; k += 1) {
    const value = values[k] ?? Number.NaN;
    if (Number.isFinite(value)) {
      average = average * weight + value * (1 - weight);
      remaining *= weight;
      smoothed[k] = average / (1 - remaining);
    } else smoothed[k] = value;
  }
  return smoothed;
}
