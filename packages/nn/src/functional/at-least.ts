import { record, type Tensor } from "@anneal/tensor";

/** The larger of `x` and `least`. The gradient goes through as if nothing had happened: that of a clamp would vanish below. */
export const atLeast = (x: Tensor, least: number): Tensor =>
  record("atLeast", [x], x.detach().clamp({ min: least }), [], (grad) => [grad]);
