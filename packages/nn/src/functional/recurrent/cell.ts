import type { Tensor } from "@anneal/tensor";

/** What goes from step to step: h, [N, P], and for an LSTM c, [N, H]. Or that of all steps, [L, N, ...]. */
export interface State {
  readonly h: Tensor;
  readonly c: Tensor | null;
}

/** What a step is made from, [N, ...]; or all steps, [L, N, ...]. G gates of H numbers each. */
export interface StepInputs {
  /** x · weight_ihᵀ and biases, [..., G · H] */
  readonly input: Tensor;
  /** h · weight_hhᵀ, [..., G · H] */
  readonly hidden: Tensor;
  /** Added to `hidden`, [G · H], where {@link Cell.biasApart}. */
  readonly bias: Tensor | null;
  /** The state before. */
  readonly before: State;
}

/**
 * Gradients of a step as multiples of those of its new state, dh and for an LSTM dc. They follow from what the forward pass computed, so those
 * of all steps, [L, N, ...], come at once; what is left for the backward pass to do step by step is one product and a kernel or two.
 */
export interface Slopes {
  /** Of `hidden`, [L, N, G, H]: by dh; for an LSTM by dc, except the last gate. */
  readonly hidden: Tensor;
  /** Of `input`, by dh. Null: the same. */
  readonly input: Tensor | null;
  /** Of the h before, by dh, beside what comes through `hidden`, [L, N, H]. Null: nothing. */
  readonly h: Tensor | null;
  /** Of an LSTM's c: by dh the new one, by the new one's dc the one before; [L, N, H]. */
  readonly c: { readonly byH: Tensor; readonly before: Tensor } | null;
}

/** A kind of recurrent cell. */
export interface Cell {
  readonly name: string;
  /** G, the blocks of rows in its weights. */
  readonly gates: number;
  /** Is bias_hh more than another bias_ih? */
  readonly biasApart: boolean;
  /** Has its state a c beside h? */
  readonly hasC: boolean;
  /** The new state (its h before any projection), from ops that have gradients. */
  step(inputs: StepInputs): State;
  slopes(inputs: StepInputs, after: State): Slopes;
}

/** Of `all` parts of one size that lie side by side, `count` from number `first` on. */
export function parts(tensor: Tensor, first: number, count: number, all: number): Tensor {
  const size = (tensor.shape.at(-1) as number) / all;
  return tensor.narrow(-1, first * size, count * size);
}
