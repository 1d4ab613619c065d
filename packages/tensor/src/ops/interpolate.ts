import { OptionError, ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import { tensor } from "../creation/tensor.ts";
import type { Tensor } from "../tensor.ts";
import { perDimension } from "./spatial.ts";

export interface InterpolateOptions {
  /** Sizes of the result; give this or `scaleFactor`. */
  readonly size?: number | readonly number[];
  /** How many times as large, one number for all dimensions or one each; sizes are rounded down. */
  readonly scaleFactor?: number | readonly number[];
  /**
   * The next element below (`"nearest-exact"`: the one whose middle is nearest), a mean of the two, four or eight around weighted by their
   * distance, or a cubic through the sixteen around. @defaultValue "nearest"
   */
  readonly mode?: "nearest" | "nearest-exact" | "linear" | "bilinear" | "trilinear" | "bicubic";
  /** Do the corner elements stay in the corners? Not for the nearest. @defaultValue false */
  readonly alignCorners?: boolean;
}

/** Spatial dimensions each mode is for; 0: any number. */
const dimensions = { nearest: 0, "nearest-exact": 0, linear: 1, bilinear: 2, trilinear: 3, bicubic: 2 } as const;

/**
 * A batch of images, signals or volumes in another size.
 *
 * @param x - [N, C, H, W]; for linear [N, C, L], for trilinear [N, C, D, H, W], for the nearest any of them
 * @returns [N, C, OH, OW]
 * @throws {OptionError} if an option is out of its range, or not one of `size` and `scaleFactor` is given
 * @throws {ShapeError} if the mode is not for as many dimensions, or the result would have no elements
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html | torch.nn.functional.interpolate}
 * @example
 * tensor([[[1, 3]]]).interpolate({ size: 3, mode: "linear", alignCorners: true }).arraySync(); // => [[[1, 2, 3]]]
 */
export function interpolate(
  x: Tensor,
  { size, scaleFactor, mode = "nearest", alignCorners = false }: InterpolateOptions,
): Tensor {
  if (!Object.hasOwn(dimensions, mode)) {
    throw new OptionError("interpolate", `mode is "${mode}"`, `Give one of "${Object.keys(dimensions).join('", "')}".`);
  }
  const spatial = x.ndim - 2;
  if (spatial < 1 || spatial !== (dimensions[mode] || spatial)) {
    const takes = ["[N, C, ...]", "[N, C, L]", "[N, C, H, W]", "[N, C, D, H, W]"][dimensions[mode]];
    throw new ShapeError(
      "interpolate",
      `x has the shape ${formatShape(x.shape)}`,
      `It takes ${takes} in the mode "${mode}".`,
    );
  }
  if ((size === undefined) === (scaleFactor === undefined)) {
    throw new OptionError("interpolate", "size and scaleFactor are both given or both missing", "Give one of them.");
  }
  const nearest = mode === "nearest" || mode === "nearest-exact";
  if (nearest && alignCorners)
    throw new OptionError("interpolate", `alignCorners has no meaning for ${mode}`, "Leave it out.");
  const inSizes = x.shape.slice(2);
  const factors = scaleFactor === undefined ? null : factorsOf(scaleFactor, spatial);
  const outSizes = factors
    ? inSizes.map((each, i) => Math.floor(each * (factors[i] as number)))
    : perDimension("interpolate", "size", size ?? 1, spatial, 1);
  if ([...inSizes, ...outSizes].some((each) => each === 0)) {
    throw new ShapeError(
      "interpolate",
      `x ${formatShape(x.shape)} would become ${formatShape([...x.shape.slice(0, 2), ...outSizes])}`,
      "Sizes before and after must be at least 1.",
    );
  }
  return inSizes.reduce((y, inSize, i) => {
    const outSize = outSizes[i] as number;
    // With a factor its own value is the step, not the ratio of the rounded sizes.
    const step = factors ? 1 / (factors[i] as number) : inSize / outSize;
    if (nearest) {
      const from = nearestOf(inSize, outSize, step, mode === "nearest" ? 0 : 0.5);
      return y.indexSelect(2 + i, tensor(from, { device: x.device }));
    }
    const places = Array.from({ length: outSize }, (_, k) => {
      if (alignCorners) return outSize > 1 ? (k * (inSize - 1)) / (outSize - 1) : 0;
      return (k + 0.5) * step - 0.5;
    });
    const rows = places.map((place) => (mode === "bicubic" ? cubicRow(place, inSize) : linearRow(place, inSize)));
    return applyAlong(y, 2 + i, tensor(rows, { dtype: x.dtype, device: x.device }));
  }, x);
}

function factorsOf(scaleFactor: number | readonly number[], count: number): readonly number[] {
  const factors = typeof scaleFactor === "number" ? new Array<number>(count).fill(scaleFactor) : scaleFactor;
  if (factors.length !== count || factors.some((each) => !(each > 0 && each < Infinity))) {
    throw new OptionError(
      "interpolate",
      `scaleFactor is ${typeof scaleFactor === "number" ? scaleFactor : formatShape(scaleFactor)}`,
      `Give a number above 0, or ${count} of them.`,
    );
  }
  return factors;
}

/** Which of `size` elements lies at or below each place, `shift` of an element after where it starts. */
function nearestOf(size: number, out: number, step: number, shift: number): Int32Array {
  // The step is float32, as in PyTorch: it decides on which side of a border a position falls.
  const step32 = Math.fround(step);
  return Int32Array.from({ length: out }, (_, k) => Math.min(Math.floor(Math.fround((k + shift) * step32)), size - 1));
}

/** How much each of `size` elements counts at a place between them, by straight lines. Before the first is the first. */
function linearRow(place: number, size: number): number[] {
  const at = Math.max(0, place);
  const low = Math.min(Math.floor(at), size - 1);
  const row = new Array<number>(size).fill(0);
  const part = at - low;
  row[low] = 1 - part;
  const high = Math.min(low + 1, size - 1);
  row[high] = (row[high] as number) + part;
  return row;
}

/** The same by Keys' cubic convolution with a = -3/4. Elements outside are the nearest inside. */
function cubicRow(place: number, size: number): number[] {
  const a = -0.75;
  const low = Math.floor(place);
  const row = new Array<number>(size).fill(0);
  for (let tap = low - 1; tap <= low + 2; tap++) {
    const d = Math.abs(place - tap);
    const weight = d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
    const inside = Math.min(Math.max(tap, 0), size - 1);
    row[inside] = (row[inside] as number) + weight;
  }
  return row;
}

/** Dimension `dim` multiplied by a matrix, [out, in]. */
function applyAlong(x: Tensor, dim: number, matrix: Tensor): Tensor {
  if (dim === x.ndim - 1) return x.matmul(matrix.T);
  const sizes = [...x.shape.slice(0, dim), matrix.shape[0] as number, ...x.shape.slice(dim + 1)];
  return matrix.matmul(x.flatten(dim + 1)).reshape(sizes);
}
