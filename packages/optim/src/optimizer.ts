import { expr, type Rule } from "@anneal/kernel";
import { andThen } from "./and-then.ts";
import { type HookHandle, HookList } from "./hooks.ts";
import { loadedOptions, loadedState, type StateLayout, savedState } from "./load-state.ts";
import {
  groupsOf,
  isGroupExtra,
  numbersOfParameters,
  type ParamGroup,
  type ParamGroupInput,
  type ParamsInput,
  paramsOf,
} from "./param-groups.ts";
import { hasGradient, type Parameter } from "./parameter.ts";
import { ParameterState } from "./parameter-state.ts";
import { refuseRowGradients, updateWhereGradient } from "./row-gradient.ts";
import { copyOption, entriesOf, listOf, type OptimizerStateDict, type SavedParamGroup } from "./state-dict.ts";
import { snakeCase } from "./state-keys.ts";
import { globalPostHooks, globalPreHooks, type StepArgs, type StepPostHook, type StepPreHook } from "./step-hooks.ts";
import { refuseUnknownOptions } from "./unknown-option.ts";

/** Any optimizer, whether its `step` returns at once or not. */
export type AnyOptimizer = Optimizer<{ lr: number }, Record<string, number>, boolean>;

export type StateDictPreHook = (optimizer: AnyOptimizer) => void;
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing, or another dict.
export type StateDictPostHook = (optimizer: AnyOptimizer, stateDict: OptimizerStateDict) => OptimizerStateDict | void;
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing, or another dict.
export type LoadStateDictPreHook = (optimizer: AnyOptimizer, saved: OptimizerStateDict) => OptimizerStateDict | void;
export type LoadStateDictPostHook = (optimizer: AnyOptimizer) => void;

/** The call of the closure with which a step begins. */
export interface Evaluation {
  /** What it returned; undefined without a closure. */
  readonly loss: unknown;
  readonly closure: (() => unknown) | undefined;
}

const zeroGradRule: Rule = { name: "zeroGrad", state: [], scalars: [], updates: [{ slot: 1, value: expr.f32(0) }] };
const noState: readonly unknown[] = [];
const noScalars: readonly number[] = [];

/**
 * The contract of every optimizer: `torch.optim.Optimizer`.
 *
 * Parameters come as a list, as `[name, parameter]` pairs, or as groups with options of their own; what a group leaves out comes from the
 * optimizer's options. A parameter without a gradient is left out of a step: no state, no decay, no count. A zero gradient is a step.
 *
 * Three things are mended against PyTorch: options are checked in groups too, state dicts never share memory with the optimizer, and a
 * state dict that does not fit changes nothing.
 *
 * @throws {TypeError} if `params` is not a list of parameters, pairs or groups, or an option does not exist
 * @throws {RangeError} if there is none, one is not a leaf, one is in two groups, or only some have names
 * @see {@link https://docs.pytorch.org/docs/stable/optim.html}
 */
export abstract class Optimizer<
  Options extends { lr: number } = { lr: number },
  Numbers extends Record<string, number> = Record<string, number>,
  Waits extends boolean = false,
> {
  /** The options of groups that do not say otherwise. */
  readonly defaults: Options;
  readonly paramGroups: ParamGroup<Options>[] = [];
  readonly #state = new Map<Parameter, ParameterState<Numbers>>();
  #strayState = new Map<string, Record<string, unknown>>();
  readonly #stepPreHooks = new HookList<StepPreHook>();
  readonly #stepPostHooks = new HookList<StepPostHook>();
  readonly #stateDictPreHooks = new HookList<StateDictPreHook>();
  readonly #stateDictPostHooks = new HookList<StateDictPostHook>();
  readonly #loadStateDictPreHooks = new HookList<LoadStateDictPreHook>();
  readonly #loadStateDictPostHooks = new HookList<LoadStateDictPostHook>();

  /**
   * @param params - the parameters, or groups of them
   * @param defaults - every option
   * @param unknown - what else the caller gave: there should be nothing in it
   */
  constructor(params: ParamsInput<Options>, defaults: Options, unknown: object = {}) {
    refuseUnknownOptions(this.constructor.name, Object.keys(unknown), Object.keys(defaults));
    this.checkOptions(defaults);
    this.defaults = defaults;
    for (const group of groupsOf(this.constructor.name, params)) this.addParamGroup(group);
  }

  /** @throws {OptionError} if an option is outside what it may be */
  protected abstract checkOptions(options: Options): void;

  /** What is kept for each parameter. */
  protected abstract stateLayout(): StateLayout<Numbers>;

  /**
   * One step of the parameters of `group` that have a gradient. Where it returns a promise (`Waits`), so does `step`.
   *
   * @param evaluation - how the loss and the gradients were computed
   */
  protected abstract updateGroup(group: ParamGroup<Options>, evaluation: Evaluation): void | Promise<void>;

  /** Does it take gradients by rows (`rowGradient`)? If not, a step refuses them. */
  protected readonly takesRowGradients?: boolean;

  /** Options that this optimizer has by nature, whatever a state dict says. */
  protected forcedOptions?(): Partial<Options>;

  /**
   * Add parameters while training goes on, for example those of a layer that is unfrozen. Build schedulers after it.
   *
   * @throws {TypeError} if an option does not exist
   * @throws {RangeError} if a parameter is in another group already
   */
  addParamGroup(input: ParamGroupInput<Options>): void {
    const where = this.constructor.name;
    if (typeof input !== "object" || input === null || !("params" in input)) {
      throw new TypeError(
        `${where}.addParamGroup: a group must be an object with params, such as { params: layer.parameters(), lr: 1e-3 }.`,
      );
    }
    const given = Object.fromEntries(
      Object.entries(input).filter(([key, value]) => key !== "params" && value !== undefined),
    );
    const options = Object.keys(this.defaults);
    const unknown = Object.keys(given).filter((key) => !options.includes(key) && !isGroupExtra(key));
    refuseUnknownOptions(where, unknown, options);
    const complete: unknown = { ...given, ...this.#missing(given), ...paramsOf(where, input.params) };
    const group = complete as ParamGroup<Options>;
    this.checkOptions(group);
    this.#checkNames(group);
    const others = new Set(this.paramGroups.flatMap(({ params }) => params));
    if (group.params.some((parameter) => others.has(parameter))) {
      throw new RangeError(`${where}: some parameters appear in more than one parameter group. Leave them out of one.`);
    }
    if (new Set(group.params).size < group.params.length) {
      console.warn(
        `${where}: a parameter group holds the same parameter twice, and will update it twice in each step.`,
      );
    }
    this.paramGroups.push(group);
  }

  /**
   * Forget the gradients, so that the next `backward()` starts afresh.
   *
   * @param options - `setToNone: false` zeroes the gradients in place instead of dropping them (default: true)
   */
  zeroGrad({ setToNone = true }: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) {
      for (const parameter of params) {
        if (!hasGradient(parameter)) continue;
        if (setToNone) parameter.grad = null;
        else updateWhereGradient(this.constructor.name, parameter, zeroGradRule, noState, noScalars);
      }
    }
  }

  /** Update every parameter that has a gradient. */
  step(): void;
  /**
   * Call `closure` first, which computes the loss anew and its gradients, then update.
   *
   * @returns what `closure` returns; where that is a promise, the update waits for it
   */
  step<Loss>(closure: () => Loss): Waits extends true ? Promise<Awaited<Loss>> : Loss;
  step(closure?: () => unknown): unknown {
    if (
      globalPreHooks.isEmpty &&
      globalPostHooks.isEmpty &&
      this.#stepPreHooks.isEmpty &&
      this.#stepPostHooks.isEmpty
    ) {
      return this.#run(closure, undefined);
    }
    let args: StepArgs = closure ? [closure] : [];
    for (const hook of [...globalPreHooks, ...this.#stepPreHooks]) {
      const changed = hook(this, args);
      if (changed === undefined || changed === null) continue;
      if (!Array.isArray(changed)) {
        throw new TypeError(
          `${this.constructor.name}.step: a pre-hook must return nothing, or the new arguments as a list.`,
        );
      }
      args = changed;
    }
    return this.#run(args[0] as typeof closure, () => {
      for (const hook of [...this.#stepPostHooks, ...globalPostHooks]) hook(this, args);
    });
  }

  /** Call `hook` before each step. */
  registerStepPreHook(hook: StepPreHook): HookHandle {
    return this.#stepPreHooks.add(hook);
  }

  /** Call `hook` after each step. */
  registerStepPostHook(hook: StepPostHook): HookHandle {
    return this.#stepPostHooks.add(hook);
  }

  /** Call `hook` before `stateDict` reads anything. */
  registerStateDictPreHook(hook: StateDictPreHook, options?: { prepend?: boolean }): HookHandle {
    return this.#stateDictPreHooks.add(hook, options);
  }

  /** Call `hook` with each new state dict. It may return another one. */
  registerStateDictPostHook(hook: StateDictPostHook, options?: { prepend?: boolean }): HookHandle {
    return this.#stateDictPostHooks.add(hook, options);
  }

  /** Call `hook` with a shallow copy of each state dict before it is loaded. It may return another one. */
  registerLoadStateDictPreHook(hook: LoadStateDictPreHook, options?: { prepend?: boolean }): HookHandle {
    return this.#loadStateDictPreHooks.add(hook, options);
  }

  /** Call `hook` after a state dict was loaded. */
  registerLoadStateDictPostHook(hook: LoadStateDictPostHook, options?: { prepend?: boolean }): HookHandle {
    return this.#loadStateDictPostHooks.add(hook, options);
  }

  /** Everything that continues the training elsewhere, in PyTorch's layout and under its names. All of it is copied. */
  stateDict(): OptimizerStateDict {
    for (const hook of this.#stateDictPreHooks) hook(this);
    const numbers = numbersOfParameters(this.paramGroups);
    const state: OptimizerStateDict["state"] = Object.fromEntries(this.#strayState);
    const { order } = this.stateLayout();
    for (const [parameter, remembered] of this.#state) {
      state[String(numbers.get(parameter))] = savedState(parameter, remembered, order);
    }
    const paramGroups = this.paramGroups.map(({ params, ...options }): SavedParamGroup => {
      const entries = Object.entries(options).map(([key, value]) => [snakeCase(key), copyOption(value)]);
      return { ...Object.fromEntries(entries), params: params.map((parameter) => numbers.get(parameter) ?? -1) };
    });
    let stateDict: OptimizerStateDict = { state, param_groups: paramGroups };
    for (const hook of this.#stateDictPostHooks) stateDict = hook(this, stateDict) ?? stateDict;
    return stateDict;
  }

  /**
   * Take over a saved state, from here or from PyTorch: the options of the groups and all that was remembered about the parameters, which
   * are matched by their position, never by name. Where a scheduler is restored too, load this last.
   *
   * @throws {TypeError | RangeError | Error} if it does not fit; nothing has changed then
   */
  loadStateDict(stateDict: OptimizerStateDict): void {
    const where = `${this.constructor.name}.loadStateDict`;
    let saved: OptimizerStateDict = { ...stateDict };
    for (const hook of this.#loadStateDictPreHooks) saved = hook(this, saved) ?? saved;

    const savedGroups = listOf(saved.param_groups, `${where}: param_groups`);
    if (savedGroups.length !== this.paramGroups.length) {
      throw new RangeError(
        `${where}: the state dict has a different number of parameter groups: ${savedGroups.length}, the optimizer has ` +
          `${this.paramGroups.length}. Build the optimizer with the groups it was saved with.`,
      );
    }
    const byId = new Map<string, Parameter>();
    const groups = this.paramGroups.map((group, index) => {
      const options = new Map(entriesOf(savedGroups[index], `${where}: param_groups[${index}]`));
      const ids = listOf(options.get("params"), `${where}: param_groups[${index}].params`);
      if (ids.length !== group.params.length) {
        throw new RangeError(
          `${where}: param_groups[${index}] doesn't match the size of the optimizer's group: ${ids.length} parameters, the optimizer ` +
            `has ${group.params.length}. Load it into an optimizer of the same model.`,
        );
      }
      group.params.forEach((parameter, position) => void byId.set(String(ids[position]), parameter));
      const loaded = loadedOptions(options, this.defaults, `${where}: param_groups[${index}]`);
      const names = loaded.paramNames ?? group.paramNames;
      const complete: unknown = {
        ...loaded,
        ...(names !== undefined && { paramNames: names }),
        ...this.forcedOptions?.(),
        params: group.params,
      };
      return complete as ParamGroup<Options>;
    });

    const states = new Map<Parameter, ParameterState<Numbers>>();
    const stray = new Map<string, Record<string, unknown>>();
    for (const [id, entry] of entriesOf(saved.state, `${where}: state`)) {
      const fields = entriesOf(entry, `${where}: state[${id}]`);
      const parameter = byId.get(id);
      if (parameter)
        states.set(parameter, loadedState(parameter, fields, this.stateLayout(), `${where}: state[${id}]`));
      else stray.set(id, Object.fromEntries(fields));
    }

    this.paramGroups.splice(0, groups.length, ...groups);
    this.#state.clear();
    for (const [parameter, state] of states) this.#state.set(parameter, state);
    this.#strayState = stray;
    for (const hook of this.#loadStateDictPostHooks) hook(this);
  }

  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, index) => {
      const lines = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
      return [`Parameter Group ${index}`, ...lines.map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`)].join(
        "\n",
      );
    });
    return `${this.constructor.name} (\n${groups.join("\n\n")}\n)`;
  }

  /** What is remembered about a parameter, from its first step on. */
  protected stateOf(parameter: Parameter): ParameterState<Numbers> {
    let state = this.#state.get(parameter);
    if (!state) {
      state = new ParameterState(this.stateLayout().numbers);
      this.#state.set(parameter, state);
    }
    return state;
  }

  /** What is remembered about a parameter, where there is anything. */
  protected existingStateOf(parameter: Parameter): ParameterState<Numbers> | undefined {
    return this.#state.get(parameter);
  }

  #run(closure: (() => unknown) | undefined, after: (() => void) | undefined): unknown {
    return andThen(closure?.(), (loss) => {
      if (!this.takesRowGradients) for (const { params } of this.paramGroups) this.#refuseRowGradients(params);
      const evaluation = { loss, closure };
      let waits: unknown;
      for (const group of this.paramGroups) waits = this.updateGroup(group, evaluation) ?? waits;
      return andThen(waits, () => {
        after?.();
        return loss;
      });
    });
  }

  #refuseRowGradients(params: readonly Parameter[]): void {
    const where = this.constructor.name;
    refuseRowGradients(where, params, `which ${where} does not take. SparseAdam, SGD and Adagrad do.`);
  }

  #missing(given: object): Partial<Options> {
    const missing = Object.entries(this.defaults).filter(([key]) => !Object.hasOwn(given, key));
    return Object.fromEntries(missing) as Partial<Options>;
  }

  #checkNames({ params, paramNames }: ParamGroup<Options>): void {
    const clash = this.paramGroups.some(
      (other) => other.params.length > 0 && (other.paramNames === undefined) !== (paramNames === undefined),
    );
    if (params.length > 0 && clash) {
      throw new RangeError(
        `${this.constructor.name}: all param groups should be with or without names, and this one differs from those before it. ` +
          "Pass namedParameters() for all of them, or parameters() for all.",
      );
    }
  }
}
