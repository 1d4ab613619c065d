import { cat, scope, type Tensor, where } from "@anneal/tensor";
import type { Cell, State } from "./cell.ts";

/** What a sequence of steps is computed from, and has gradients for. */
export interface Inputs {
  /** The input's part of the gates, x · weight_ihᵀ and biases, [L, N, G · H]. */
  readonly gates: Tensor;
  /** weight_hh, [G · H, P] */
  readonly weight: Tensor;
  /** The state before the first step. */
  readonly h: Tensor;
  readonly c: Tensor | null;
  /** bias_hh where the cell has a use of its own for it, [G · H]. */
  readonly bias: Tensor | null;
  /** weight_hr, [P, H] */
  readonly projection: Tensor | null;
}

/** In which order, and when. */
export interface Course {
  /** From the last step to the first. */
  readonly reverse: boolean;
  /** Which steps there are for each sequence, [L, N, 1], bool: at others its state stays. Null: all. */
  readonly mask: Tensor | null;
}

/** What the steps gave, each by its time. */
export interface Trace {
  readonly hs: Tensor[];
  /** Empty but for an LSTM. */
  readonly cs: Tensor[];
  /** h · weight_hhᵀ of the state before; empty if it is not remembered. */
  readonly hidden: Tensor[];
}

/** Times in the order of the steps. */
export function stepOrder(length: number, reverse: boolean): number[] {
  const times = Array.from({ length }, (_, t) => t);
  return reverse ? times.reverse() : times;
}

/**
 * Take every step. With ops that have gradients, if they are recorded.
 *
 * @param remember - keep what `gradientOfSteps` needs
 */
export function takeSteps(cell: Cell, inputs: Inputs, { reverse, mask }: Course, remember: boolean): Trace {
  const { gates, weight, bias, projection } = inputs;
  const trace: Trace = { hs: [], cs: [], hidden: [] };
  const [across, out] = [weight.T, projection?.T];
  let before: State = inputs;
  for (const t of stepOrder(gates.shape[0] as number, reverse)) {
    const present = mask?.select(0, t);
    const kept = (after: Tensor, old: Tensor): Tensor => (present ? where(present, after, old) : after).realize();
    const step = scope(() => {
      const hidden = before.h.matmul(across);
      const { h, c } = cell.step({ input: gates.select(0, t), hidden, bias, before });
      return {
        hidden: remember ? hidden : null,
        h: kept(out ? h.matmul(out) : h, before.h),
        c: c && kept(c, before.c as Tensor),
      };
    });
    trace.hs[t] = step.h;
    if (step.hidden) trace.hidden[t] = step.hidden;
    if (step.c) trace.cs[t] = step.c;
    before = step;
  }
  return trace;
}

export interface Results {
  /** h after each step, [L, N, P]. */
  readonly output: Tensor;
  /** The state after the last step. */
  readonly last: State;
}

/** h after each step and, for an LSTM, c after the last, in one row: an op has one result. */
export function pack({ hs, cs }: Trace, reverse: boolean): Tensor {
  const last = cs.at(reverse ? 0 : -1);
  return cat([...hs, ...(last ? [last] : [])].map((each) => each.flatten()));
}

/** @param like - a state of the shape of the last one */
export function unpack(packed: Tensor, length: number, like: State, reverse: boolean): Results {
  const size = length * like.h.numel;
  const output = packed.narrow(0, 0, size).reshape([length, ...like.h.shape]);
  const c = like.c && packed.narrow(0, size, like.c.numel).reshape(like.c.shape);
  return { output, last: { h: output.select(0, reverse ? 0 : -1), c } };
}
