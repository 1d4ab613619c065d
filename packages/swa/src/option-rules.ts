import type { Rule } from "@anneal/schedulers";

export const callable: Rule = (value) => typeof value !== "function" && "a function";

export const flag: Rule = (value) => typeof value !== "boolean" && "true or false";
