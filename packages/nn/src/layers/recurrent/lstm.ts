import type { Tensor } from "@anneal/tensor";
import { lstmCell } from "../../functional/recurrent/lstm.ts";
import { Recurrent, type RecurrentOptions, type SequenceOptions } from "./recurrent.ts";

export interface LSTMOptions extends RecurrentOptions {
  /** P: a learned product makes a state of so many numbers from h, below hiddenSize; 0: none, P is H. @defaultValue 0 */
  readonly projSize?: number;
}

/**
 * Long short-term memory: at each step
 *
 * `i = σ(x · W_iiᵀ + b_ii + h · W_hiᵀ + b_hi)`, f, g and o likewise, but g with tanh; `c = f c + i g`, `h = o tanh(c)`, and with
 * `projSize` then `h = h · W_hrᵀ`
 *
 * Parameters are named as in PyTorch: `weight_ih_l0`, [4 · H, in], holds the rows of i, f, g and o; `weight_hh_l0` is [4 · H, P], the biases
 * are [4 · H], `weight_hr_l0` is [P, H]; the number is the layer's, and the way back ends in `_reverse`. All start uniform in ±1/√H.
 *
 * @param inputSize - size of the last dimension of its input
 * @param hiddenSize - H, the numbers of c
 * @throws {OptionError} if a size or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html | torch.nn.LSTM}
 * @see {@link https://www.bioinf.jku.at/publications/older/2604.pdf | Long Short-Term Memory, Hochreiter & Schmidhuber 1997}
 * @example
 * const lstm = new LSTM(4, 8, { batchFirst: true });
 * const [output, [hn, cn]] = lstm.forward(randn([3, 5, 4]));
 * output.shape; // => [3, 5, 8]
 * const [more] = lstm.forward(randn([3, 2, 4]), [hn, cn]); // goes on where that ended
 */
export class LSTM extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    super(lstmCell, inputSize, hiddenSize, options);
  }

  /**
   * @param x - [L, N, in], [N, L, in] with `batchFirst`, or one sequence, [L, in]
   * @param start - h0 and c0, the states before the first step, [layers · D, N, P] and [layers · D, N, H] (without N for one sequence), D being
   * 2 if bidirectional; null: zeros
   * @returns the output of the last layer, shaped like `x` with D · P as the last size, and the last states of every layer, like `start`
   * @throws {ShapeError | DTypeError | OptionError} if x, h0, c0 or lengths do not fit
   */
  forward(
    x: Tensor,
    start: readonly [h0: Tensor, c0: Tensor] | null = null,
    options: SequenceOptions = {},
  ): [output: Tensor, last: [hn: Tensor, cn: Tensor]] {
    const { output, h, c } = this.run(x, start?.[0] ?? null, start?.[1] ?? null, options);
    return [output, [h, c as Tensor]];
  }
}
