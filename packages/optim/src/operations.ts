import type { Formula } from "@anneal/kernel";
import type { Parameter } from "./parameter.ts";

/**
 * What a host may offer beside rules, for optimizers whose step is more than the same formula at every element. They are made for a
 * parameter, and compute in its precision; `T` is what its host keeps numbers in, with their shape.
 *
 * A host offers what it can: each optimizer says which it needs, and refuses parameters that lack one.
 */
export interface Operations<T = unknown> {
  /** The parameter's own numbers. Only looked at. */
  readonly value: T;
  /** The distance from 1 to the next larger number of its precision. */
  readonly epsilon: number;
  /** A new array: `formula` over arrays whose shapes broadcast. */
  compute(formula: Formula, inputs: readonly T[], scalars?: readonly number[]): T;
  /** The product of two matrices, or of their transposes, with sums of at least float32. */
  matmul(a: T, b: T, transposed?: { readonly a?: boolean; readonly b?: boolean }): T;
  /** The elements of all of them, one after the other, in one dimension. */
  flatten(parts: readonly T[]): T;
  /** `shape` elements of a flat array, from `start` on. */
  slice(flat: T, start: number, shape: readonly number[]): T;
  /** Put `value` into a state slot of its shape, where it stays. */
  assign(slot: T, value: T): void;
  /** The number in a scalar, as a promise where the host cannot know it at once. */
  read(scalar: T): number | Promise<number>;
  /** Run `body`, and free every array made in it, state slots excepted. */
  scope<Result>(body: () => Result): Result;
}

type OperationName = keyof Operations;

/** Who needs which. Optimizers that are not here need only rules. */
const needs = {
  Adafactor: ["compute", "value", "epsilon", "assign", "scope"],
  LAMB: ["compute", "value", "scope"],
  LBFGS: ["compute", "value", "flatten", "slice", "assign", "read", "scope"],
  Muon: ["compute", "matmul", "scope"],
  SAM: ["compute", "value", "scope"],
} as const satisfies Record<string, readonly OperationName[]>;

const lacks = ({ operations }: Parameter, name: OperationName): boolean => operations?.[name] === undefined;

/** @throws {TypeError} if the host of one of `params` lacks an operation that the optimizer needs */
export function requireOperations(optimizer: keyof typeof needs, params: readonly Parameter[]): void {
  for (const parameter of params) {
    const missing = needs[optimizer].find((name) => lacks(parameter, name));
    if (missing === undefined) continue;
    const possible = Object.entries(needs).filter(([, names]) => !names.some((name) => lacks(parameter, name)));
    const named = possible.length > 0 ? `${possible.map(([name]) => name).join(", ")} and ` : "";
    throw new TypeError(
      `${optimizer}: a parameter of shape [${parameter.shape.join(", ")}] has no operation ${missing}, which ${optimizer} needs of its ` +
        `host (Parameter.operations). It can be trained by ${named}all that need only update rules, such as AdamW and SGD.`,
    );
  }
}

/** The operations of a parameter that {@link requireOperations} has let pass. */
export const operationsOf = ({ operations }: Parameter): Operations => operations as Operations;
