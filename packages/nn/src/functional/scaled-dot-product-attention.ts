import { DTypeError, OptionError, ones, ShapeError, type Tensor, where } from "@anneal/tensor";
import { checkNumber, checkProbability } from "../check-options.ts";
import { dropout } from "./dropout.ts";

export interface ScaledDotProductAttentionOptions {
  /**
   * Who attends to whom, [..., L, S] or what broadcasts to that: booleans, where **true takes part** (the masks of `MultiheadAttention`
   * say the opposite), or floats, which are added to the scores. @defaultValue null
   */
  readonly attnMask?: Tensor | null;
  /** Probability of a weight to be dropped, 0 to 1. There is no mode here: give 0 outside of training. @defaultValue 0 */
  readonly dropoutP?: number;
  /** Query i attends to keys 0 to i only. Not together with `attnMask`. @defaultValue false */
  readonly isCausal?: boolean;
  /** Factor of the scores. @defaultValue 1 / √E */
  readonly scale?: number;
  /** May there be fewer heads of keys and values than of queries? Each serves as many neighbours among the queries. @defaultValue false */
  readonly enableGqa?: boolean;
}

/**
 * `softmax(query · keyᵀ · scale + mask) · value`. A query that may attend to nothing gives zeros.
 *
 * @param query - [..., L, E]; with heads [..., heads, L, E]
 * @param key - [..., S, E]
 * @param value - [..., S, V]
 * @returns [..., L, V]
 * @throws {ShapeError | DTypeError} if the three or the mask do not fit together
 * @throws {OptionError} if `dropoutP` is not from 0 to 1, `scale` is no number, or there are both `attnMask` and `isCausal`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html | torch.nn.functional.scaled_dot_product_attention}
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention Is All You Need, Vaswani et al. 2017}
 * @example
 * const x = tensor([[1, 0], [0, 1]]);
 * await functional.scaledDotProductAttention(x, x, tensor([[1], [2]]), { isCausal: true }).array(); // => [[1], [1.6697615]]
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductAttentionOptions = {},
): Tensor {
  const { attnMask = null, dropoutP = 0, isCausal = false, enableGqa = false } = options;
  checkProbability(WHERE, "dropoutP", dropoutP);
  if (attnMask && isCausal) throw new OptionError(WHERE, "attnMask and isCausal are both given", "Give one of them.");
  const shared = checkInputs(query, key, value, enableGqa);
  const { scale = 1 / Math.sqrt(query.shape.at(-1) as number) } = options;
  checkNumber(WHERE, "scale", scale);
  // Heads that share their keys are one head with more rows: no key is copied.
  const products = stacked(query.mul(scale), shared).matmul(key.transpose(-2, -1));
  const scores = unstacked(products, shared);
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const attend = (masked: Tensor): Tensor => {
    const weights = dropout(masked.softmax(-1), { p: dropoutP });
    return unstacked(stacked(weights, shared).matmul(value), shared);
  };
  if (isCausal) return attend(where(causalMask(rows, columns, query), scores, -Infinity));
  if (!attnMask) return attend(scores);
  checkMask(attnMask, scores);
  const takesPart = attnMask.dtype === "bool" ? attnMask : attnMask.detach().ne(-Infinity);
  const attends = takesPart.any(-1, { keepdim: true });
  // softmax of nothing but -∞ is NaN, and so is its gradient: such rows attend to everything, and then do not count.
  const masked =
    attnMask.dtype === "bool"
      ? where(attnMask.logicalOr(attends.logicalNot()), scores, -Infinity)
      : scores.add(where(attends, attnMask, 0));
  return where(attends, attend(masked), 0);
}

const WHERE = "scaledDotProductAttention";

/** May query i attend to key j: [rows, columns], true for `j <= i`. */
export const causalMask = (rows: number, columns: number, { device }: Tensor): Tensor =>
  ones([rows, columns], { dtype: "bool", device }).tril();

/** [..., heads, L, E] as [..., heads / count, count · L, E]. */
function stacked(x: Tensor, count: number): Tensor {
  if (count === 1) return x;
  const [heads, length, size] = x.shape.slice(-3) as [number, number, number];
  return x.reshape([...x.shape.slice(0, -3), heads / count, count * length, size]);
}

/** The way back from {@link stacked}. */
function unstacked(x: Tensor, count: number): Tensor {
  if (count === 1) return x;
  const [heads, length, size] = x.shape.slice(-3) as [number, number, number];
  return x.reshape([...x.shape.slice(0, -3), heads * count, length / count, size]);
}

const shown = ({ shape }: Tensor): string => `[${shape.join(", ")}]`;

/** @returns how many heads of queries there are to one of keys, where the heads differ in number */
function checkInputs(query: Tensor, key: Tensor, value: Tensor, enableGqa: boolean): number {
  const { dtype } = query;
  if (!dtype.startsWith("float") || key.dtype !== dtype || value.dtype !== dtype) {
    throw new DTypeError(
      WHERE,
      `query is ${dtype}, key ${key.dtype} and value ${value.dtype}`,
      "All three must be the same float dtype.",
    );
  }
  const unfit = (mend: string) =>
    new ShapeError(WHERE, `query ${shown(query)}, key ${shown(key)} and value ${shown(value)} do not fit`, mend);
  const three = [query, key, value];
  if (three.some(({ ndim }) => ndim < 2)) throw unfit("They are [..., L, E], [..., S, E] and [..., S, V].");
  if (query.shape.at(-1) !== key.shape.at(-1)) throw unfit("The last sizes of query and key must be equal.");
  if (key.shape.at(-2) !== value.shape.at(-2)) {
    throw unfit("Key and value must be of one length, their second-to-last size.");
  }
  const [heads = 0, keys = 0, values = 0] = three.map(({ shape }) => shape.at(-3));
  if (enableGqa && !(keys > 0 && keys === values && heads % keys === 0)) {
    throw unfit(
      "With enableGqa there are heads, third from the end: as many of key as of value, and a multiple of that of query.",
    );
  }
  const batches = three.map(({ shape }) => shape.slice(0, enableGqa ? -3 : -2).toReversed());
  const longest = Math.max(...batches.map(({ length }) => length));
  for (let d = 0; d < longest; d++) {
    const sizes = new Set(batches.map((batch) => batch[d] ?? 1).filter((size) => size !== 1));
    if (sizes.size > 1) throw unfit("The dimensions before the last two must be equal or 1.");
  }
  return enableGqa ? heads / keys : 1;
}

function checkMask(mask: Tensor, scores: Tensor): void {
  if (mask.dtype !== "bool" && mask.dtype !== scores.dtype) {
    throw new DTypeError(
      WHERE,
      `attnMask is ${mask.dtype}, the query ${scores.dtype}`,
      "A mask is bool (true takes part) or of the query's dtype (added to the scores).",
    );
  }
  const sizes = scores.shape.slice(-mask.ndim);
  const fits = mask.ndim >= 1 && mask.ndim <= scores.ndim;
  if (!fits || mask.shape.some((size, d) => size !== 1 && size !== sizes[d])) {
    throw new ShapeError(
      WHERE,
      `attnMask ${shown(mask)} does not broadcast to the scores ${shown(scores)}`,
      "Give [L, S], or [..., L, S] with sizes that are equal or 1.",
    );
  }
}
