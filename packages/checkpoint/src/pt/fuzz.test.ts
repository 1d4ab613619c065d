import { expect, it } from "vitest";
import { fuzzPt } from "../../test/fuzz-pt.ts";

it("reads or refuses 2,000 damaged files and pickles of chance, and does nothing else", async () => {
  const { read, refused, longest } = await fuzzPt(2000, 1);
  expect(read + refused).toBe(2000);
  // Both ways are gone: neither is everything refused at the door nor does everything pass.
  expect(Math.min(read, refused)).toBeGreaterThan(100);
  // A hang, not a measure of speed.
  expect(longest).toBeLessThan(5000);
});
