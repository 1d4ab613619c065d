import { gradientOf, type Parameter } from "./parameter.ts";

/**
 * The gradient of some rows of a parameter, those of all others being zero: what a lookup in a table of embeddings leaves behind. A row is what
 * one index of dimension 0 selects. A row named more than once has the sum of its values.
 */
export interface RowGradient<T = unknown> {
  /** Which rows, as indices of dimension 0: numbers, or what the host keeps them in. */
  readonly indices: ArrayLike<number> | T;
  /** Their gradients, one row after the other, in what the parameter's host keeps numbers in. */
  readonly values: T;
}

/**
 * A gradient of some rows, for the `grad` of a parameter. `SparseAdam` takes only these; `SGD` and `Adagrad` take them beside dense ones.
 *
 * @param indices - the rows, as indices of dimension 0, in any order; those that come more than once are summed
 * @param values - their gradients, one row after the other
 * @throws {RangeError} if an index is negative or not whole; at a step, if it is not a row, or `values` is not a row for each index
 * @example
 * const embedding = arrayParameter(new Float32Array(8), { shape: [4, 2] });
 * const optimizer = new SGD([embedding], { lr: 0.5 });
 * embedding.grad = rowGradient([2, 0, 2], Float32Array.of(1, 1, 2, 2, 3, 3));
 * optimizer.step();
 * embedding.data; // => Float32Array [-1, -1, 0, 0, -2, -2, 0, 0]
 */
export function rowGradient<T>(indices: ArrayLike<number>, values: T): RowGradient<T> {
  for (let k = 0; k < indices.length; k++) {
    const row = indices[k];
    if (!(Number.isInteger(row) && Number(row) >= 0)) {
      throw new RangeError(`rowGradient: indices must be whole numbers from 0, got ${row} at position ${k}.`);
    }
  }
  return { indices, values };
}

export const isRowGradient = <T>(gradient: T | RowGradient<T> | null): gradient is RowGradient<T> =>
  typeof gradient === "object" && gradient !== null && "indices" in gradient && "values" in gradient;

const hasRowGradient = (parameter: Parameter): boolean => isRowGradient(gradientOf(parameter));

const shapeOf = ({ shape }: Parameter): string => `[${shape.join(", ")}]`;

/** @throws {TypeError} if one of `params` has a gradient by rows; `why` ends the message */
export function refuseRowGradients(where: string, params: readonly Parameter[], why: string): void {
  const refused = params.find(hasRowGradient);
  if (refused) {
    throw new TypeError(
      `${where}: a parameter of shape ${shapeOf(refused)} has a gradient by rows (rowGradient, or an embedding with sparse), ${why}`,
    );
  }
}

/** @throws {TypeError} if one of `params` has a gradient of all elements; `why` ends the message */
export function refuseDenseGradients(where: string, params: readonly Parameter[], why: string): void {
  const refused = params.find((parameter) => {
    const gradient = gradientOf(parameter);
    return gradient !== null && !isRowGradient(gradient);
  });
  if (refused) throw new TypeError(`${where}: a parameter of shape ${shapeOf(refused)} has a dense gradient, ${why}`);
}

/**
 * Run `rule` where there is a gradient: on all elements, or only on the rows that it names.
 *
 * @throws {TypeError} if the gradient is by rows, and the parameter's host cannot update single rows
 */
export function updateWhereGradient(
  where: string,
  parameter: Parameter,
  ...[rule, state, scalars]: Parameters<Parameter["update"]>
): void {
  if (!hasRowGradient(parameter)) parameter.update(rule, state, scalars);
  else if (parameter.updateRows) parameter.updateRows(rule, state, scalars);
  else {
    throw new TypeError(
      `${where}: a parameter of shape ${shapeOf(parameter)} has a gradient by rows (rowGradient), but its host has no updateRows. ` +
        "Give it a gradient of all elements.",
    );
  }
}
