import { type ArrayParameter, arrayParameter, type FloatArray } from "../src/index.ts";
import type { Host } from "./trajectories.ts";

export const arrays = { float32: Float32Array, float64: Float64Array };

/** Typed arrays. */
export const arrayHost: Host<ArrayParameter> = {
  make: (numbers, shape, dtype) => arrayParameter<FloatArray>(arrays[dtype].from(numbers), { shape }),
  giveGradient: (parameter, numbers) => {
    parameter.grad = numbers && arrays[parameter.dtype].from(numbers);
  },
  numbersOf: ({ data }) => data,
  slotOf: (saved) => saved as { shape: number[]; data: FloatArray },
};
