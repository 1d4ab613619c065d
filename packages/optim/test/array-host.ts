import { type ArrayParameter, arrayParameter, type FloatArray, rowGradient } from "../src/index.ts";
import type { RowHost } from "./row-suite.ts";

const arrays = { float32: Float32Array, float64: Float64Array };

/** Typed arrays. */
export const arrayHost: RowHost<ArrayParameter> = {
  make: (numbers, shape, dtype) => arrayParameter<FloatArray>(arrays[dtype].from(numbers), { shape }),
  giveGradient: (parameter, numbers) => {
    parameter.grad = numbers && arrays[parameter.dtype].from(numbers);
  },
  giveRows: (parameter, rows) => {
    parameter.grad = rows && rowGradient(rows.indices, arrays[parameter.dtype].from(rows.values));
  },
  numbersOf: ({ data }) => data,
  slotOf: (saved) => saved as { shape: number[]; data: FloatArray },
};
