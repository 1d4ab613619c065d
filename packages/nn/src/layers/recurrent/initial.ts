import { empty } from "@anneal/tensor";
import { Parameter } from "../../module/parameter.ts";

/** Weights and biases of recurrent layers all start uniform in ±1/√hiddenSize. */
export function uniformByHidden(shape: readonly number[], hiddenSize: number): Parameter {
  const bound = 1 / Math.sqrt(hiddenSize);
  return new Parameter(empty(shape).uniform_(-bound, bound));
}
