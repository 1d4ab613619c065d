import { it } from "vitest";
import { fuzzPt } from "../../test/fuzz-pt.ts";

it("loads or refuses 2,000 files that nobody wrote on purpose", async () => {
  await fuzzPt({ numRuns: 1_000, seed: 1 });
});
