import { describe, expect, it } from "vitest";
import { expectAnchors } from "../test/anchors.ts";
import { testOptimizer } from "../test/optimizer-suite.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adamw.ts";
import { arrayParameter } from "./array-parameter.ts";

testOptimizer("AdamW", {
  make: (params, options) => new AdamW(params, options),
  parabola: { lr: 0.1 },
  rosenbrock: { lr: 0.02 },
  undecayed: { weightDecay: 0 },
});

describe("AdamW", () => {
  it("goes where PyTorch goes", () => {
    expectAnchors((params) => new AdamW(params, { lr: 0.1 }), [0.899000002, 0.871467298706, 0.804784672376]);
  });

  it("decays the parameter by lr * weightDecay under a zero gradient, and nothing else", () => {
    const w = arrayParameter(Float64Array.of(2));
    w.grad = Float64Array.of(0);
    new AdamW([w], { lr: 0.1, weightDecay: 0.5 }).step();
    expect(w.data[0]).toBeCloseTo(2 * (1 - 0.1 * 0.5), 14);
  });

  it("stays decoupled when it loads what Adam saved", () => {
    const w = arrayParameter(Float64Array.of(1));
    const optimizer = new AdamW([w]);
    optimizer.loadStateDict(new Adam([w]).stateDict());
    expect(optimizer.paramGroups[0]?.decoupledWeightDecay).toBe(true);
    expect(optimizer.paramGroups[0]?.weightDecay).toBe(0);
  });
});
