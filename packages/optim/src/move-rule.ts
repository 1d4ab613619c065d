import { expr, type Rule } from "@anneal/kernel";
import { defineRule } from "./define-rule.ts";

/** How a parameter is moved by what was computed for it as a whole: `θ * decay - move`. It has no use for the gradient. */
export const moveRule: Rule = defineRule({
  name: "move",
  state: ["move"],
  scalars: ["decay"],
  update: ({ param, move }, { decay }) => ({ param: expr.sub(expr.mul(param, decay), move) }),
});
