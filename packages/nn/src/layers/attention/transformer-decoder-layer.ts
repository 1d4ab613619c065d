import type { Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import { Dropout } from "../dropout/dropout.ts";
import { Linear } from "../linear/linear.ts";
import { LayerNorm } from "../normalization/layer-norm.ts";
import { MultiheadAttention } from "./multihead-attention.ts";
import {
  type Activation,
  activate,
  checkSequences,
  layerOptions,
  shownLayer,
  type TransformerLayerOptions,
} from "./transformer-layer.ts";

/** In every mask true means "may not attend", and floats are added to the scores. */
export interface DecoderMasks {
  /** Who may not attend to whom within `tgt`, [T, T] or [N · nhead, T, T]. @defaultValue null */
  readonly tgtMask?: Tensor | null;
  /** Which position of `tgt` may not attend to which of `memory`, [T, S] or [N · nhead, T, S]. @defaultValue null */
  readonly memoryMask?: Tensor | null;
  /** Positions of `tgt` that nobody may attend to, [N, T] or [T]. @defaultValue null */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** Positions of `memory` that nobody may attend to, [N, S] or [S]. @defaultValue null */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** Attend to no later position of `tgt`. Where there is a `tgtMask` that decides alone. @defaultValue false */
  readonly tgtIsCausal?: boolean;
  /** Attend to no later position of `memory`. Where there is a `memoryMask` that decides alone. @defaultValue false */
  readonly memoryIsCausal?: boolean;
}

/**
 * One layer of a transformer's decoder: self-attention, then attention to the encoder's result, then a feed-forward network of one hidden
 * layer, each added to what went in.
 *
 * `x = norm1(tgt + attention(tgt))`, `y = norm2(x + attention(x, memory))`, `norm3(y + linear2(activation(linear1(y))))`; with `normFirst`
 * each block normalizes what goes in (not `memory`) instead of the sum.
 *
 * @param dModel - size of each position, E
 * @param nhead - heads of both attentions; must divide `dModel`
 * @throws {OptionError} if an option is out of its range, or `nhead` does not divide `dModel`
 * @throws {ShapeError | DTypeError} from `forward`, if inputs or masks do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html | torch.nn.TransformerDecoderLayer}
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention Is All You Need, Vaswani et al. 2017}
 * @example
 * const layer = new TransformerDecoderLayer(8, 2, { dimFeedforward: 32, batchFirst: true });
 * const memory = randn([3, 7, 8]);
 * layer.forward(randn([3, 5, 8]), memory, { tgtIsCausal: true }).shape; // => [3, 5, 8]
 */
export class TransformerDecoderLayer extends Module {
  self_attn: MultiheadAttention;
  multihead_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  activation: Activation;
  readonly #dModel: number;
  readonly #batchFirst: boolean;
  readonly #normFirst: boolean;
  readonly #shown: string;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const all = layerOptions("TransformerDecoderLayer", dModel, nhead, options);
    const { dimFeedforward, dropout, activation, layerNormEps: eps, batchFirst, normFirst, bias } = all;
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst });
    this.multihead_attn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias });
    this.norm1 = new LayerNorm(dModel, { eps, bias });
    this.norm2 = new LayerNorm(dModel, { eps, bias });
    this.norm3 = new LayerNorm(dModel, { eps, bias });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activation;
    this.#dModel = dModel;
    this.#batchFirst = batchFirst;
    this.#normFirst = normFirst;
    this.#shown = shownLayer(dModel, nhead, all);
  }

  /**
   * @param tgt - [T, N, E], or [N, T, E] with `batchFirst`, or [T, E]
   * @param memory - the encoder's result, [S, N, E], or [N, S, E], or [S, E]
   * @returns the shape of `tgt`
   */
  forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    checkSequences("TransformerDecoderLayer", this.#dModel, this.#batchFirst, { tgt, memory });
    if (this.#normFirst) {
      const x = tgt.add(this.#attendToSelf(this.norm1.forward(tgt), masks));
      const y = x.add(this.#attendToMemory(this.norm2.forward(x), memory, masks));
      return y.add(this.#feedForward(this.norm3.forward(y)));
    }
    const x = this.norm1.forward(tgt.add(this.#attendToSelf(tgt, masks)));
    const y = this.norm2.forward(x.add(this.#attendToMemory(x, memory, masks)));
    return this.norm3.forward(y.add(this.#feedForward(y)));
  }

  #attendToSelf(x: Tensor, { tgtMask = null, tgtKeyPaddingMask = null, tgtIsCausal = false }: DecoderMasks): Tensor {
    const masks = { attnMask: tgtMask, keyPaddingMask: tgtKeyPaddingMask, isCausal: tgtIsCausal };
    const [attended] = this.self_attn.forward(x, x, x, { ...masks, needWeights: false });
    return this.dropout1.forward(attended);
  }

  #attendToMemory(
    x: Tensor,
    memory: Tensor,
    { memoryMask = null, memoryKeyPaddingMask = null, memoryIsCausal = false }: DecoderMasks,
  ): Tensor {
    const masks = { attnMask: memoryMask, keyPaddingMask: memoryKeyPaddingMask, isCausal: memoryIsCausal };
    const [attended] = this.multihead_attn.forward(x, memory, memory, { ...masks, needWeights: false });
    return this.dropout2.forward(attended);
  }

  #feedForward(x: Tensor): Tensor {
    const hidden = this.dropout.forward(activate(this.activation, this.linear1.forward(x)));
    return this.dropout3.forward(this.linear2.forward(hidden));
  }

  protected override extraRepr(): string {
    return this.#shown;
  }
}
