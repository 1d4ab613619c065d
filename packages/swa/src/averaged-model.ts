import { completeOptions, type Table } from "@anneal/schedulers";
import type { Averageable, AverageableModel, NumbersOf } from "./averageable.ts";
import { type AllFn, type Averaging, average, type EachFn, type Pair } from "./averaging/average.ts";
import type { AvgFn, MultiAvgFn } from "./averaging/avg-fn.ts";
import { getSwaMultiAvgFn } from "./averaging/swa.ts";
import { hostOf } from "./hosts/host.ts";
import {
  type AveragedLoadOptions,
  type AveragedLoadResult,
  type AveragedStateSource,
  countKey,
  loadAverages,
  type SavedCount,
  savedCount,
} from "./load-averages.ts";
import { checkSameMembers, type Member, membersOf, namedMembersOf } from "./members.ts";
import { callable, flag } from "./option-rules.ts";
import { closing } from "./settle.ts";
import { swap } from "./swap.ts";

export interface AveragedModelOptions<Model extends AverageableModel> {
  /**
   * Makes another model of the same structure, which then holds the averages and runs `forward`. Without it the averages are kept by
   * themselves, which needs as much memory, and {@link AveragedModel.swapped} puts them into the model for a while.
   */
  readonly copy?: (() => Model) | undefined;
  /** The next average of a parameter. @defaultValue the plain mean, {@link getSwaMultiAvgFn} */
  readonly avgFn?: AvgFn<NumbersOf<Model>> | undefined;
  /** The next averages of many parameters, in place; instead of `avgFn`. @defaultValue the plain mean, {@link getSwaMultiAvgFn} */
  readonly multiAvgFn?: MultiAvgFn<NumbersOf<Model>> | undefined;
  /** Average the buffers too. Else they are the model's latest; those of integers are in any case. @defaultValue false */
  readonly useBuffers?: boolean;
}

/** Options of any model. */
interface AnyOptions {
  readonly copy?: (() => AverageableModel) | undefined;
  readonly avgFn?: EachFn | undefined;
  readonly multiAvgFn?: AllFn | undefined;
  readonly useBuffers?: boolean;
}

const table: Table<AnyOptions> = {
  copy: [callable, undefined],
  avgFn: [callable, undefined],
  multiAvgFn: [callable, undefined],
  useBuffers: [flag, false],
};

/** Averages under PyTorch's keys: `n_averaged`, then `module.` and the name. */
export type AveragedStateDict<Model extends AverageableModel> = Map<string, NumbersOf<Model> | SavedCount>;

/** Averages put into a model: `close()`, or the end of a `using` block, gives the model its own numbers back. */
export interface SwapGuard extends Disposable {
  close(): void;
}

/** The `forward` of a model, if it has one. */
export type ForwardOf<Model> = Model extends { forward: infer Forward extends (...inputs: never[]) => unknown }
  ? Forward
  : never;

/** An average and its part of a model. */
interface Lent extends Pair {
  readonly isBuffer: boolean;
}

/**
 * Running averages of a model's parameters: of all models equally (SWA) or of the recent ones (EMA, by `multiAvgFn`).
 *
 * The first {@link updateParameters} takes the model as it is, later ones average. Until then the averages are what the model was at
 * construction. Buffers of integers are copied, never averaged (PyTorch cuts their averages off, so that counts fall behind).
 *
 * PyTorch makes a deep copy of the model, which objects of JavaScript do not have. Say how with `copy`, and the copy holds the averages
 * ({@link module}, {@link forward}); or leave it out, and lend the averages to the model itself:
 * `averaged.swapped(() => evaluate(model, ...))`, for good at the end with {@link applyTo}. PyTorch's option `device` is where `copy`
 * puts its model.
 *
 * @param model - a module, or anything with `namedParameters()`: pairs of a name and a tensor or a typed array
 * @throws {TypeError} if the model has no `namedParameters()`, or parameters that cannot be averaged; if both `avgFn` and `multiAvgFn` are given
 * @throws {RangeError} if the copy is not of the same structure
 * @throws {OptionError} if an option is not what it must be
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html | torch.optim.swa_utils.AveragedModel}
 * @see {@link https://arxiv.org/abs/1803.05407 | Averaging Weights Leads to Wider Optima, Izmailov et al. 2018}
 * @example
 * const w = Float32Array.of(1, 2);
 * const model = { namedParameters: () => [["w", w] as const] };
 * const averaged = new AveragedModel(model);
 * averaged.updateParameters();
 * w.set([3, 6]);
 * averaged.updateParameters();
 * averaged.swapped(() => Array.from(w)); // => [2, 4]
 * w; // => Float32Array [3, 6]
 */
export class AveragedModel<Model extends AverageableModel> {
  /** Are buffers averaged too? */
  readonly useBuffers: boolean;
  readonly #averaging: Averaging;
  readonly #model: Model;
  readonly #copy: Model | null;
  /** Without a copy: averages by themselves. */
  readonly #own: readonly Member[];
  #nAveraged = 0;
  #swapped = false;

  constructor(model: Model, options: AveragedModelOptions<Model> = {}) {
    const { avgFn, multiAvgFn, useBuffers } = completeOptions<AnyOptions>("AveragedModel", options, table);
    if (avgFn && multiAvgFn) throw new TypeError("AveragedModel: give avgFn or multiAvgFn, not both.");
    this.#averaging = avgFn ? { each: avgFn } : { all: multiAvgFn ?? getSwaMultiAvgFn() };
    this.useBuffers = useBuffers;
    this.#model = model;
    this.#copy = options.copy?.() ?? null;
    const members = membersOf("AveragedModel", model);
    const clone = (value: Averageable): Averageable => hostOf(value).clone(value);
    this.#own = this.#copy ? [] : members.map((member) => ({ ...member, value: clone(member.value) }));
    if (this.#copy) {
      const pairs = this.#pairs("AveragedModel: copy", model);
      if (pairs.some(({ average, value }) => average === value)) {
        throw new TypeError(
          "AveragedModel: copy made a model that shares parameters with the given one. Make a new one: copy: () => new Net().",
        );
      }
      for (const { average, value } of pairs) hostOf(average).copy(average, value);
    }
  }

  /** How many models the averages are of. */
  get nAveraged(): number {
    return this.#nAveraged;
  }

  /**
   * The copy, which has the averages.
   *
   * @throws {TypeError} if there is none
   */
  get module(): Model {
    if (this.#copy) return this.#copy;
    throw new TypeError(
      "AveragedModel: there is no copy of the model to run. Give one, { copy: () => new Net() }, " +
        "or lend the averages to the model: averaged.swapped((model) => ...).",
    );
  }

  /**
   * Run the copy.
   *
   * @throws {TypeError} if there is none
   */
  forward(...inputs: Parameters<ForwardOf<Model>>): ReturnType<ForwardOf<Model>> {
    const { module } = this as { module: { forward?: (...inputs: unknown[]) => unknown } };
    if (!module.forward) throw new TypeError("AveragedModel.forward: the model has no forward().");
    return module.forward(...inputs) as ReturnType<ForwardOf<Model>>;
  }

  /**
   * Average in what `model` is now.
   *
   * @param model - of the structure of the model given at construction (default: that one)
   * @throws {RangeError} if its parameters do not fit the averages
   */
  updateParameters(model: Model = this.#model): void {
    this.#refuseInside("updateParameters");
    const pairs = this.#pairs("AveragedModel.updateParameters", model);
    const averages = ({ value, isBuffer }: Lent): boolean =>
      this.#nAveraged > 0 && hostOf(value).isFloat(value) && (this.useBuffers || !isBuffer);
    average(pairs.filter(averages), this.#averaging, this.#nAveraged);
    for (const pair of pairs) if (!averages(pair)) hostOf(pair.average).copy(pair.average, pair.value);
    this.#nAveraged += 1;
  }

  /**
   * Lend the averages to the model for as long as `body` runs (an async one: until its promise settles), then give the model its own
   * numbers back, also if `body` throws. Changes of buffers go back to the averages, so that `updateBn` can work on the model. Without
   * `body`: until the guard is closed, for `using _ = averaged.swapped()`.
   *
   * Do not train meanwhile: the model is another one, and what was computed before cannot be differentiated any more.
   *
   * @throws {Error} if the averages are lent already
   * @example
   * const w = Float32Array.of(1);
   * const averaged = new AveragedModel({ namedParameters: () => [["w", w] as const] });
   * w[0] = 2;
   * averaged.swapped(() => w[0]); // => 1
   */
  swapped(): SwapGuard;
  swapped<Result>(body: (model: Model) => Result): Result;
  swapped<Result>(body?: (model: Model) => Result): Result | SwapGuard {
    this.#refuseInside("swapped");
    const giveBack = swap(this.#pairs("AveragedModel.swapped", this.#model));
    this.#swapped = true;
    const close = (): void => {
      if (!this.#swapped) return;
      this.#swapped = false;
      giveBack();
    };
    return body ? closing(() => body(this.#model), close) : { close, [Symbol.dispose]: close };
  }

  /** @internal Run `body` with a model that has the averages: the copy, or the model itself for a while. */
  lent<Result>(body: (model: Model) => Result): Result {
    return this.#copy ? body(this.#copy) : this.swapped(body);
  }

  /**
   * Give the averages to `model` for good: to export it, or to train on from there.
   *
   * @param model - of the structure of the model given at construction (default: that one)
   * @throws {RangeError} if its parameters do not fit the averages
   */
  applyTo(model: Model = this.#model): void {
    this.#refuseInside("applyTo");
    for (const { average, value } of this.#pairs("AveragedModel.applyTo", model)) hostOf(value).copy(value, average);
  }

  /** The averages of parameters, "module." before their names. */
  *namedParameters(): Generator<[string, NumbersOf<Model>]> {
    yield* this.#averagesThat(({ isBuffer }) => !isBuffer);
  }

  /** Buffers, averaged or the latest, "module." before their names. */
  *namedBuffers(): Generator<[string, NumbersOf<Model>]> {
    yield* this.#averagesThat(({ isBuffer }) => isBuffer);
  }

  *#averagesThat(choose: (member: Member) => boolean): Generator<[string, NumbersOf<Model>]> {
    for (const member of this.#averages().filter(choose)) {
      yield [prefixed(member.name), member.value as NumbersOf<Model>];
    }
  }

  /** Everything that continues the averages elsewhere, under PyTorch's keys. The tensors are our own, without a graph. */
  stateDict(): AveragedStateDict<Model> {
    const state: AveragedStateDict<Model> = new Map([[countKey, savedCount(this.#nAveraged)]]);
    for (const [name, average] of this.#saved()) state.set(name, hostOf(average).detach(average) as NumbersOf<Model>);
    return state;
  }

  /**
   * Copy saved averages and their count, ours or PyTorch's.
   *
   * @returns the names that were missing or unexpected
   * @throws {Error} that lists every name, shape and value that does not fit; nothing is loaded then
   */
  loadStateDict(state: AveragedStateSource, options: AveragedLoadOptions = {}): AveragedLoadResult {
    this.#refuseInside("loadStateDict");
    const { count, result } = loadAverages(this.#saved(), state, options);
    this.#nAveraged = count ?? this.#nAveraged;
    return result;
  }

  /** The averages by their names in the state dict, in its order. */
  #saved(): ReadonlyMap<string, Averageable> {
    const where = "AveragedModel.stateDict";
    const holder = this.#copy ?? this.#model;
    const averages = new Map(this.#pairs(where, holder).map(({ average, value }) => [value, average]));
    const members = namedMembersOf(where, holder, false);
    const all = new Map(members.map(({ name, value }) => [name, averages.get(value) ?? value]));
    const parameters = members.filter(({ isBuffer }) => !isBuffer).map(({ name }) => name);
    const saved = new Map<string, Averageable>();
    for (const name of [...keysOf(holder.stateDict?.() ?? all), ...parameters]) {
      const average = all.get(name);
      if (average) saved.set(prefixed(name), average);
    }
    return saved;
  }

  #averages(): readonly Member[] {
    // Anew each time: parameters of a copy are other objects after it was moved to another device.
    return this.#copy ? membersOf("AveragedModel: copy", this.#copy) : this.#own;
  }

  /** Each average with its part of a model. */
  #pairs(where: string, model: Model): Lent[] {
    const averages = this.#averages();
    const members = membersOf(where, model);
    checkSameMembers(where, averages, members);
    return members.flatMap(({ value, isBuffer }, i) => {
      const average = averages[i]?.value;
      return average ? [{ average, value, isBuffer }] : [];
    });
  }

  /** While the model has the averages, there is nothing to average, and nothing to load them into. */
  #refuseInside(method: string): void {
    if (!this.#swapped) return;
    throw new Error(
      `AveragedModel.${method}: the model has the averages at this moment, lent by swapped(). Wait until it has its own numbers back.`,
    );
  }
}

const prefixed = (name: string): string => `module.${name}`;

const keysOf = (state: Iterable<readonly [string, unknown]> | object): string[] =>
  Symbol.iterator in state ? [...state].map(([name]) => name) : Object.keys(state);
