import { ShapeError, type Tensor } from "@anneal/tensor";

export interface Fans {
  /** Numbers that one output is computed from. */
  readonly fanIn: number;
  /** Outputs that one input has a part in. */
  readonly fanOut: number;
}

/**
 * Of a weight [out, in, ...].
 *
 * @throws {ShapeError} if it has fewer than two dimensions
 */
export function fansOf(where: string, x: Tensor): Fans {
  if (x.ndim < 2) {
    throw new ShapeError(
      where,
      `x has the shape [${x.shape.join(", ")}], so nobody knows how many inputs and outputs it joins`,
      "Give at least two dimensions: [out, in, ...].",
    );
  }
  const [outputs, inputs, ...kernel] = x.shape as [number, number, ...number[]];
  const taps = kernel.reduce((product, size) => product * size, 1);
  return { fanIn: inputs * taps, fanOut: outputs * taps };
}
