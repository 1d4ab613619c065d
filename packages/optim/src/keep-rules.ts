import type { Rule } from "@anneal/kernel";
import { defineRule } from "./define-rule.ts";

/** A slot takes what the parameter is now. */
export const keepRule: Rule = defineRule({
  name: "keep",
  state: ["kept"],
  scalars: [],
  update: ({ param }) => ({ kept: param }),
});

/** The parameter is again what the slot took. */
export const restoreRule: Rule = defineRule({
  name: "restore",
  state: ["kept"],
  scalars: [],
  update: ({ kept }) => ({ param: kept }),
});
