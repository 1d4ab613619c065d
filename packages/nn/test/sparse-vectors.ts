import { readFileSync } from "node:fs";
import { type DType, type Tensor, tensor } from "@anneal/tensor";
import { expect } from "vitest";
import type { AnyModule } from "./any-module.ts";
import {
  build,
  expectNumbers,
  makeTensor,
  type Numbers,
  type Spec,
  type State,
  stateOf,
  type Tolerance,
} from "./vectors.ts";

interface Rows {
  readonly indices: readonly number[];
  readonly values: Numbers;
}

export interface SparseCase {
  readonly name: string;
  readonly layer: Spec;
  /** Integers, in lists of lists or lists or alone. */
  readonly inputs: readonly (number | readonly number[] | readonly (readonly number[])[])[];
  readonly factors: Numbers | null;
  readonly stateDict: State;
  /** What the outputs are multiplied by before they are summed. */
  readonly weights: Numbers;
  /** After each backward pass the gradient so far, and the weight after a step of SparseAdam with a rate of 0.1. */
  readonly steps: readonly { readonly gradient: Rows; readonly weight: Numbers }[];
}

// Made by reference/families/sparse-embedding.py.
const file = new URL("../reference/sparse-embedding.json", import.meta.url);

export const sparse = JSON.parse(readFileSync(file, "utf8")) as Tolerance & { readonly cases: readonly SparseCase[] };

/** The layer of a case, and the loss whose gradient is by rows. */
export function sparseProblem(
  test: SparseCase,
  dtype: DType,
): { layer: AnyModule; weight: Tensor; loss: () => Tensor } {
  const layer = build(test.layer, dtype);
  layer.loadStateDict(stateOf(test.stateDict));
  const [weight] = layer.parameters();
  if (!weight) throw new Error(`${test.name} has no weight`);
  const inputs: unknown[] = test.inputs.map((each) => tensor(each, { dtype: "int32" }));
  const floats = (data: Numbers, shape: readonly number[]) => makeTensor({ dtype: "float32", shape, data }, dtype);
  if (test.factors) inputs.push({ perSampleWeights: floats(test.factors, [test.factors.length]) });
  const loss = (): Tensor => {
    const output = layer.forward(...inputs) as Tensor;
    return output.mul(floats(test.weights, output.shape)).sum();
  };
  return { layer, weight, loss };
}

/** That the gradient of `weight` is by rows, and which rows those are, each once and in ascending order. */
export async function expectRows(weight: Tensor, { indices, values }: Rows, tolerance: Tolerance): Promise<void> {
  const gradient = weight.peekGrad();
  if (gradient === null || !("values" in gradient)) return expect.fail("the gradient is not by rows");
  const named = [...new Set(Array.from(await gradient.indices.data(), Number))].sort((a, b) => a - b);
  expect(named).toEqual(indices);
  const rows = weight.grad?.indexSelect(0, tensor(named, { dtype: "int32" }));
  await expectNumbers("the rows of the gradient", rows, values, tolerance);
}
