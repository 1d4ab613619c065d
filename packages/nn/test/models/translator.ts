import type { Tensor } from "@anneal/tensor";
import {
  LayerNorm,
  Linear,
  Module,
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "../../src/index.ts";

/** A transformer's encoder and decoder: the next position of sequences, [T, N, 2], from those before and other sequences, [S, N, 3]. */
export class Translator extends Module {
  src_proj = new Linear(3, 4);
  tgt_proj = new Linear(2, 4);
  encoder: TransformerEncoder;
  decoder: TransformerDecoder;
  fc = new Linear(4, 2);

  constructor({ normFirst }: { readonly normFirst: boolean }) {
    super();
    const options = { dimFeedforward: 6, normFirst };
    this.encoder = new TransformerEncoder(() => new TransformerEncoderLayer(4, 2, options), 1);
    this.decoder = new TransformerDecoder(() => new TransformerDecoderLayer(4, 2, options), 2, {
      norm: new LayerNorm(4),
    });
  }

  forward(src: Tensor, tgt: Tensor, srcPadding: Tensor, tgtPadding: Tensor): Tensor {
    const memory = this.encoder.forward(this.src_proj.forward(src), { srcKeyPaddingMask: srcPadding });
    const [length = 0] = tgt.shape;
    const decoded = this.decoder.forward(this.tgt_proj.forward(tgt), memory, {
      tgtMask: Transformer.generateSquareSubsequentMask(length, { dtype: src.dtype }),
      tgtIsCausal: true,
      tgtKeyPaddingMask: tgtPadding,
      memoryKeyPaddingMask: srcPadding,
    });
    return this.fc.forward(decoded);
  }
}
