import type { Formula } from "@anneal/kernel";
import { computeFormula } from "./array-formula.ts";
import { type FloatArray, newArray, type Shape, shaped, shapeOf, sizeOf, typeOf } from "./array-shape.ts";
import type { Operations } from "./operations.ts";

/** What {@link Operations} are for a typed array. */
export class ArrayOperations implements Operations<FloatArray> {
  readonly value: FloatArray;
  readonly epsilon: number;
  readonly #shape: Shape;

  constructor(value: FloatArray, shape: Shape) {
    this.value = value;
    this.epsilon = typeOf(value) === "float32" ? 2 ** -23 : Number.EPSILON;
    this.#shape = shape;
  }

  compute(formula: Formula, inputs: readonly FloatArray[], scalars: readonly number[] = []): FloatArray {
    const shaped = inputs.map((array) => {
      const shape = shapeOf(array, this.#shape);
      if (array.length !== sizeOf(shape)) {
        throw new RangeError(
          `arrayParameter: an array of ${array.length} elements stands where one of shape [${shape.join(", ")}] should. ` +
            "Give a gradient of the parameter's shape.",
        );
      }
      return { array, shape };
    });
    return computeFormula(formula, shaped, scalars, formula.dtype ?? typeOf(this.value));
  }

  matmul(a: FloatArray, b: FloatArray, { a: turnsA = false, b: turnsB = false } = {}): FloatArray {
    const [left, right] = [matrix(a, shapeOf(a, this.#shape), turnsA), matrix(b, shapeOf(b, this.#shape), turnsB)];
    const out = newArray(typeOf(a), [left.rows, right.columns]);
    // Rows of the product are sums of rows of b, gathered in float64.
    const sums = new Float64Array(right.columns);
    for (let i = 0; i < left.rows; i++) {
      sums.fill(0);
      for (let k = 0; k < left.columns; k++) {
        const factor = a[i * left.down + k * left.along] as number;
        for (let j = 0, at = k * right.down; j < right.columns; j++, at += right.along) {
          sums[j] = (sums[j] as number) + factor * (b[at] as number);
        }
      }
      out.set(sums, i * right.columns);
    }
    return out;
  }

  flatten(parts: readonly FloatArray[]): FloatArray {
    const flat = newArray(typeOf(this.value), [parts.reduce((sum, { length }) => sum + length, 0)]);
    let start = 0;
    for (const part of parts) {
      flat.set(part, start);
      start += part.length;
    }
    return flat;
  }

  slice(flat: FloatArray, start: number, shape: Shape): FloatArray {
    return shaped(flat.subarray(start, start + sizeOf(shape)), shape);
  }

  assign(slot: FloatArray, value: FloatArray): void {
    slot.set(value);
  }

  read(scalar: FloatArray): number {
    return Number(scalar[0]);
  }

  scope<Result>(body: () => Result): Result {
    return body();
  }
}

/** How to walk a matrix, or its transpose. */
function matrix(array: FloatArray, [rows = 1, columns = array.length]: Shape, turned: boolean) {
  return turned
    ? { rows: columns, columns: rows, down: 1, along: columns }
    : { rows, columns, down: columns, along: 1 };
}
