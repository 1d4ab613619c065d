import { describe, expect, it } from "vitest";
import { markPureCalls } from "./pure-calls.ts";

const mark = (code: string): string => markPureCalls(code, "module.ts").code;

describe("markPureCalls", () => {
  it("marks the calls that give a module its values", () => {
    expect(mark("export const a = make(1);")).toBe("export const a = /* @__PURE__ */ make(1);");
    expect(mark("const a: Set<string> = new Set([x]);")).toBe("const a: Set<string> = /* @__PURE__ */ new Set([x]);");
    expect(mark("const a = { b: new Map(), c: [f()] };")).toBe(
      "const a = { b: /* @__PURE__ */ new Map(), c: [/* @__PURE__ */ f()] };",
    );
  });

  it("makes one call of several that follow from each other", () => {
    expect(mark("const a = new Array(2).fill(0);")).toBe("const a = /* @__PURE__ */ (() => new Array(2).fill(0))();");
    expect(mark("const a = f(g(1));")).toBe("const a = /* @__PURE__ */ (() => f(g(1)))();");
  });

  it("leaves alone what is done later, what is marked already, and statements", () => {
    for (const code of [
      "const f = () => g(1);",
      "function f() { const a = g(1); }",
      "class A { static b = f(); }",
      "const a = /* @__PURE__ */ f();",
      "register(1);",
    ]) {
      expect(mark(code)).toBe(code);
    }
  });
});
