import type { Tensor } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { type Layer, Module } from "../../module/module.ts";
import { ModuleList } from "../containers/module-list.ts";
import type { EncoderLayerMasks } from "./transformer-encoder-layer.ts";

/** What a {@link TransformerEncoder} needs of its layers. */
export interface EncoderLayer extends Module {
  forward(src: Tensor, masks?: EncoderLayerMasks): Tensor;
}

export interface TransformerEncoderOptions {
  /** Comes after the last layer: a `LayerNorm`, above all where layers normalize first. @defaultValue null */
  readonly norm?: Layer | null;
}

/** As a layer's, where `mask` is its `srcMask`. */
export interface EncoderMasks extends Omit<EncoderLayerMasks, "srcMask"> {
  /** Who may not attend to whom, [S, S] or [N · nhead, S, S]. @defaultValue null */
  readonly mask?: Tensor | null;
}

/**
 * Layers of an encoder one after the other. Unlike PyTorch's it takes a function that makes a layer: each has initial values of its own, where
 * PyTorch's copies of one layer start equal.
 *
 * @param makeLayer - called once for each layer
 * @param numLayers - how many there are
 * @throws {OptionError} if `numLayers` is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html | torch.nn.TransformerEncoder}
 * @example
 * const encoder = new TransformerEncoder(() => new TransformerEncoderLayer(8, 2, { batchFirst: true }), 3);
 * const padding = tensor([[false, false, false, true], [false, false, true, true]]); // true: not there
 * encoder.forward(randn([2, 4, 8]), { srcKeyPaddingMask: padding }).shape; // => [2, 4, 8]
 */
export class TransformerEncoder extends Module {
  layers: ModuleList<EncoderLayer>;
  norm: Layer | null;

  constructor(makeLayer: () => EncoderLayer, numLayers: number, { norm = null }: TransformerEncoderOptions = {}) {
    super();
    checkSize("TransformerEncoder", "numLayers", numLayers, 1);
    this.layers = new ModuleList(Array.from({ length: numLayers }, makeLayer));
    this.norm = norm;
  }

  /** @param src - [S, N, E], or [N, S, E] if its layers have `batchFirst`, or [S, E] @returns the same shape */
  forward(src: Tensor, { mask = null, ...masks }: EncoderMasks = {}): Tensor {
    const last = [...this.layers].reduce((x, layer) => layer.forward(x, { srcMask: mask, ...masks }), src);
    return this.norm ? this.norm.forward(last) : last;
  }
}
