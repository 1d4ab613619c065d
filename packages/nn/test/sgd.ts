import type { Rule } from "@anneal/tensor";
import type { Parameter } from "../src/index.ts";

const part = { type: "f32", args: [], value: 0 } as const;
const [parameter, gradient, lr] = [
  { ...part, op: "load" },
  { ...part, op: "load", value: 1 },
  { ...part, op: "arg" },
] as const;

/** `θ - lr * grad` as plain data: what an optimizer hands to a parameter. */
const rule: Rule = {
  name: "sgd",
  state: [],
  scalars: ["lr"],
  updates: [
    { slot: 0, value: { ...part, op: "sub", args: [parameter, { ...part, op: "mul", args: [lr, gradient] }] } },
  ],
};

/** The least that is an optimizer. */
export function sgdStep(parameters: Iterable<Parameter>, rate: number): void {
  for (const each of parameters) if (each.grad) each.update(rule, [], [rate]);
}
