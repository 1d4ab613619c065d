import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import { tensor } from "../creation/tensor.ts";
import type { Tensor } from "../tensor.ts";
import { perDimension } from "./conv.ts";

export interface InterpolateOptions {
  /** Sizes of the result; give this or `scaleFactor`. */
  readonly size?: number | readonly number[];
  readonly scaleFactor?: number | readonly number[];
  /** The next element below, or a weighted mean of the four around. @defaultValue "nearest" */
  readonly mode?: "nearest" | "bilinear";
  /** Bilinear: do the corner elements stay in the corners? @defaultValue false */
  readonly alignCorners?: boolean;
}

/**
 * A batch of images, or for nearest of any number of spatial dimensions, in another size.
 *
 * @param x - [N, C, H, W]; nearest also [N, C, L] and [N, C, D, H, W]
 * @returns [N, C, OH, OW]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html | torch.nn.functional.interpolate}
 */
export function interpolate(
  x: Tensor,
  { size, scaleFactor, mode = "nearest", alignCorners = false }: InterpolateOptions,
): Tensor {
  const spatial = x.ndim - 2;
  if (mode === "nearest" ? spatial < 1 : spatial !== 2) {
    throw new ShapeError("interpolate", `x has the shape ${formatShape(x.shape)}`, "It takes [N, C, H, W].");
  }
  if ((size === undefined) === (scaleFactor === undefined)) {
    throw new OptionError("interpolate", "size and scaleFactor are both given or both missing", "Give one of them.");
  }
  if (mode === "nearest" && alignCorners)
    throw new OptionError("interpolate", "alignCorners has no meaning for nearest", "Leave it out.");
  const inSizes = x.shape.slice(2);
  const factors = typeof scaleFactor === "number" ? inSizes.map(() => scaleFactor) : scaleFactor;
  const outSizes = factors
    ? inSizes.map((each, i) => Math.floor(each * (factors[i] as number)))
    : perDimension("interpolate", "size", size ?? 1, spatial, 1);
  // With a factor its own value is the step, not the ratio of the rounded sizes.
  const steps = inSizes.map((each, i) => (factors ? 1 / (factors[i] as number) : each / (outSizes[i] as number)));
  if (mode === "nearest") {
    return inSizes.reduce((y, inSize, i) => {
      // The step is float32, as in PyTorch: it decides on which side of a border a position falls.
      const step = Math.fround(steps[i] as number);
      const from = Int32Array.from({ length: outSizes[i] as number }, (_, k) =>
        Math.min(Math.floor(Math.fround(k * step)), inSize - 1),
      );
      return y.indexSelect(2 + i, tensor(from, { device: x.device }));
    }, x);
  }
  const [vertical, horizontal] = [0, 1].map((i) =>
    weights(inSizes[i] as number, outSizes[i] as number, steps[i] as number, alignCorners),
  ) as [number[][], number[][]];
  const matrix = (rows: number[][]): Tensor => tensor(rows, { dtype: x.dtype, device: x.device });
  return matrix(vertical).matmul(x).matmul(matrix(horizontal).T);
}

/** Row i holds how much each input element counts for output i: linear interpolation as a matrix. */
function weights(size: number, out: number, step: number, alignCorners: boolean): number[][] {
  return Array.from({ length: out }, (_, i) => {
    const place = alignCorners ? (out > 1 ? (i * (size - 1)) / (out - 1) : 0) : Math.max(0, (i + 0.5) * step - 0.5);
    const low = Math.min(Math.floor(place), size - 1);
    const high = Math.min(low + 1, size - 1);
    const row = new Array<number>(size).fill(0);
    row[low] = (row[low] as number) + 1 - (place - low);
    row[high] = (row[high] as number) + (place - low);
    return row;
  });
}
