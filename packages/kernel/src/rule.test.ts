import { describe, expect, it } from "vitest";
import { type Expr, expr } from "./index.ts";
import { type Rule, usesGradient } from "./rule.ts";

const { add, arg, f32, load, mul } = expr;
const ruleOf = (slot: number, value: Expr): Rule => ({
  name: "rule",
  state: ["m"],
  scalars: ["lr"],
  updates: [{ slot, value }],
});

describe("usesGradient", () => {
  it("finds the gradient wherever the rule reads or writes it", () => {
    expect(usesGradient(ruleOf(0, add(load(0), mul(arg(0), load(1)))))).toBe(true);
    expect(usesGradient(ruleOf(1, f32(0)))).toBe(true);
  });

  it("does not take argument 1 or state for it", () => {
    expect(usesGradient(ruleOf(0, add(load(0), mul(arg(1), load(2)))))).toBe(false);
    expect(usesGradient(ruleOf(2, f32(1)))).toBe(false);
  });
});
