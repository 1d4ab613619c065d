import { expect, it } from "vitest";
import { reference } from "../../test/summary-writer.ts";
import { pythonNumber } from "./python-number.ts";

it("writes numbers as Python does", () => {
  expect(reference.pythonNumbers.map(([value]) => pythonNumber(value))).toEqual(
    reference.pythonNumbers.map(([, text]) => text),
  );
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(pythonNumber)).toEqual([
    "nan",
    "inf",
    "-inf",
  ]);
});
