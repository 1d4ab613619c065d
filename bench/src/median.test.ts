import { expect, it } from "vitest";
import { median } from "./median.ts";

it("takes the middle of an odd number of values, and the mean of the middle two of an even number", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: median: of no values. Measure at least once.]`,
  );
});
