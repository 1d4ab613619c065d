import { cat, OptionError, ShapeError, stack, type Tensor, where, zeros } from "@anneal/tensor";
import { checkProbability, checkSize, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { dropout } from "../../functional/dropout.ts";
import type { Cell, State } from "../../functional/recurrent/cell.ts";
import { type RecurrentWeights, recurrence } from "../../functional/recurrent/recurrence.ts";
import { Module } from "../../module/module.ts";
import type { Parameter } from "../../module/parameter.ts";
import { checkDType, checkState } from "./check-input.ts";
import { uniformByHidden } from "./initial.ts";
import { presentSteps } from "./lengths.ts";
import { macsOfSteps } from "./macs.ts";

export interface RecurrentOptions {
  /** Layers, each fed with the output of the one before. @defaultValue 1 */
  readonly numLayers?: number;
  /** Add `bias_ih` and `bias_hh`. @defaultValue true */
  readonly bias?: boolean;
  /** Input and output are [N, L, ...] instead of [L, N, ...]; states are the same either way. @defaultValue false */
  readonly batchFirst?: boolean;
  /** Probability of an element to be dropped between layers, in training, 0 to 1. @defaultValue 0 */
  readonly dropout?: number;
  /** Each layer runs over the sequence both ways, and its output is both side by side. @defaultValue false */
  readonly bidirectional?: boolean;
}

export interface SequenceOptions {
  /**
   * How many steps each sequence of the batch has, [N], 0 to L; the others are padding. The last state of a sequence is then that after its
   * own last step, the way back begins there, and the output of padding is 0: the numbers of PyTorch's `pack_padded_sequence` and
   * `pad_packed_sequence`. @defaultValue null: all have L
   */
  readonly lengths?: Tensor | readonly number[] | null;
}

/** The options of every kind. */
interface AllOptions extends RecurrentOptions {
  readonly nonlinearity?: "tanh" | "relu";
  readonly projSize?: number;
}

const defaults: Required<AllOptions> = {
  nonlinearity: "tanh",
  numLayers: 1,
  bias: true,
  batchFirst: false,
  dropout: 0,
  bidirectional: false,
  projSize: 0,
};

interface Result {
  /** Of the last layer, shaped like the input. */
  readonly output: Tensor;
  /** Of every layer and direction, [layers · D, N, P] or [layers · D, P]. */
  readonly h: Tensor;
  /** An LSTM's, [layers · D, N, H] or [layers · D, H]. */
  readonly c: Tensor | null;
}

/** A layer in one direction; `at` ends the names of its parameters. */
interface Place {
  readonly at: string;
  readonly reverse: boolean;
}

/** What RNN, LSTM and GRU share: everything but the cell. */
export abstract class Recurrent extends Module {
  /** Parameters by PyTorch's names: `weight_ih_l0`, `weight_hh_l0`, with a projection `weight_hr_l0`; the way back ends in `_reverse`. */
  [weight: `weight_${string}`]: Parameter;
  /** `bias_ih_l0` and `bias_hh_l0`. */
  [bias: `bias_${string}`]: Parameter;
  readonly #cell: Cell;
  readonly #sizes: readonly [inputSize: number, hiddenSize: number];
  readonly #options: Required<AllOptions>;
  readonly #layers: readonly (readonly Place[])[];

  constructor(cell: Cell, inputSize: number, hiddenSize: number, options: AllOptions) {
    super();
    const all = withDefaults(defaults, options);
    const { numLayers, dropout: p, bidirectional, projSize } = all;
    const { name } = this.constructor;
    checkSize(name, "inputSize", inputSize, 1);
    checkSize(name, "hiddenSize", hiddenSize, 1);
    checkSize(name, "numLayers", numLayers, 1);
    checkProbability(name, "dropout", p);
    checkSize(name, "projSize", projSize, 0);
    if (projSize >= hiddenSize) {
      const what = `projSize ${projSize} is not below hiddenSize ${hiddenSize}`;
      throw new OptionError(name, what, "A projection makes the state smaller; 0 is none.");
    }
    if (p > 0 && numLayers === 1) {
      console.warn(`${name}: dropout ${p} drops between layers, and there is one. Give numLayers too, or no dropout.`);
    }
    this.#cell = cell;
    this.#sizes = [inputSize, hiddenSize];
    this.#options = all;
    this.#layers = Array.from({ length: numLayers }, (_, layer) =>
      [false, ...(bidirectional ? [true] : [])].map((reverse) => ({
        at: `l${layer}${reverse ? "_reverse" : ""}`,
        reverse,
      })),
    );
    this.#makeWeights();
  }

  /** Numbers of a state, h: [N, P]. */
  get #stateSize(): number {
    return this.#options.projSize || this.#sizes[1];
  }

  #makeWeights(): void {
    const [inputSize, hiddenSize] = this.#sizes;
    const { bias, projSize } = this.#options;
    const rows = this.#cell.gates * hiddenSize;
    const make = (...shape: number[]): Parameter => uniformByHidden(shape, hiddenSize);
    for (const [layer, places] of this.#layers.entries()) {
      const width = layer === 0 ? inputSize : this.#stateSize * places.length;
      for (const { at } of places) {
        this[`weight_ih_${at}`] = make(rows, width);
        this[`weight_hh_${at}`] = make(rows, this.#stateSize);
        if (bias) {
          this[`bias_ih_${at}`] = make(rows);
          this[`bias_hh_${at}`] = make(rows);
        }
        if (projSize > 0) this[`weight_hr_${at}`] = make(projSize, hiddenSize);
      }
    }
  }

  #weightsAt(at: string): RecurrentWeights {
    return {
      weightIh: this[`weight_ih_${at}`] as Parameter,
      weightHh: this[`weight_hh_${at}`] as Parameter,
      biasIh: this[`bias_ih_${at}`] ?? null,
      biasHh: this[`bias_hh_${at}`] ?? null,
      weightHr: this[`weight_hr_${at}`] ?? null,
    };
  }

  /** @internal All layers. States not given start as zeros; only an LSTM has c. */
  protected run(x: Tensor, h0: Tensor | null, c0: Tensor | null, { lengths = null }: SequenceOptions): Result {
    const { batchFirst, dropout: p } = this.#options;
    this.#checkInput(x);
    const single = x.ndim === 2;
    const steps = single ? x.unsqueeze(1) : batchFirst ? x.transpose(0, 1) : x;
    const [length, batch] = steps.shape as [number, number];
    const mask = lengths && presentSteps(this.constructor.name, lengths, x, length, batch);
    const h = this.#start(x, "h0", h0, batch, this.#stateSize);
    const c = this.#cell.hasC ? this.#start(x, "c0", c0, batch, this.#sizes[1]) : null;
    const ends: State[] = [];
    let y = steps;
    for (const places of this.#layers) {
      const input = ends.length === 0 ? y : dropout(y, { p, training: this.training });
      const outputs = places.map(({ at, reverse }) => {
        const start = { h: h.select(0, ends.length), c: c ? c.select(0, ends.length) : null };
        const { output, last } = recurrence(this.#cell, input, this.#weightsAt(at), start, { reverse, mask });
        ends.push(last);
        return output;
      });
      y = outputs.length === 1 ? (outputs[0] as Tensor) : cat(outputs, -1);
    }
    const output = mask ? where(mask, y, 0) : y;
    const all = (states: Tensor[]): Tensor => (single ? stack(states).squeeze(1) : stack(states));
    return {
      output: single ? output.squeeze(1) : batchFirst ? output.transpose(0, 1) : output,
      h: all(ends.map((end) => end.h)),
      c: c && all(ends.map((end) => end.c as Tensor)),
    };
  }

  /** The states before the first step, [layers · D, N, size]. */
  #start(x: Tensor, what: string, given: Tensor | null, batch: number, size: number): Tensor {
    const count = this.#layers.flat().length;
    const weight = this.#weightsAt("l0").weightIh;
    if (!given) return zeros([count, batch, size], { dtype: weight.dtype, device: x.device });
    const single = x.ndim === 2;
    checkState(this.constructor.name, what, given, single ? [count, size] : [count, batch, size], weight);
    return single ? given.unsqueeze(1) : given;
  }

  #checkInput(x: Tensor): void {
    const { name } = this.constructor;
    const [inputSize] = this.#sizes;
    const order = this.#options.batchFirst ? "[N, L, in]" : "[L, N, in]";
    const steps = x.shape[x.ndim === 3 && this.#options.batchFirst ? 1 : 0];
    if ((x.ndim !== 2 && x.ndim !== 3) || x.shape.at(-1) !== inputSize || steps === 0) {
      throw new ShapeError(
        name,
        `x has the shape [${x.shape.join(", ")}]`,
        `It takes ${order} or [L, in] with in = ${inputSize} and L from 1 on.`,
      );
    }
    checkDType(name, "x", x, this.#weightsAt("l0").weightIh);
  }

  override macs([x]: readonly unknown[]): number {
    return macsOfSteps(this, x, this.#sizes[0]);
  }

  protected override extraRepr(): string {
    return shownArguments(...this.#sizes.map(String), shownOptions(this.#options, defaults));
  }
}
