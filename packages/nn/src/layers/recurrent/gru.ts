import type { Tensor } from "@anneal/tensor";
import { gruCell } from "../../functional/recurrent/gru.ts";
import { Recurrent, type RecurrentOptions, type SequenceOptions } from "./recurrent.ts";

export type GRUOptions = RecurrentOptions;

/**
 * Gated recurrent units: at each step
 *
 * `r = σ(x · W_irᵀ + b_ir + h · W_hrᵀ + b_hr)`, `z = σ(x · W_izᵀ + b_iz + h · W_hzᵀ + b_hz)`,
 * `n = tanh(x · W_inᵀ + b_in + r (h · W_hnᵀ + b_hn))`, `h = (1 - z) n + z h`
 *
 * As in PyTorch, and not in the paper, the reset gate r comes after the product. Parameters are named as in PyTorch: `weight_ih_l0`,
 * [3 · H, in], holds W_ir, W_iz and W_in; `weight_hh_l0` is [3 · H, H], the biases are [3 · H]; the number is the layer's, and the way back
 * ends in `_reverse`. All start uniform in ±1/√H.
 *
 * @param inputSize - size of the last dimension of its input
 * @param hiddenSize - H, the numbers of a state
 * @throws {OptionError} if a size or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html | torch.nn.GRU}
 * @see {@link https://arxiv.org/abs/1406.1078 | Learning Phrase Representations using RNN Encoder-Decoder, Cho et al. 2014}
 * @example
 * const [output, hn] = new GRU(4, 8, { batchFirst: true, bidirectional: true }).forward(randn([3, 5, 4]));
 * output.shape; // => [3, 5, 16]
 * hn.shape; // => [2, 3, 8]
 */
export class GRU extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
    super(gruCell, inputSize, hiddenSize, options);
  }

  /**
   * @param x - [L, N, in], [N, L, in] with `batchFirst`, or one sequence, [L, in]
   * @param h0 - the states before the first step, [layers · D, N, H] or [layers · D, H], D being 2 if bidirectional; null: zeros
   * @returns the output of the last layer, shaped like `x` with D · H as the last size, and the last state of every layer, like `h0`
   * @throws {ShapeError | DTypeError | OptionError} if x, h0 or lengths do not fit
   */
  forward(x: Tensor, h0: Tensor | null = null, options: SequenceOptions = {}): [output: Tensor, hn: Tensor] {
    const { output, h } = this.run(x, h0, null, options);
    return [output, h];
  }
}
