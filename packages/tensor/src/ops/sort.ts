import { OptionError } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { normalizeDim } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { contiguous } from "../primitives/contiguous.ts";
import { Tensor } from "../tensor.ts";
import type { ValuesAndIndices } from "./extremes.ts";

export interface SortOptions {
  /** Largest first. @defaultValue false */
  readonly descending?: boolean;
}

/**
 * Sorted along `dim`, with where each element was. Equals keep their order; NaN counts as the largest.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sort.html | torch.sort}
 * @example
 * tensor([3, 1, 2]).sort().indices.arraySync(); // => [1, 2, 0]
 */
export function sort(x: Tensor, dim = -1, { descending = false }: SortOptions = {}): ValuesAndIndices {
  const d = normalizeDim("sort", dim, x.ndim);
  if (x.ndim === 0)
    return { values: x.clone(), indices: Tensor.ofValue(new Value(x.device, "int32", [], { buffer: zero(x) })) };
  const last = contiguous(x.detach().transpose(d, -1));
  const { shape, dtype, device } = last;
  const length = shape.at(-1) as number;
  const values = allocateFor(device, dtype, shape);
  const indices = allocateFor(device, "int32", shape);
  if (x.numel > 0) {
    device.sort({
      dtype,
      rows: last.numel / length,
      length,
      descending,
      input: { buffer: store(last.cell.value), offset: last.layout.offset },
      values: { buffer: values, offset: 0 },
      indices: { buffer: indices, offset: 0 },
    });
  }
  const sorted = Tensor.ofValue(new Value(device, dtype, shape, { buffer: values })).transpose(d, -1);
  const places = Tensor.ofValue(new Value(device, "int32", shape, { buffer: indices })).transpose(d, -1);
  // Where a gradient is wanted, the same elements once more through an op that has one.
  return { values: x.recorded ? x.gather(d, places) : sorted, indices: places };
}

function zero(x: Tensor) {
  const buffer = allocateFor(x.device, "int32", []);
  x.device.write(buffer, new Uint8Array(4));
  return buffer;
}

export interface TopkOptions {
  /** @defaultValue -1 */
  readonly dim?: number;
  /** The largest, or the smallest. @defaultValue true */
  readonly largest?: boolean;
}

/**
 * The `k` largest (or smallest) along a dimension, best first, with where they are.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.topk.html | torch.topk}
 */
export function topk(x: Tensor, k: number, { dim = -1, largest = true }: TopkOptions = {}): ValuesAndIndices {
  const size = x.ndim === 0 ? 1 : (x.shape[normalizeDim("topk", dim, x.ndim)] as number);
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new OptionError(
      "topk",
      `k is ${k}, but the dimension has ${size} elements`,
      `Give an integer from 0 to ${size}.`,
    );
  }
  const { values, indices } = sort(x, dim, { descending: largest });
  return x.ndim === 0 ? { values, indices } : { values: values.narrow(dim, 0, k), indices: indices.narrow(dim, 0, k) };
}
