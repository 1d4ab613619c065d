import type { Tensor } from "@anneal/tensor";
import { checkSize } from "../../check-options.ts";
import { type Layer, Module } from "../../module/module.ts";
import { ModuleList } from "../containers/module-list.ts";
import type { DecoderMasks } from "./transformer-decoder-layer.ts";

/** What a {@link TransformerDecoder} needs of its layers. */
export interface DecoderLayer extends Module {
  forward(tgt: Tensor, memory: Tensor, masks?: DecoderMasks): Tensor;
}

export interface TransformerDecoderOptions {
  /** Comes after the last layer: a `LayerNorm`, above all where layers normalize first. @defaultValue null */
  readonly norm?: Layer | null;
}

/**
 * Layers of a decoder one after the other. Unlike PyTorch's it takes a function that makes a layer: each has initial values of its own, where
 * PyTorch's copies of one layer start equal.
 *
 * @param makeLayer - called once for each layer
 * @param numLayers - how many there are
 * @throws {OptionError} if `numLayers` is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html | torch.nn.TransformerDecoder}
 * @example
 * const decoder = new TransformerDecoder(() => new TransformerDecoderLayer(8, 2, { batchFirst: true }), 3);
 * const memory = randn([2, 4, 8]);
 * decoder.forward(randn([2, 5, 8]), memory, { tgtIsCausal: true }).shape; // => [2, 5, 8]
 */
export class TransformerDecoder extends Module {
  layers: ModuleList<DecoderLayer>;
  norm: Layer | null;

  constructor(makeLayer: () => DecoderLayer, numLayers: number, { norm = null }: TransformerDecoderOptions = {}) {
    super();
    checkSize("TransformerDecoder", "numLayers", numLayers, 1);
    this.layers = new ModuleList(Array.from({ length: numLayers }, makeLayer));
    this.norm = norm;
  }

  /**
   * @param tgt - [T, N, E], or [N, T, E] if its layers have `batchFirst`, or [T, E]
   * @param memory - the encoder's result, [S, N, E], or [N, S, E], or [S, E]
   * @returns the shape of `tgt`
   */
  forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    const last = [...this.layers].reduce((x, layer) => layer.forward(x, memory, masks), tgt);
    return this.norm ? this.norm.forward(last) : last;
  }
}
