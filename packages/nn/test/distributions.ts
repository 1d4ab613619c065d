import { erf, type Tensor, tensor } from "@anneal/tensor";
import { expect } from "vitest";

// Samples are drawn from fixed seeds, so a test passes always or never. With another seed, or another generator, a right distribution
// would be called wrong once in a million times: sums of n numbers are within 4.9 standard deviations of their mean with that
// probability, and the Kolmogorov-Smirnov distance is below √(ln(2e6) / 2n).

/** The numbers of a tensor, smallest first. */
export const sortedNumbers = (x: Tensor): Float64Array => Float64Array.from(x.dataSync(), Number).sort();

/** The probability of a standard normal number to be below `z`. */
export const normalCdf = (z: number): number =>
  (1 + erf(tensor(z * Math.SQRT1_2, { dtype: "float64" })).itemSync()) / 2;

/** The sample may come from the distribution whose probabilities to be below a number `cdf` gives. */
export function expectDistribution(x: Tensor, cdf: (value: number) => number): void {
  const numbers = sortedNumbers(x);
  const count = numbers.length;
  let distance = 0;
  // Steps of the sample's own distribution; a thousand of them find the largest distance but for a thousandth.
  const step = Math.max(1, Math.floor(count / 1000));
  for (let i = 0; i < count; i += step) {
    const expected = cdf(numbers[i] as number);
    distance = Math.max(distance, Math.abs(expected - i / count), Math.abs(expected - (i + 1) / count));
  }
  expect(distance).toBeLessThan(Math.sqrt(Math.log(2e6) / (2 * count)));
}

/** The sample may have this mean and this standard deviation. */
export function expectMoments(x: Tensor, mean: number, std: number): void {
  const numbers = sortedNumbers(x);
  const count = numbers.length;
  const average = numbers.reduce((sum, each) => sum + each, 0) / count;
  const variance = numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0) / count;
  expect(Math.abs(average - mean)).toBeLessThan((4.9 * std) / Math.sqrt(count));
  // The deviation of a square is √2 of the variance for normal numbers, less for those of an interval.
  expect(Math.abs(variance / std ** 2 - 1)).toBeLessThan(4.9 * Math.sqrt(2 / count));
}
