import { expr, type Formula, type Rule } from "@anneal/kernel";
import { defineFormula } from "../define-formula.ts";
import { defineRule } from "../define-rule.ts";
import { keepRule, restoreRule } from "../keep-rules.ts";
import { type Operations, operationsOf } from "../operations.ts";
import { gradientOf, type Parameter } from "../parameter.ts";

const { add, mul } = expr;

/** A flat vector or a scalar, in what the parameters' host keeps numbers in. */
export type Vector = unknown;

const zero = defineFormula({ name: "zero", inputs: ["like"], value: () => expr.f32(0) });

const move: Rule = defineRule({
  name: "moveAlong",
  state: ["direction"],
  scalars: ["t"],
  update: ({ param, direction }, { t }) => ({ param: add(param, mul(t, direction)) }),
});

const moveFromStart: Rule = defineRule({
  name: "moveFromStart",
  state: ["direction", "start"],
  scalars: ["t"],
  update: ({ direction, start }, { t }) => ({ param: add(start, mul(t, direction)) }),
});

/** All parameters of an optimizer as one point, and vectors there. They stay on the parameters' device. */
export class FlatSpace {
  /** How many elements a vector has. */
  readonly size: number;
  readonly #params: readonly [Parameter, ...Parameter[]];
  readonly #offsets: readonly number[];
  readonly #operations: Operations;
  /** The parameters where a search along a line started. */
  #start: readonly unknown[] = [];
  readonly #free: Vector[] = [];

  constructor(params: readonly [Parameter, ...Parameter[]]) {
    const sizes = params.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
    this.size = sizes.reduce((sum, size) => sum + size, 0);
    this.#params = params;
    this.#offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
    this.#operations = operationsOf(params[0]);
  }

  /** A vector to write into, which no scope frees: zeros, or what was given back. */
  take(): Vector {
    return this.#free.pop() ?? this.#params[0].zeros([this.size]);
  }

  giveBack(...vectors: readonly Vector[]): void {
    this.#free.push(...vectors);
  }

  /** A new scalar to write into, which no scope frees. */
  scalar(): Vector {
    return this.#params[0].zeros([]);
  }

  assign(slot: Vector, value: Vector): void {
    this.#operations.assign(slot, value);
  }

  compute(formula: Formula, inputs: readonly Vector[], scalars?: readonly number[]): Vector {
    return this.#operations.compute(formula, inputs, scalars);
  }

  /** Run `body`, and free the vectors made in it. */
  scope<Result>(body: () => Result): Result {
    return this.#operations.scope(body);
  }

  /** The numbers in the scalars that `body` computes. Vectors made in it are freed. */
  async read<Names extends string>(body: () => Readonly<Record<Names, Vector>>): Promise<Record<Names, number>> {
    const reading = this.scope(() =>
      Object.entries(body()).map(([name, scalar]) => ({ name, number: this.#operations.read(scalar) })),
    );
    const entries = await Promise.all(reading.map(async ({ name, number }) => [name, await number]));
    return Object.fromEntries(entries);
  }

  /** The gradients, 0 where there is none. */
  gradient(): Vector {
    const parts = this.#params.map((parameter) => {
      const operations = operationsOf(parameter);
      return gradientOf(parameter) ?? operations.compute(zero, [operations.value]);
    });
    return this.#operations.flatten(parts);
  }

  /** Move the parameters by `t` times a vector. */
  moveAlong(direction: Vector, t: number): void {
    this.#update(move, direction, t);
  }

  /** Where the parameters are now: what {@link moveFromStart} starts from. */
  setStart(): void {
    if (this.#start.length === 0) this.#start = this.#params.map((parameter) => parameter.zeros());
    for (const [i, parameter] of this.#params.entries()) parameter.update(keepRule, [this.#start[i]], []);
  }

  /** Move the parameters to `t` times a vector from the start. */
  moveFromStart(direction: Vector, t: number): void {
    this.#update(moveFromStart, direction, t);
  }

  backToStart(): void {
    for (const [i, parameter] of this.#params.entries()) parameter.update(restoreRule, [this.#start[i]], []);
  }

  #update(rule: Rule, direction: Vector, t: number): void {
    this.scope(() => {
      for (const [i, parameter] of this.#params.entries()) {
        const part = this.#operations.slice(direction, this.#offsets[i] as number, parameter.shape);
        parameter.update(rule, rule === move ? [part] : [part, this.#start[i]], [t]);
      }
    });
  }
}
