import { type Device, type DType, OptionError, scope, Tensor, zeros } from "@anneal/tensor";
import { evaluate } from "../module/evaluate.ts";
import type { Module } from "../module/module.ts";
import { ModelSummary, type SummaryRow } from "./model-summary.ts";

export interface SummaryOptions {
  /** Of the inputs that are given as shapes. @defaultValue "float32" */
  readonly dtype?: DType;
  /** Where those inputs are. @defaultValue the device of the model's first parameter, or the default device */
  readonly device?: Device;
}

/** A shape, or a tensor: for inputs that are no floats, such as the numbers of words. */
export type SummaryInput = readonly number[] | Tensor;

/**
 * What a model consists of, layer by layer: shapes of the results, parameters, multiplications. The model runs once on zeros, in eval mode
 * and without gradients; its modes, parameters and statistics stay as they are.
 *
 * Multiply-accumulate operations (MACs) are those of matrix products and convolutions; what is done once for each element (activations,
 * normalization, pooling) and what `forward` does outside of layers is not counted.
 *
 * @param model - any module
 * @param inputs - the shape of its input with the batch dimension, or a list of shapes or tensors, one for each input
 * @returns `rows` and totals; `toString()` is the table
 * @throws {OptionError} if the model does not take such inputs
 * @example
 * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * const { parameters, macs } = summary(model, [1, 4]);
 * parameters; // => 58
 * macs; // => 48
 */
export function summary(
  model: Module,
  inputs: SummaryInput | readonly SummaryInput[],
  { dtype = "float32", device }: SummaryOptions = {},
): ModelSummary {
  const [first] = model.parameters();
  const place = device ?? first?.device;
  const given = isOne(inputs) ? [inputs] : inputs;
  const calls = new Map<Module, Call>();
  const handles = [...model.modules()].map((module) =>
    module.registerForwardHook((_, received, output) => {
      const before = calls.get(module);
      const macs = module.macs(received, output);
      calls.set(module, {
        shapes: shapesIn(output),
        macs: macs + (before?.macs ?? 0),
        times: (before?.times ?? 0) + 1,
      });
    }),
  );
  try {
    scope(() => {
      const tensors = given.map((each) =>
        each instanceof Tensor ? each : zeros([...each], { dtype, ...(place && { device: place }) }),
      );
      evaluate(model, () => void (model.forward as (...inputs: Tensor[]) => unknown).call(model, ...tensors));
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const shapes = given.map((each) => `[${(each instanceof Tensor ? each.shape : each).join(", ")}]`).join(", ");
    throw new OptionError(
      "summary",
      `${model.constructor.name} does not take inputs of ${shapes}: ${error.message}`,
      "Give the shape with its batch dimension, or tensors where the inputs are no floats.",
    );
  } finally {
    for (const handle of handles) handle.remove();
  }
  return new ModelSummary(rowsOf(model, calls));
}

interface Call {
  readonly shapes: readonly (readonly number[])[];
  readonly macs: number;
  readonly times: number;
}

const isOne = (inputs: SummaryInput | readonly SummaryInput[]): inputs is SummaryInput =>
  inputs instanceof Tensor || inputs.every((each) => typeof each === "number");

function shapesIn(value: unknown): (readonly number[])[] {
  if (value instanceof Tensor) return [value.shape];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(shapesIn) : [];
}

function rowsOf(model: Module, calls: ReadonlyMap<Module, Call>): SummaryRow[] {
  const seen = new Set<unknown>();
  return [...model.namedModules()].map(([path, module]) => {
    const own = [...module.parameters({ recurse: false })].filter((each) => !seen.has(each));
    for (const each of own) seen.add(each);
    const call = calls.get(module);
    return {
      path,
      kind: module.constructor.name,
      outputShapes: call?.shapes ?? [],
      parameters: own.reduce((sum, { numel }) => sum + numel, 0),
      trainable: own.reduce((sum, { numel, requiresGrad }) => sum + (requiresGrad ? numel : 0), 0),
      macs: call?.macs ?? 0,
      calls: call?.times ?? 0,
    };
  });
}
