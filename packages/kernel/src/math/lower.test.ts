import { describe, expect, test } from "vitest";
import * as e from "../expr.ts";
import { lowerTranscendentals } from "./lower.ts";

function nodesOf(expr: e.Expr, seen: Set<e.Expr> = new Set()): Set<e.Expr> {
  if (!seen.has(expr)) {
    seen.add(expr);
    for (const a of expr.args) nodesOf(a, seen);
  }
  return seen;
}
const opsOf = (expr: e.Expr): Set<e.Op> => new Set([...nodesOf(expr)].map(({ op }) => op));

const transcendentals = ["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "tanh"] as const;
const all = [...transcendentals, "sinh", "cosh", "erf"] as const;

describe("lowerTranscendentals", () => {
  test("leaves no float32 transcendental", () => {
    const x = e.load(0);
    const sum = all.map((op) => e.unary(op, x)).reduce(e.add);
    const lowered = lowerTranscendentals(e.binary("pow", sum, e.binary("atan2", x, sum)));
    const left = [...opsOf(lowered)].filter((op) => [...all, "pow", "atan2"].some((name) => name === op));
    expect(left).toEqual([]);
  });

  test("leaves float64 to the host, but for erf, which it has not", () => {
    const x = e.load(0, "f64");
    for (const op of all.filter((op) => op !== "erf")) {
      const node = e.unary(op, x);
      expect(lowerTranscendentals(node)).toBe(node);
    }
    const erf = opsOf(lowerTranscendentals(e.unary("erf", x)));
    expect(erf.has("erf")).toBe(false);
    expect(erf.has("exp")).toBe(true);
  });

  test("returns what it need not change, and shares what was shared", () => {
    const x = e.load(0);
    const plain = e.madd(x, e.f32(2), x);
    expect(lowerTranscendentals(plain)).toBe(plain);
    const exp = e.exp(plain);
    const both = lowerTranscendentals(e.add(exp, e.mul(exp, e.f32(2))));
    expect(both.args[1]?.args[0]).toBe(both.args[0]);
    const seen = new Map<e.Expr, e.Expr>();
    expect(lowerTranscendentals(e.neg(exp), seen).args[0]).toBe(lowerTranscendentals(exp, seen));
  });

  test("takes a deep chain of shared nodes in one visit each", () => {
    let x: e.Expr = e.load(0);
    for (let i = 0; i < 60; i++) x = e.add(e.unary("tanh", x), x);
    // Without sharing this would be 2^60 visits.
    expect(nodesOf(lowerTranscendentals(x)).size).toBeLessThan(60 * 100);
  });

  test("constants are float32, so that every target holds the same ones", () => {
    const sum = all.map((op) => e.unary(op, e.load(0))).reduce(e.add);
    const nodes = [...nodesOf(lowerTranscendentals(e.binary("pow", sum, e.binary("atan2", sum, sum))))];
    const inexact = nodes.filter(({ op, type, value }) => op === "const" && type === "f32" && !isFloat32(value));
    expect(inexact).toEqual([]);
  });
});

const isFloat32 = (x: number): boolean => Object.is(Math.fround(x), x);
