import { expect } from "vitest";
import { type ArrayParameter, arrayParameter, type Optimizer } from "../src/index.ts";

/**
 * θ = 1 under gradients 0.5, -0.25 and 1, after each of the three steps.
 *
 * @param expected - recorded from torch in float64, to 12 digits
 */
export function expectAnchors(make: (params: ArrayParameter[]) => Optimizer, expected: readonly number[]): void {
  const w = arrayParameter(Float64Array.of(1));
  const optimizer = make([w]);
  [0.5, -0.25, 1].forEach((gradient, k) => {
    w.grad = Float64Array.of(gradient);
    optimizer.step();
    expect(w.data[0]).toBeCloseTo(expected[k] ?? Number.NaN, 11);
  });
}
