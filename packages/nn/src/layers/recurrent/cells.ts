import type { Tensor } from "@anneal/tensor";
import { gruCell } from "../../functional/recurrent/gru.ts";
import { lstmCell } from "../../functional/recurrent/lstm.ts";
import { elmanCell } from "../../functional/recurrent/rnn.ts";
import { RecurrentCell, type RecurrentCellOptions } from "./recurrent-cell.ts";

export interface RNNCellOptions extends RecurrentCellOptions {
  /** @defaultValue "tanh" */
  readonly nonlinearity?: "tanh" | "relu";
}

/**
 * One step of an {@link RNN}: `h = tanh(x · weight_ihᵀ + bias_ih + h · weight_hhᵀ + bias_hh)`. Parameters start uniform in ±1/√H.
 *
 * @param inputSize - size of the last dimension of its input
 * @param hiddenSize - H, the numbers of a state
 * @throws {OptionError} if a size or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNCell.html | torch.nn.RNNCell}
 * @example
 * const cell = new RNNCell(4, 8);
 * let h = zeros([3, 8]);
 * for (let step = 0; step < 5; step++) h = cell.forward(randn([3, 4]), h);
 */
export class RNNCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    super(elmanCell("RNNCell", options.nonlinearity), inputSize, hiddenSize, options);
  }

  /**
   * @param x - [N, in] or [in]
   * @param h - the state before, [N, H] or [H]; null: zeros
   * @returns the new state, like `h`
   * @throws {ShapeError | DTypeError} if they do not fit
   */
  forward(x: Tensor, h: Tensor | null = null): Tensor {
    return this.step(x, h, null).h;
  }
}

/**
 * One step of an {@link LSTM}: `c = f c + i g`, `h = o tanh(c)`. Parameters start uniform in ±1/√H.
 *
 * @param inputSize - size of the last dimension of its input
 * @param hiddenSize - H, the numbers of a state
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html | torch.nn.LSTMCell}
 * @example
 * const cell = new LSTMCell(4, 8);
 * let state: [Tensor, Tensor] | null = null;
 * for (let step = 0; step < 5; step++) state = cell.forward(randn([3, 4]), state);
 */
export class LSTMCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions = {}) {
    super(lstmCell, inputSize, hiddenSize, options);
  }

  /**
   * @param x - [N, in] or [in]
   * @param state - h and c before, [N, H] or [H] each; null: zeros
   * @returns the new h and c
   * @throws {ShapeError | DTypeError} if they do not fit
   */
  forward(x: Tensor, state: readonly [h: Tensor, c: Tensor] | null = null): [h: Tensor, c: Tensor] {
    const { h, c } = this.step(x, state?.[0] ?? null, state?.[1] ?? null);
    return [h, c as Tensor];
  }
}

/**
 * One step of a {@link GRU}: `h = (1 - z) n + z h`. Parameters start uniform in ±1/√H.
 *
 * @param inputSize - size of the last dimension of its input
 * @param hiddenSize - H, the numbers of a state
 * @throws {OptionError} if a size is no integer from 1 on
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html | torch.nn.GRUCell}
 * @example
 * const cell = new GRUCell(4, 8);
 * cell.forward(randn([3, 4]), zeros([3, 8])).shape; // => [3, 8]
 */
export class GRUCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentCellOptions = {}) {
    super(gruCell, inputSize, hiddenSize, options);
  }

  /**
   * @param x - [N, in] or [in]
   * @param h - the state before, [N, H] or [H]; null: zeros
   * @returns the new state, like `h`
   * @throws {ShapeError | DTypeError} if they do not fit
   */
  forward(x: Tensor, h: Tensor | null = null): Tensor {
    return this.step(x, h, null).h;
  }
}
