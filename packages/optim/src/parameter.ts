import type { Rule } from "@anneal/kernel";
import type { Operations } from "./operations.ts";
import type { RowGradient } from "./row-gradient.ts";

/**
 * What an optimizer needs of a parameter: its shape, its gradient, and that it can run an update rule on itself. `T` is what its host
 * keeps numbers in.
 */
export interface Parameter<T = unknown> {
  readonly shape: readonly number[];
  /**
   * The precision of its numbers: to that of `"float64"`, or else to that of float32, optimizers round the numbers that PyTorch keeps in
   * tensors of one element.
   */
  readonly dtype?: string;
  /** The gradient, of all elements or of some rows, or null where there is none: the parameter is then left out of the step. */
  grad: T | RowGradient<T> | null;
  /** The gradient, only looked at: for a host that frees a gradient as soon as it is dropped, unless somebody was given it. */
  peekGrad?(): T | RowGradient<T> | null;
  /** False for a result of other tensors, which cannot be optimized (unless `retainsGrad`). */
  readonly isLeaf?: boolean;
  readonly retainsGrad?: boolean;
  /** What optimizers can ask of the host that is more than a formula for each element: as many of the operations as it offers. */
  readonly operations?: Partial<Operations<T>>;
  /**
   * A new state slot, all zeros, shaped like this parameter unless `shape` says otherwise. It lives as long as the optimizer holds it: no
   * memory scope may free it.
   */
  zeros(shape?: readonly number[]): T;
  /**
   * Run `rule` on this parameter, its gradient and its state, in place. A gradient by rows is zero in all others. Without a gradient only a
   * rule runs that has no use for it (`usesGradient`). The caller reuses the arrays `state` and `scalars`: a host that computes later must
   * copy the scalars.
   *
   * @param state - one slot for each of `rule.state`
   * @param scalars - one number for each of `rule.scalars`
   */
  update(rule: Rule, state: readonly T[], scalars: readonly number[]): void;
  /** Run `rule` as `update` does, but only on the rows that the gradient names. A host without it takes no gradients by rows. */
  updateRows?(rule: Rule, state: readonly T[], scalars: readonly number[]): void;
  /** An independent copy of a state slot, with its shape, for a state dict: the caller's, as any other value. */
  saveState(slot: T): unknown;
  /**
   * A new state slot, owned as those of `zeros` are, from a saved one: this host's own, or `{ shape, data }` with the numbers of another.
   *
   * @param where - names the value in error messages
   * @param shape - what its shape must be (default: this parameter's)
   * @throws {TypeError} if `saved` is not a tensor
   * @throws {RangeError} if its shape is another
   */
  loadState(saved: unknown, where: string, shape?: readonly number[]): T;
}

export function isParameter(value: unknown): value is Parameter {
  if (typeof value !== "object" || value === null) return false;
  const { shape, update, zeros } = value as Partial<Parameter>;
  return Array.isArray(shape) && typeof update === "function" && typeof zeros === "function";
}

/** The gradient, only looked at. */
export const gradientOf = (parameter: Parameter): unknown =>
  parameter.peekGrad ? parameter.peekGrad() : (parameter.grad ?? null);

/** Has it a gradient, so that a step is for it too? */
export const hasGradient = (parameter: Parameter): boolean => gradientOf(parameter) !== null;

/** `value` as a tensor of one element beside this parameter would hold it. */
export const roundedFor = ({ dtype }: Parameter, value: number): number =>
  dtype === "float64" ? value : Math.fround(value);
