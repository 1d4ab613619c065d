import { expect, it } from "vitest";
import { hasRelaxedMadd } from "../features.ts";
import { measurePeak } from "./peak.ts";

it("runs its loop with and without relaxed madd, where the engine has it", () => {
  for (const relaxedMadd of hasRelaxedMadd() ? [true, false] : [false]) {
    expect(measurePeak({ relaxedMadd, tries: 1 })).toBeGreaterThan(0);
  }
});
