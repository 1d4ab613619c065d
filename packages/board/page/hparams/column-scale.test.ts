import { expect, it } from "vitest";
import { columnScale } from "./column-scale.ts";

it("numbers lie by size, on a logarithmic axis if they span more than two powers of ten", () => {
  const batch = columnScale([32, 64, 96]);
  expect([32, 64, 96].map(batch.at)).toEqual([0, 0.5, 1]);
  const rates = columnScale([1e-5, 1e-3, 1e-1]);
  // Logarithms in float64, so to 12 digits.
  expect(rates.at(1e-3)).toBeCloseTo(0.5, 12);
});

it("words and truth values lie evenly, sorted", () => {
  const scale = columnScale(["sgd", "adam", "lion", "sgd"]);
  expect(["adam", "lion", "sgd"].map(scale.at)).toEqual([0, 0.5, 1]);
  expect(columnScale([true, false]).ticks.map(({ label }) => label)).toEqual(["false", "true"]);
});

it("what is no number has no place among numbers", () => {
  expect(columnScale([1, 2, 3, Number.NaN]).at(Number.NaN)).toBeUndefined();
  expect(columnScale([1, 2, 3]).at("many")).toBeUndefined();
});
