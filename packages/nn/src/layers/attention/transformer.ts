import { full, type Tensor, type TensorOptions } from "@anneal/tensor";
import { xavierUniform_ } from "../../init/xavier.ts";
import { Module } from "../../module/module.ts";
import { LayerNorm } from "../normalization/layer-norm.ts";
import { TransformerDecoder } from "./transformer-decoder.ts";
import { type DecoderMasks, TransformerDecoderLayer } from "./transformer-decoder-layer.ts";
import { type EncoderMasks, TransformerEncoder } from "./transformer-encoder.ts";
import { TransformerEncoderLayer } from "./transformer-encoder-layer.ts";
import { checkSequences, layerOptions, type TransformerLayerOptions } from "./transformer-layer.ts";

/** What a {@link Transformer} needs of an encoder. */
export interface Encoder extends Module {
  forward(src: Tensor, masks?: EncoderMasks): Tensor;
}

/** What a {@link Transformer} needs of a decoder. */
export interface Decoder extends Module {
  forward(tgt: Tensor, memory: Tensor, masks?: DecoderMasks): Tensor;
}

export interface TransformerOptions extends TransformerLayerOptions {
  /** @defaultValue 6 */
  readonly numEncoderLayers?: number;
  /** @defaultValue 6 */
  readonly numDecoderLayers?: number;
  /** Instead of one of `numEncoderLayers`. Its matrices are drawn anew. @defaultValue null */
  readonly customEncoder?: Encoder | null;
  /** Instead of one of `numDecoderLayers`. Its matrices are drawn anew. @defaultValue null */
  readonly customDecoder?: Decoder | null;
}

/** In every mask true means "may not attend", and floats are added to the scores. */
export interface TransformerMasks extends DecoderMasks {
  /** Who may not attend to whom within `src`, [S, S] or [N · nhead, S, S]. @defaultValue null */
  readonly srcMask?: Tensor | null;
  /** Positions of `src` that nobody may attend to, [N, S] or [S]. Give the decoder the same as `memoryKeyPaddingMask`. @defaultValue null */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Attend to no later position of `src`. Where there is a `srcMask` that decides alone. @defaultValue false */
  readonly srcIsCausal?: boolean;
}

/**
 * An encoder and a decoder that attends to its result, each with a layer normalization at its end.
 *
 * All matrices start uniform in ±√(6 / (in + out)).
 *
 * @param dModel - size of each position, E
 * @param nhead - heads of each attention; must divide `dModel`
 * @throws {OptionError} if an option is out of its range, or `nhead` does not divide `dModel`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html | torch.nn.Transformer}
 * @see {@link https://arxiv.org/abs/1706.03762 | Attention Is All You Need, Vaswani et al. 2017}
 * @example
 * const model = new Transformer(8, 2, { numEncoderLayers: 1, numDecoderLayers: 1, batchFirst: true });
 * const [src, tgt] = [randn([2, 7, 8]), randn([2, 5, 8])];
 * model.forward(src, tgt, { tgtIsCausal: true }).shape; // => [2, 5, 8]
 */
export class Transformer extends Module {
  encoder: Encoder;
  decoder: Decoder;
  readonly #dModel: number;
  readonly #batchFirst: boolean;

  constructor(dModel = 512, nhead = 8, options: TransformerOptions = {}) {
    super();
    const { numEncoderLayers = 6, numDecoderLayers = 6, customEncoder, customDecoder, ...layer } = options;
    const { layerNormEps: eps, bias, batchFirst } = layerOptions("Transformer", dModel, nhead, layer);
    const norm = () => new LayerNorm(dModel, { eps, bias });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(() => new TransformerEncoderLayer(dModel, nhead, layer), numEncoderLayers, {
        norm: norm(),
      });
    this.decoder =
      customDecoder ??
      new TransformerDecoder(() => new TransformerDecoderLayer(dModel, nhead, layer), numDecoderLayers, {
        norm: norm(),
      });
    this.#dModel = dModel;
    this.#batchFirst = batchFirst;
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  /**
   * A mask for sequences in which nobody attends to a later position: -∞ above the diagonal, 0 elsewhere.
   *
   * @returns [size, size]
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html | torch.nn.Transformer}
   * @example
   * await Transformer.generateSquareSubsequentMask(2).array(); // => [[0, -Infinity], [0, 0]]
   */
  static generateSquareSubsequentMask(size: number, options: TensorOptions = {}): Tensor {
    return full([size, size], -Infinity, options).triu(1);
  }

  /**
   * @param src - what the encoder reads, [S, N, E], or [N, S, E] with `batchFirst`, or [S, E]
   * @param tgt - what the decoder reads, [T, N, E], or [N, T, E], or [T, E]
   * @returns the shape of `tgt`
   * @throws {ShapeError} if their shapes or those of the masks do not fit
   */
  forward(
    src: Tensor,
    tgt: Tensor,
    { srcMask = null, srcKeyPaddingMask = null, srcIsCausal = false, ...masks }: TransformerMasks = {},
  ): Tensor {
    checkSequences("Transformer", this.#dModel, this.#batchFirst, { src, tgt });
    const memory = this.encoder.forward(src, { mask: srcMask, srcKeyPaddingMask, isCausal: srcIsCausal });
    return this.decoder.forward(tgt, memory, masks);
  }
}
