import { ShapeError, type Tensor, zeros } from "@anneal/tensor";
import { checkSize, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import type { Cell, State } from "../../functional/recurrent/cell.ts";
import { recurrence } from "../../functional/recurrent/recurrence.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { checkDType, checkState } from "./check-input.ts";
import { uniformByHidden } from "./initial.ts";
import { macsOfSteps } from "./macs.ts";

export interface RecurrentCellOptions {
  /** Add `bias_ih` and `bias_hh`. @defaultValue true */
  readonly bias?: boolean;
}

/** The options of every kind. */
interface AllOptions extends RecurrentCellOptions {
  readonly nonlinearity?: "tanh" | "relu";
}

const defaults: Required<AllOptions> = { bias: true, nonlinearity: "tanh" };

/** What RNNCell, LSTMCell and GRUCell share: one step. */
export abstract class RecurrentCell extends Module {
  weight_ih: Parameter;
  weight_hh: Parameter;
  bias_ih: Parameter | null;
  bias_hh: Parameter | null;
  readonly #cell: Cell;
  readonly #sizes: readonly [inputSize: number, hiddenSize: number];
  readonly #options: Required<AllOptions>;

  constructor(cell: Cell, inputSize: number, hiddenSize: number, options: AllOptions) {
    super();
    const all = withDefaults(defaults, options);
    const { bias } = all;
    const { name } = this.constructor;
    checkSize(name, "inputSize", inputSize, 1);
    checkSize(name, "hiddenSize", hiddenSize, 1);
    this.#cell = cell;
    this.#sizes = [inputSize, hiddenSize];
    this.#options = all;
    const rows = cell.gates * hiddenSize;
    this.weight_ih = uniformByHidden([rows, inputSize], hiddenSize);
    this.weight_hh = uniformByHidden([rows, hiddenSize], hiddenSize);
    this.bias_ih = bias ? uniformByHidden([rows], hiddenSize) : null;
    this.bias_hh = bias ? uniformByHidden([rows], hiddenSize) : null;
  }

  /** @internal The new state. A state not given is zeros; only an LSTM has c. */
  protected step(x: Tensor, h: Tensor | null, c: Tensor | null): State {
    const { name } = this.constructor;
    const [inputSize] = this.#sizes;
    if ((x.ndim !== 1 && x.ndim !== 2) || x.shape.at(-1) !== inputSize) {
      const what = `x has the shape [${x.shape.join(", ")}]`;
      throw new ShapeError(name, what, `It takes [N, in] or [in] with in = ${inputSize}.`);
    }
    checkDType(name, "x", x, this.weight_ih);
    const start = { h: this.#start(x, "h", h), c: this.#cell.hasC ? this.#start(x, "c", c) : null };
    const steps = x.ndim === 1 ? x.reshape([1, 1, inputSize]) : x.unsqueeze(0);
    const weights = {
      weightIh: this.weight_ih,
      weightHh: this.weight_hh,
      biasIh: this.bias_ih,
      biasHh: this.bias_hh,
      weightHr: null,
    };
    const { last } = recurrence(this.#cell, steps, weights, start, { reverse: false, mask: null });
    return x.ndim === 1 ? { h: last.h.squeeze(0), c: last.c ? last.c.squeeze(0) : null } : last;
  }

  /** [N, H] */
  #start(x: Tensor, what: string, given: Tensor | null): Tensor {
    const shape = [...x.shape.slice(0, -1), this.#sizes[1]];
    const { dtype } = this.weight_ih;
    if (given) checkState(this.constructor.name, what, given, shape, this.weight_ih);
    const state = given ?? zeros(shape, { dtype, device: x.device });
    return x.ndim === 1 ? state.unsqueeze(0) : state;
  }

  override macs([x]: readonly unknown[]): number {
    return macsOfSteps(this, x, this.#sizes[0]);
  }

  protected override extraRepr(): string {
    return shownArguments(...this.#sizes.map(String), shownOptions(this.#options, defaults));
  }
}
