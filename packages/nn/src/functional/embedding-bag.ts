import {
  arange,
  cat,
  DTypeError,
  full,
  OptionError,
  ones,
  ShapeError,
  type Tensor,
  where,
  zeros,
} from "@anneal/tensor";
import { checkChoice } from "../check-options.ts";
import { checkIntegers } from "./check-integers.ts";
import { isRow, type LookupOptions, lookUp } from "./embedding.ts";

/** What becomes of the rows of a bag. */
export type BagMode = "sum" | "mean" | "max";

/** What {@link EmbeddingBag} is made with and its function takes too. */
export interface BagOptions extends LookupOptions {
  /** @defaultValue "mean" */
  readonly mode?: BagMode;
  /** The last offset is the end of the last bag, not the start of another. @defaultValue false */
  readonly includeLastOffset?: boolean;
}

export interface EmbeddingBagArguments extends BagOptions {
  /** Where each bag of a list starts, [B], integers that begin with 0 and never fall. Bags of a 2-d input have none. */
  readonly offsets?: Tensor | null;
  /** A factor for each index, of the shape of the input; with mode "sum" only. */
  readonly perSampleWeights?: Tensor | null;
}

/** @throws {OptionError} if an option is out of its range */
export function checkBag(name: string, options: BagOptions): void {
  const { mode = "mean" } = options;
  checkChoice(name, "mode", mode, ["sum", "mean", "max"]);
  if (mode !== "max") return;
  for (const option of ["scaleGradByFreq", "sparse"] as const) {
    if (!options[option]) continue;
    throw new OptionError(name, `${option} with mode "max"`, 'Leave it out, or use mode "sum" or "mean".');
  }
}

/**
 * The sum, mean or maximum of the rows of each bag of indices; a bag without rows gives zeros. Other than PyTorch on the CPU, which may take
 * the count of another row, `scaleGradByFreq` divides the gradient of each row by its own.
 *
 * @param input - row numbers, int32 (int64 and uint8 do too): [B, n], each line a bag; or a list, [n], of bags that start at `offsets`
 * @param weight - the table, [rows, D]; `maxNorm` changes it in place
 * @returns [B, D]
 * @throws {ShapeError | DTypeError | OptionError} if input, offsets and perSampleWeights do not fit each other, or a row is not there
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html | torch.nn.functional.embedding_bag}
 * @example
 * const weight = tensor([[1, 2], [3, 4], [5, 6]]);
 * const input = tensor([0, 2, 1], { dtype: "int32" });
 * const offsets = tensor([0, 2], { dtype: "int32" });
 * await embeddingBag(input, weight, { offsets }).array(); // => [[3, 4], [3, 4]]
 */
export function embeddingBag(input: Tensor, weight: Tensor, options: EmbeddingBagArguments = {}): Tensor {
  const { mode = "mean", offsets = null, perSampleWeights = null, includeLastOffset = false } = options;
  checkBag("embeddingBag", options);
  checkIntegers("embeddingBag", "input", input);
  checkPerSampleWeights(input, weight, perSampleWeights, mode);
  const bags = bagsOf(input, offsets, includeLastOffset);
  return mode === "max" ? largest(input, weight, bags, options) : added(input, weight, bags, options);
}

function checkPerSampleWeights(input: Tensor, weight: Tensor, factors: Tensor | null, mode: BagMode): void {
  if (!factors) return;
  if (mode !== "sum") {
    throw new OptionError("embeddingBag", `perSampleWeights with mode "${mode}"`, 'They go with mode "sum" only.');
  }
  if (factors.shape.join() !== input.shape.join()) {
    throw new ShapeError(
      "embeddingBag",
      `the input [${input.shape.join(", ")}] and perSampleWeights [${factors.shape.join(", ")}] do not fit`,
      "Give one factor for each index.",
    );
  }
  if (factors.dtype !== weight.dtype) {
    throw new DTypeError(
      "embeddingBag",
      `perSampleWeights is ${factors.dtype}, the weight ${weight.dtype}`,
      `Cast it: perSampleWeights.to("${weight.dtype}").`,
    );
  }
}

/** Bags of a list. */
interface Bags {
  readonly count: number;
  /** Where each starts, and where the last ends, [count + 1], int32. */
  readonly bounds: Tensor;
}

/** Null: each line of the input is a bag. */
function bagsOf(input: Tensor, offsets: Tensor | null, includeLastOffset: boolean): Bags | null {
  const shown = `[${input.shape.join(", ")}]`;
  if (input.ndim === 2) {
    if (!offsets) return null;
    throw new OptionError("embeddingBag", `offsets for the input ${shown}`, "Its lines are the bags: leave them out.");
  }
  if (input.ndim !== 1) throw new ShapeError("embeddingBag", `the input has the shape ${shown}`, "Give [B, n] or [n].");
  if (!offsets)
    throw new OptionError("embeddingBag", `the input ${shown} has no offsets`, "Say where each bag starts.");
  checkIntegers("embeddingBag", "offsets", offsets);
  if (offsets.ndim !== 1) {
    throw new ShapeError("embeddingBag", `offsets has the shape [${offsets.shape.join(", ")}]`, "Give a list, [B].");
  }
  checkOffsets(offsets, input.numel, includeLastOffset);
  const starts = offsets.to("int32");
  if (includeLastOffset) return { count: offsets.numel - 1, bounds: starts };
  const end = full([1], input.numel, { dtype: "int32", device: input.device });
  return { count: offsets.numel, bounds: cat([starts, end]) };
}

function checkOffsets(offsets: Tensor, count: number, includeLastOffset: boolean): void {
  if (offsets.numel === 0 && (includeLastOffset || count > 0)) {
    throw new OptionError("embeddingBag", "offsets is empty", "It begins with 0, the start of the first bag.");
  }
  if (!offsets.device.readSync) return;
  let before = 0;
  for (const [i, each] of Array.from(offsets.dataSync(), Number).entries()) {
    if (each >= before && each <= count && (i > 0 || each === 0)) {
      before = each;
      continue;
    }
    throw new OptionError(
      "embeddingBag",
      `offset ${i} is ${each}${i > 0 ? ` after ${before}` : ""}, the input has ${count} indices`,
      "Offsets begin with 0, never fall, and end within the input.",
    );
  }
}

/** Mode "sum" and "mean". */
function added(input: Tensor, weight: Tensor, bags: Bags | null, options: EmbeddingBagArguments): Tensor {
  const { mode = "mean", paddingIdx = null, perSampleWeights = null } = options;
  const found = lookUp("embeddingBag", input, weight, options);
  const weighted = perSampleWeights ? found.mul(perSampleWeights.unsqueeze(-1)) : found;
  const counts = countsFor(input, weight, paddingIdx);
  // A row that does not count may be infinite: choose, do not multiply by 0.
  const rows = counts ? where(counts, weighted, 0) : weighted;
  const total = bags ? inLists(bags, input.numel) : (parts: Tensor): Tensor => parts.sum(1);
  if (mode === "sum") return total(rows);
  const { dtype, device } = weight;
  const one = counts?.to(dtype) ?? ones([...input.shape, 1], { dtype, device });
  return total(rows).div(total(one).clamp({ min: 1 }));
}

/** Which indices count, [..., 1], bool; null: all. */
function countsFor(input: Tensor, weight: Tensor, paddingIdx: number | null): Tensor | null {
  return paddingIdx === null
    ? null
    : isRow(input, paddingIdx, weight.shape[0] as number)
        .logicalNot()
        .unsqueeze(-1);
}

/** The sums of parts, [n, K], over each bag of a list of n indices: [B, K]. */
function inLists({ count, bounds }: Bags, indices: number): (parts: Tensor) => Tensor {
  const { device } = bounds;
  // At each index, how many bags start there; the running sum of that numbers the bags. Behind the last bag comes one that nobody sees.
  const one = ones([count + 1], { dtype: "int32", device });
  const starts = zeros([indices + 1], { dtype: "int32", device }).scatterAdd(0, bounds, one);
  const bag = starts.cumsum(0).sub(1).narrow(0, 0, indices).unsqueeze(1);
  return (parts) => {
    const sums = zeros([count + 1, parts.shape[1] as number], { dtype: parts.dtype, device });
    return sums.scatterAdd(0, bag.expand(parts.shape), parts).narrow(0, 0, count);
  };
}

/** Mode "max". */
function largest(input: Tensor, weight: Tensor, bags: Bags | null, options: EmbeddingBagArguments): Tensor {
  const { indices, inside } = bags ? inLines(input, bags) : { indices: input, inside: null };
  const found = lookUp("embeddingBag", indices, weight, options);
  // Of nothing there is no maximum, but a sum.
  if (indices.shape[1] === 0) return found.sum(1);
  const counts = countsFor(indices, weight, options.paddingIdx ?? null);
  const both = inside && counts ? inside.logicalAnd(counts) : (inside ?? counts);
  if (!both) return found.max(1).values;
  return where(both.any(1), where(both, found, -Infinity).max(1).values, 0);
}

/** The bags of a list as lines, as long as the longest where that can be known, and which places, [B, n, 1], are inside their bag. */
function inLines(input: Tensor, { count, bounds }: Bags): { indices: Tensor; inside: Tensor } {
  const { device } = bounds;
  const starts = bounds.narrow(0, 0, count).unsqueeze(1);
  const lengths = bounds.narrow(0, 1, count).unsqueeze(1).sub(starts);
  const longest = device.readSync && count > 0 ? lengths.max().itemSync() : input.numel;
  const places = arange(longest, { dtype: "int32", device }).expand([count, longest]);
  const inside = places.lt(lengths);
  // Other places look at the first index, and nobody looks at them.
  return { indices: input.take(where(inside, starts.add(places), 0)), inside: inside.unsqueeze(-1) };
}
