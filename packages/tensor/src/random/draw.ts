import { type DType, type Expr, expr, type RandomSource, type ScalarType, scalarOf } from "@anneal/kernel";
import type { Device } from "../core/device.ts";
import { isFloating } from "../core/dtypes.ts";
import { DTypeError } from "../core/errors.ts";
import type { Shape } from "../core/shape.ts";
import type { PointwiseOp, Source } from "../core/value.ts";
import { wholeView } from "../core/view.ts";
import type { TensorOptions } from "../creation/tensor.ts";
import { pendingValue, wrapped } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";
import { defaultGenerator, type Generator } from "./generator.ts";

export interface RandomOptions extends TensorOptions {
  /** @defaultValue the generator that `manualSeed` seeds */
  readonly generator?: Generator;
}

/** A distribution: the number of an element from its position and the parameters. */
export interface Distribution {
  readonly name: string;
  /** Type of the parameters, where it is not that of the numbers. */
  readonly parameterType?: ScalarType;
  build(index: Expr, source: RandomSource, parameters: readonly Expr[], type: "f32" | "f64"): Expr;
}

const ops = new Map<string, PointwiseOp>();

function drawOp(
  { name, parameterType, build }: Distribution,
  dtype: DType,
  parameters: number,
  inputs: number,
): PointwiseOp {
  const key = `${name}_${dtype}_${parameters}_${inputs}`;
  let op = ops.get(key);
  if (!op) {
    const type = dtype === "float64" ? "f64" : "f32";
    op = {
      name: key,
      // Ten rounds of two wide multiplications.
      cost: 60,
      argTypes: [
        ...new Array<ScalarType>(4).fill("u32"),
        ...new Array<ScalarType>(parameters).fill(parameterType ?? type),
      ],
      build: ([index, ...tensors], [s0, s1, t0, t1, ...numbers]) => {
        const source = { seed: [s0, s1], stream: [t0, t1] } as RandomSource;
        return wrapped(expr.cast(build(index as Expr, source, [...numbers, ...tensors], type), scalarOf[dtype]), dtype);
      },
    };
    ops.set(key, op);
  }
  return op;
}

/** A draw of the generator as a recipe: no memory until somebody needs it there. `inputs` are parameters that differ by element. */
export function draw(
  distribution: Distribution,
  shape: Shape,
  dtype: DType,
  device: Device,
  generator: Generator | undefined,
  parameters: readonly number[] = [],
  inputs: readonly Source[] = [],
): Tensor {
  const op = drawOp(distribution, dtype, parameters.length, inputs.length);
  const args = [...(generator ?? defaultGenerator()).nextStream(), ...parameters];
  const sizes = [...shape];
  const position: Source = { value: null, view: wholeView(sizes) };
  return Tensor.ofValue(pendingValue(device, dtype, sizes, op, [position, ...inputs], args));
}

export function checkFloating(name: string, dtype: DType): void {
  if (!isFloating(dtype))
    throw new DTypeError(name, `its numbers do not fit into ${dtype}`, "Draw float32, or integers with randint.");
}
