import { record } from "../autograd/graph.ts";
import type { ConvSpec } from "../core/device.ts";
import { store } from "../core/fusion.ts";
import { numelOf, type Shape } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { Tensor } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";

/** What the three maps of a convolution share. */
export interface ConvGeometry {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  /** [N, C, H, W] */
  readonly input: Shape;
  /** [O, C / groups, kh, kw] */
  readonly weight: Shape;
  /** [N, O, OH, OW] */
  readonly output: Shape;
}

function run(
  kind: ConvSpec["kind"],
  geometry: ConvGeometry,
  known: Readonly<Partial<Record<"input" | "weight" | "output", Tensor>>>,
): Tensor {
  const { input, weight, output, stride, padding, dilation, groups } = geometry;
  const [first] = Object.values(known) as [Tensor];
  const { device, dtype } = first;
  const shape = { forward: output, inputGradient: input, weightGradient: weight }[kind];
  const result = allocateFor(device, dtype, shape);
  const range = (x: Tensor | undefined) => {
    if (!x) return { buffer: result, offset: 0 };
    const whole = contiguous(x);
    return { buffer: store(whole.cell.value), offset: whole.layout.offset };
  };
  if (numelOf(shape) > 0) {
    device.conv({
      kind,
      dtype,
      n: input[0] as number,
      groups,
      inChannels: input[1] as number,
      outChannels: output[1] as number,
      height: input[2] as number,
      width: input[3] as number,
      kernel: [weight[2] as number, weight[3] as number],
      stride,
      padding,
      dilation,
      outHeight: output[2] as number,
      outWidth: output[3] as number,
      input: range(known.input),
      weight: range(known.weight),
      output: range(known.output),
    });
  }
  return Tensor.ofValue(new Value(device, dtype, shape, { buffer: result }));
}

// A convolution is linear in its input and in its weight, so each of the three maps has the other two for its gradients: the set is
// closed, and gradients of gradients come for nothing.

/** output = Σ input * weight */
export function convForward(input: Tensor, weight: Tensor, geometry: ConvGeometry): Tensor {
  const out = run("forward", geometry, { input, weight });
  return record("conv", [input, weight], out, [input, weight], (grad, [x, w], [needsX, needsW]) => [
    needsX ? convInputGradient(grad, w as Tensor, geometry) : null,
    needsW ? convWeightGradient(x as Tensor, grad, geometry) : null,
  ]);
}

/** The gradient of the input from that of the output: a transposed convolution. */
export function convInputGradient(output: Tensor, weight: Tensor, geometry: ConvGeometry): Tensor {
  const out = run("inputGradient", geometry, { output, weight });
  return record("convTranspose", [output, weight], out, [output, weight], (grad, [y, w], [needsY, needsW]) => [
    needsY ? convForward(grad, w as Tensor, geometry) : null,
    needsW ? convWeightGradient(grad, y as Tensor, geometry) : null,
  ]);
}

/** The gradient of the weight from the input and the gradient of the output. */
function convWeightGradient(input: Tensor, output: Tensor, geometry: ConvGeometry): Tensor {
  const out = run("weightGradient", geometry, { input, output });
  return record("convWeightGradient", [input, output], out, [input, output], (grad, [x, y], [needsX, needsY]) => [
    needsX ? convInputGradient(y as Tensor, grad, geometry) : null,
    needsY ? convForward(x as Tensor, grad, geometry) : null,
  ]);
}
