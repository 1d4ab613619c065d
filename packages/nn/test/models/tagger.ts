import type { Tensor } from "@anneal/tensor";
import { LayerNorm, Linear, Module, TransformerEncoder, TransformerEncoderLayer } from "../../src/index.ts";

/** A transformer's encoder: scores of 3 labels for each position of sequences, [N, S, 3]. */
export class Tagger extends Module {
  proj = new Linear(3, 4);
  encoder: TransformerEncoder;
  fc = new Linear(4, 3);

  constructor({ normFirst }: { readonly normFirst: boolean }) {
    super();
    const options = { dimFeedforward: 6, activation: "gelu", batchFirst: true, normFirst } as const;
    this.encoder = new TransformerEncoder(() => new TransformerEncoderLayer(4, 2, options), 2, {
      norm: normFirst ? new LayerNorm(4) : null,
    });
  }

  forward(src: Tensor, padding: Tensor): Tensor {
    return this.fc.forward(this.encoder.forward(this.proj.forward(src), { srcKeyPaddingMask: padding }));
  }
}
