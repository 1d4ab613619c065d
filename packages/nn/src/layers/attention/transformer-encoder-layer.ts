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
export interface EncoderLayerMasks {
  /** Who may not attend to whom, [S, S] or [N · nhead, S, S]. @defaultValue null */
  readonly srcMask?: Tensor | null;
  /** Positions that nobody may attend to, [N, S] or [S]. @defaultValue null */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Attend to no later position. Where there is a `srcMask` that decides alone. @defaultValue false */
  readonly isCausal?: boolean;
}

/**
 * One layer of a transformer's encoder: self-attention, then a feed-forward network of one hidden layer, each added to what went in.
 *
 * `x = norm1(src + attention(src))`, `norm2(x + linear2(activation(linear1(x))))`; with `normFirst` `x = src + attention(norm1(src))`,
 * `x + linear2(activation(linear1(norm2(x))))`.
 *
 * @param dModel - size of each position, E
 * @param nhead - heads of the attention; must divide `dModel`
 * @throws {OptionError} if an option is out of its range, or `nhead` does not divide `dModel`
 * @throws {ShapeError | DTypeError} from `forward`, if inputs or masks do not fit
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html | torch.nn.TransformerEncoderLayer}
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention Is All You Need, Vaswani et al. 2017}
 * @see {@link https://arxiv.org/abs/2002.04745 | On Layer Normalization in the Transformer Architecture, Xiong et al. 2020}, for `normFirst`
 * @example
 * const layer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 32, batchFirst: true });
 * layer.forward(randn([3, 5, 8]), { isCausal: true }).shape; // => [3, 5, 8]
 */
export class TransformerEncoderLayer extends Module {
  self_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  activation: Activation;
  readonly #dModel: number;
  readonly #batchFirst: boolean;
  readonly #normFirst: boolean;
  readonly #shown: string;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const all = layerOptions("TransformerEncoderLayer", dModel, nhead, options);
    const { dimFeedforward, dropout, activation, layerNormEps: eps, batchFirst, normFirst, bias } = all;
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias });
    this.norm1 = new LayerNorm(dModel, { eps, bias });
    this.norm2 = new LayerNorm(dModel, { eps, bias });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activation;
    this.#dModel = dModel;
    this.#batchFirst = batchFirst;
    this.#normFirst = normFirst;
    this.#shown = shownLayer(dModel, nhead, all);
  }

  /** @param src - [S, N, E], or [N, S, E] with `batchFirst`, or [S, E] @returns the same shape */
  forward(src: Tensor, masks: EncoderLayerMasks = {}): Tensor {
    checkSequences("TransformerEncoderLayer", this.#dModel, this.#batchFirst, { src });
    if (this.#normFirst) {
      const x = src.add(this.#attend(this.norm1.forward(src), masks));
      return x.add(this.#feedForward(this.norm2.forward(x)));
    }
    const x = this.norm1.forward(src.add(this.#attend(src, masks)));
    return this.norm2.forward(x.add(this.#feedForward(x)));
  }

  #attend(x: Tensor, { srcMask = null, srcKeyPaddingMask = null, isCausal = false }: EncoderLayerMasks): Tensor {
    const masks = { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, isCausal };
    const [attended] = this.self_attn.forward(x, x, x, { ...masks, needWeights: false });
    return this.dropout1.forward(attended);
  }

  #feedForward(x: Tensor): Tensor {
    const hidden = this.dropout.forward(activate(this.activation, this.linear1.forward(x)));
    return this.dropout2.forward(this.linear2.forward(hidden));
  }

  protected override extraRepr(): string {
    return this.#shown;
  }
}
