import { cat, DTypeError, empty, linear, OptionError, ShapeError, Tensor, where, zeros } from "@anneal/tensor";
import { checkProbability, checkSize, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { dropout } from "../../functional/dropout.ts";
import { causalMask, scaledDotProductAttention } from "../../functional/scaled-dot-product-attention.ts";
import { zeros_ } from "../../init/fill.ts";
import { xavierNormal_, xavierUniform_ } from "../../init/xavier.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";
import { Linear } from "../linear/linear.ts";

export interface MultiheadAttentionOptions {
  /** Probability of a weight to be dropped in training, 0 to 1. @defaultValue 0 */
  readonly dropout?: number;
  /** Add learned numbers in the four projections. @defaultValue true */
  readonly bias?: boolean;
  /** Add a learned key and value that every query may attend to. @defaultValue false */
  readonly addBiasKv?: boolean;
  /** Add a key and a value of zeros that every query may attend to. @defaultValue false */
  readonly addZeroAttn?: boolean;
  /** Size of the keys. @defaultValue embedDim */
  readonly kdim?: number;
  /** Size of the values. @defaultValue embedDim */
  readonly vdim?: number;
  /** Is the batch the first dimension, [N, L, E], or the second, [L, N, E]? @defaultValue false */
  readonly batchFirst?: boolean;
}

export interface AttendOptions {
  /** Keys that nobody may attend to, [N, S] or [S]: **true may not**, floats are added to the scores. @defaultValue null */
  readonly keyPaddingMask?: Tensor | null;
  /** Return the weights too. Without them queries that may attend to nothing give zeros instead of NaN. @defaultValue true */
  readonly needWeights?: boolean;
  /**
   * Who may not attend to whom, [L, S] or [N · numHeads, L, S] (all heads of the first sample come first): **true may not**, floats are added
   * to the scores. @defaultValue null
   */
  readonly attnMask?: Tensor | null;
  /** The weights are the mean over the heads, [N, L, S]; otherwise [N, numHeads, L, S]. @defaultValue true */
  readonly averageAttnWeights?: boolean;
  /** Query i attends to keys 0 to i only. Where there is an `attnMask`, as PyTorch wants it, that decides alone. @defaultValue false */
  readonly isCausal?: boolean;
}

/** How the inputs of one call lie. */
interface Layout {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  /** So it does too where there is none: it is of one sample then. */
  readonly batchFirst: boolean;
}

/**
 * Attention of several heads, each with its own projections of queries, keys and values. Here **true in a mask means "may not attend"**, the
 * opposite of `functional.scaledDotProductAttention`.
 *
 * `softmax(q · kᵀ / √D + mask) · v` for each head of size D = embedDim / numHeads, where q, k and v are linear in query, key and value; the
 * heads side by side go through a last linear layer. The weights of the first three projections start uniform in ±√(6 / (in + out)), where
 * out counts all three if they are one matrix; that of the last as in `Linear`; biases at 0; the added key and value normal, of deviation 1/√E.
 *
 * @param embedDim - size of queries and results, E
 * @param numHeads - must divide `embedDim`
 * @throws {OptionError} if an option is out of its range, or `numHeads` does not divide `embedDim`
 * @throws {ShapeError | DTypeError} from `forward`, if inputs or masks do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html | torch.nn.MultiheadAttention}
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention Is All You Need, Vaswani et al. 2017}
 * @example
 * const attention = new MultiheadAttention(8, 2, { batchFirst: true });
 * const x = randn([3, 5, 8]);
 * const [output, weights] = attention.forward(x, x, x, { isCausal: true });
 * output.shape; // => [3, 5, 8]
 * weights?.shape; // => [3, 5, 5]
 */
export class MultiheadAttention extends Module {
  in_proj_weight: Parameter | null;
  q_proj_weight: Parameter | null;
  k_proj_weight: Parameter | null;
  v_proj_weight: Parameter | null;
  in_proj_bias: Parameter | null;
  bias_k: Parameter | null;
  bias_v: Parameter | null;
  out_proj: Linear;
  readonly #embedDim: number;
  readonly #numHeads: number;
  readonly #options: Required<MultiheadAttentionOptions>;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const all = withDefaults({ ...defaults, kdim: embedDim, vdim: embedDim }, options);
    const { dropout, bias, addBiasKv, kdim, vdim } = all;
    checkSize(WHERE, "embedDim", embedDim, 1);
    checkSize(WHERE, "numHeads", numHeads, 1);
    checkSize(WHERE, "kdim", kdim, 1);
    checkSize(WHERE, "vdim", vdim, 1);
    checkProbability(WHERE, "dropout", dropout);
    if (embedDim % numHeads !== 0) {
      throw new OptionError(WHERE, `numHeads ${numHeads} does not divide embedDim ${embedDim}`, "It must divide it.");
    }
    this.#embedDim = embedDim;
    this.#numHeads = numHeads;
    this.#options = all;
    const projection = (out: number, size: number) => new Parameter(xavierUniform_(empty([out, size])));
    const packed = kdim === embedDim && vdim === embedDim;
    this.in_proj_weight = packed ? projection(3 * embedDim, embedDim) : null;
    this.q_proj_weight = packed ? null : projection(embedDim, embedDim);
    this.k_proj_weight = packed ? null : projection(embedDim, kdim);
    this.v_proj_weight = packed ? null : projection(embedDim, vdim);
    this.in_proj_bias = bias ? new Parameter(zeros([3 * embedDim])) : null;
    this.out_proj = new Linear(embedDim, embedDim, { bias });
    if (this.out_proj.bias) zeros_(this.out_proj.bias);
    const added = () => new Parameter(xavierNormal_(empty([1, 1, embedDim])));
    this.bias_k = addBiasKv ? added() : null;
    this.bias_v = addBiasKv ? added() : null;
  }

  /**
   * @param query - [L, N, E], or [N, L, E] with `batchFirst`, or [L, E]
   * @param key - [S, N, kdim], or [N, S, kdim], or [S, kdim]
   * @param value - [S, N, vdim], or [N, S, vdim], or [S, vdim]
   * @returns the result, shaped like `query`, and the weights (after dropout), or null
   */
  forward(query: Tensor, key: Tensor, value: Tensor, options: AttendOptions = {}): [Tensor, Tensor | null] {
    const { needWeights = true, averageAttnWeights = true } = options;
    const layout = this.#layoutOf(query, key, value);
    const mask = this.#mask(query, layout, options);
    const [q, k, v] = this.#heads([query, key, value], layout);
    const dropoutP = this.training ? this.#options.dropout : 0;
    const merged = (heads: Tensor): Tensor => {
      const positions = layout.batchFirst ? heads.transpose(1, 2) : heads.permute([2, 0, 1, 3]);
      return this.out_proj.forward(positions.reshape(query.shape));
    };
    if (!needWeights) return [merged(scaledDotProductAttention(q, k, v, { attnMask: mask, dropoutP })), null];
    const scores = q.mul(Math.sqrt(this.#numHeads / this.#embedDim)).matmul(k.transpose(-2, -1));
    const weights = dropout((mask ? scores.add(mask) : scores).softmax(-1), { p: dropoutP });
    const shown = averageAttnWeights ? weights.mean(1) : weights;
    return [merged(weights.matmul(v)), query.ndim === 2 ? shown.squeeze(0) : shown];
  }

  /** Queries, keys and values of all heads, [N, numHeads, L or S, D]. */
  #heads(inputs: readonly Tensor[], { batch, queries, keys, batchFirst }: Layout): [Tensor, Tensor, Tensor] {
    const weights = this.in_proj_weight?.chunk(3) ?? [this.q_proj_weight, this.k_proj_weight, this.v_proj_weight];
    const biases = this.in_proj_bias?.chunk(3) ?? [];
    const count = this.#numHeads;
    const size = this.#embedDim / count;
    const [q, k, v] = inputs.map((input, i) => {
      const length = i === 0 ? queries : keys;
      const projected = linear(input, weights[i] as Tensor, biases[i]);
      return batchFirst
        ? projected.reshape([batch, length, count, size]).transpose(1, 2)
        : projected.reshape([length, batch, count, size]).permute([1, 2, 0, 3]);
    }) as [Tensor, Tensor, Tensor];
    const row = [batch, count, 1, size];
    const extended = (x: Tensor, bias: Parameter | null): Tensor => {
      const learned = bias ? [bias.reshape([1, count, 1, size]).expand(row)] : [];
      const zero = this.#options.addZeroAttn ? [zeros(row, { dtype: x.dtype, device: x.device })] : [];
      const added = [...learned, ...zero];
      return added.length === 0 ? x : cat([x, ...added], 2);
    };
    return [q, extended(k, this.bias_k), extended(v, this.bias_v)];
  }

  /** What is added to the scores, [1 or N, 1 or numHeads, 1 or L, S]. */
  #mask(query: Tensor, { batch, queries, keys }: Layout, options: AttendOptions): Tensor | null {
    const { attnMask = null, keyPaddingMask = null, isCausal = false } = options;
    const heads = this.#numHeads;
    const masks: Tensor[] = [];
    if (attnMask) {
      const shapes = [
        [queries, keys],
        [batch * heads, queries, keys],
      ];
      checkMask("attnMask", attnMask, query, shapes);
      masks.push(attnMask.ndim === 2 ? attnMask : attnMask.reshape([batch, heads, queries, keys]));
    } else if (isCausal) masks.push(causalMask(queries, keys, query).logicalNot());
    if (keyPaddingMask) {
      checkMask("keyPaddingMask", keyPaddingMask, query, [query.ndim === 2 ? [keys] : [batch, keys]]);
      masks.push(keyPaddingMask.reshape([batch, 1, 1, keys]));
    }
    const [first, ...others] = masks.map((mask) => additive(mask, query));
    if (!first) return null;
    const mask = others.reduce((sum, each) => sum.add(each), first);
    // Everybody may attend to what is added to the keys.
    const added = this.#addedKeys();
    return added === 0 ? mask : mask.pad([0, added]);
  }

  #addedKeys(): number {
    return (this.bias_k ? 1 : 0) + (this.#options.addZeroAttn ? 1 : 0);
  }

  #layoutOf(query: Tensor, key: Tensor, value: Tensor): Layout {
    const { kdim, vdim } = this.#options;
    const inputs = [query, key, value];
    const sizes = [this.#embedDim, kdim, vdim];
    const batched = query.ndim === 3;
    const batchFirst = this.#options.batchFirst || !batched;
    const lengths = inputs.map(({ shape }) => shape[batched && batchFirst ? 1 : 0]);
    const batches = inputs.map(({ shape }) => (batched ? shape[batchFirst ? 0 : 1] : 1));
    const fits =
      (batched || query.ndim === 2) &&
      inputs.every(({ ndim, shape }, i) => ndim === query.ndim && shape.at(-1) === sizes[i]) &&
      lengths[1] === lengths[2] &&
      batches.every((batch) => batch === batches[0]);
    if (!fits) {
      const shapes = sizes.map((size, i) => {
        const length = i === 0 ? "L" : "S";
        return this.#options.batchFirst ? `[N, ${length}, ${size}]` : `[${length}, N, ${size}]`;
      });
      throw new ShapeError(
        WHERE,
        `query ${list(query.shape)}, key ${list(key.shape)} and value ${list(value.shape)} do not fit`,
        `They are ${shapes.join(", ")}, or all without N.`,
      );
    }
    const [batch, queries, keys] = [batches[0], ...lengths] as [number, number, number];
    return { batch, queries, keys, batchFirst };
  }

  override macs(inputs: readonly unknown[]): number {
    const [query, key, value] = inputs.filter((each) => each instanceof Tensor);
    if (!query || !key || !value) return 0;
    const { batch, queries, keys } = this.#layoutOf(query, key, value);
    const pairs = batch * queries * (keys + this.#addedKeys());
    // The projections; the scores, and the means of the values by them.
    return (query.numel + key.numel + value.numel + 2 * pairs) * this.#embedDim;
  }

  protected override extraRepr(): string {
    const embedDim = this.#embedDim;
    const usual = { ...defaults, kdim: embedDim, vdim: embedDim };
    return shownArguments(String(embedDim), String(this.#numHeads), shownOptions(this.#options, usual));
  }
}

const WHERE = "MultiheadAttention";

const defaults = { dropout: 0, bias: true, addBiasKv: false, addZeroAttn: false, batchFirst: false };

const list = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** A mask as numbers for the scores: true, which may not, is -∞. */
const additive = (mask: Tensor, { dtype }: Tensor): Tensor =>
  mask.dtype === "bool" ? where(mask, -Infinity, 0).to(dtype) : mask;

function checkMask(name: string, mask: Tensor, query: Tensor, shapes: readonly (readonly number[])[]): void {
  if (mask.dtype !== "bool" && mask.dtype !== query.dtype) {
    throw new DTypeError(
      WHERE,
      `${name} is ${mask.dtype}, the query ${query.dtype}`,
      "A mask is bool (true may not) or of the query's dtype (added to the scores).",
    );
  }
  if (shapes.some((shape) => list(shape) === list(mask.shape))) return;
  throw new ShapeError(
    WHERE,
    `${name} has the shape ${list(mask.shape)}`,
    `For these inputs it is ${shapes.map(list).join(" or ")}.`,
  );
}
