import { describe, expect, it } from "vitest";
import { testOwnScheduler } from "../test/scheduler-suite.ts";
import { WSDLR, wsdLR } from "./wsd-lr.ts";

testOwnScheduler("WSDLR", {
  make: (optimizer, options) => new WSDLR(optimizer, options),
  schedule: wsdLR,
  cases: [
    { warmupSteps: 3, stableSteps: 5, decaySteps: 4 },
    { warmupSteps: 2, stableSteps: 0, decaySteps: 6, startFactor: 0.5, etaMin: 0.01, annealStrategy: "cos" },
    { warmupSteps: 0, stableSteps: 4, decaySteps: 5, annealStrategy: "1-sqrt" },
    { warmupSteps: 0, stableSteps: 0, decaySteps: 0 },
  ],
});

describe("wsdLR", () => {
  it.each([
    ["linear", (t: number) => 1 - t],
    ["cos", (t: number) => (1 + Math.cos(Math.PI * t)) / 2],
    ["1-sqrt", (t: number) => 1 - Math.sqrt(t)],
  ] as const)("warms up, is stable, and decays (%s)", (annealStrategy, decay) => {
    const at = wsdLR({ lr: 0.1, warmupSteps: 4, stableSteps: 10, decaySteps: 5, etaMin: 0.02, annealStrategy });
    for (let step = 0; step < 25; step++) {
      const factor = step < 4 ? step / 4 : step < 14 ? 1 : decay(Math.min(1, (step - 14) / 5));
      expect(at(step)).toBeCloseTo(0.02 + 0.08 * factor, 12);
    }
  });

  it("refuses a way down that it does not know", () => {
    const options = { lr: 1, warmupSteps: 1, stableSteps: 1, decaySteps: 1, annealStrategy: "sqrt" };
    expect(() => Reflect.apply(wsdLR, null, [options])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: wsdLR: annealStrategy must be one of linear, cos, 1-sqrt, got sqrt.]`,
    );
  });
});
