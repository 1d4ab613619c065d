import { record } from "../autograd/graph.ts";
import { ShapeError } from "../core/errors.ts";
import { formatShape, normalizeDim, normalizeDims } from "../core/shape.ts";
import { arange } from "../creation/arange.ts";
import { argReduce, reduce } from "../primitives/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { spreadBack } from "./spread-back.ts";

export interface ValuesAndIndices {
  readonly values: Tensor;
  /** int32 */
  readonly indices: Tensor;
}

export interface KeepdimOption {
  /** Leave the reduced dimensions with size 1. @defaultValue false */
  readonly keepdim?: boolean;
}

function extreme(
  name: "amax" | "amin",
  x: Tensor,
  dim: number | readonly number[] | undefined,
  keepdim: boolean,
): Tensor {
  const dims = normalizeDims(name, dim, x.ndim);
  checkNotEmpty(name, x, dims);
  const out = reduce(x, name === "amax" ? "max" : "min", { dims, keepdim });
  return record(name, [x], out, [x, out], (grad, [input, result]) => {
    // Equals share the gradient.
    const mask = (input as Tensor).eq(spreadBack(result as Tensor, x.shape, dims, keepdim)).to(x.dtype);
    const share = mask.div(mask.sum(dims, { keepdim: true }));
    return [share.mul(spreadBack(grad, x.shape, dims, keepdim))];
  });
}

/** The largest along dimensions, all of them when none is named; equals share the gradient. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.amax.html | torch.amax} */
export const amax = (x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepdimOption = {}): Tensor =>
  extreme("amax", x, dim, keepdim);

/** The smallest along dimensions, all of them when none is named; equals share the gradient. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.amin.html | torch.amin} */
export const amin = (x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepdimOption = {}): Tensor =>
  extreme("amin", x, dim, keepdim);

function along(name: "max" | "min", x: Tensor, dim: number, keepdim: boolean): ValuesAndIndices {
  const dims = x.ndim === 0 ? [] : [normalizeDim(name, dim, x.ndim)];
  checkNotEmpty(name, x, dims);
  const { values, indices } = argReduce(x, name === "max" ? "argmax" : "argmin", { dims, keepdim });
  record(name, [x], values, [indices], (grad, [at]) => {
    const [d] = dims;
    if (d === undefined) return [grad];
    const size = x.shape[d] as number;
    const places = arange(size, { dtype: "int32", device: x.device }).reshape(
      x.shape.map((_, i) => (i === d ? size : 1)),
    );
    const chosen = places.eq(spreadBack(at as Tensor, x.shape, dims, keepdim)).to(x.dtype);
    return [chosen.mul(spreadBack(grad, x.shape, dims, keepdim))];
  });
  return { values, indices };
}

/**
 * The largest of all elements; or along `dim`, with where it is (the first of equals, which gets the gradient; NaN before all).
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.max.html | torch.max}
 * @example
 * tensor([3, 9, 2]).max(0).indices.itemSync(); // => 1
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: KeepdimOption): ValuesAndIndices;
export function max(x: Tensor, dim?: number, { keepdim = false }: KeepdimOption = {}): Tensor | ValuesAndIndices {
  return dim === undefined ? amax(x) : along("max", x, dim, keepdim);
}

/** The smallest of all elements; or along `dim`, with where it is. See {@link max}. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.min.html | torch.min} */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: KeepdimOption): ValuesAndIndices;
export function min(x: Tensor, dim?: number, { keepdim = false }: KeepdimOption = {}): Tensor | ValuesAndIndices {
  return dim === undefined ? amin(x) : along("min", x, dim, keepdim);
}

function place(name: "argmax" | "argmin", x: Tensor, dim: number | undefined, keepdim: boolean): Tensor {
  const dims =
    dim === undefined ? normalizeDims(name, undefined, x.ndim) : x.ndim === 0 ? [] : [normalizeDim(name, dim, x.ndim)];
  checkNotEmpty(name, x, dims);
  return argReduce(x, name, { dims, keepdim }).indices;
}

/** Where the largest is, int32: along `dim`, or in the flattened tensor; the first of equals. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.argmax.html | torch.argmax} */
export const argmax = (x: Tensor, dim?: number, { keepdim = false }: KeepdimOption = {}): Tensor =>
  place("argmax", x, dim, keepdim);

/** Where the smallest is, int32: along `dim`, or in the flattened tensor; the first of equals. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.argmin.html | torch.argmin} */
export const argmin = (x: Tensor, dim?: number, { keepdim = false }: KeepdimOption = {}): Tensor =>
  place("argmin", x, dim, keepdim);

function checkNotEmpty(name: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.shape[d] === 0)) {
    throw new ShapeError(
      name,
      `${formatShape(x.shape)} has nothing to choose from along dims ${formatShape(dims)}`,
      "Reduce over dimensions that have elements.",
    );
  }
}
