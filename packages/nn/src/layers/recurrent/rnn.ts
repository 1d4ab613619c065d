import type { Tensor } from "@anneal/tensor";
import { elmanCell } from "../../functional/recurrent/rnn.ts";
import { Recurrent, type RecurrentOptions, type SequenceOptions } from "./recurrent.ts";

export interface RNNOptions extends RecurrentOptions {
  /** @defaultValue "tanh" */
  readonly nonlinearity?: "tanh" | "relu";
}

/**
 * Elman's recurrent network: at each step `h = tanh(x · weight_ihᵀ + bias_ih + h · weight_hhᵀ + bias_hh)`.
 *
 * Parameters are named as in PyTorch: `weight_ih_l0` is [H, in], `weight_hh_l0` [H, H], the biases are [H]; the number is the layer's, and
 * the way back ends in `_reverse`. All start uniform in ±1/√H.
 *
 * @param inputSize - size of the last dimension of its input
 * @param hiddenSize - H, the numbers of a state
 * @throws {OptionError} if a size or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html | torch.nn.RNN}
 * @example
 * const [output, hn] = new RNN(4, 8, { numLayers: 2 }).forward(randn([5, 3, 4]));
 * output.shape; // => [5, 3, 8]
 * hn.shape; // => [2, 3, 8]
 */
export class RNN extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    super(elmanCell("RNN", options.nonlinearity), inputSize, hiddenSize, options);
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
