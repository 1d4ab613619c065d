import type { Parameter } from "./parameter.ts";
import { ParameterState } from "./parameter-state.ts";
import { copyOption, numberOf } from "./state-dict.ts";
import { camelCase, snakeCase } from "./state-keys.ts";

/** What an optimizer remembers about each parameter. */
export interface StateLayout<Numbers extends Record<string, number>> {
  /** The numbers by PyTorch's names, as they are before the first step. */
  readonly numbers: Numbers;
  /** All slots it may have, by PyTorch's names. */
  readonly slots: readonly string[];
}

// Options that PyTorch added over the years, with what a state dict from before means: a saved group may lack them.
const addedLater: Readonly<Record<string, unknown>> = {
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  amsgrad: false,
  decoupledWeightDecay: false,
  nesterov: false,
  momentum: 0,
  centered: false,
};

/**
 * The options of a saved group under our names, all of `defaults` among them.
 *
 * @throws {RangeError} if an option is missing that PyTorch always saved
 */
export function loadedOptions(
  saved: ReadonlyMap<string, unknown>,
  defaults: object,
  where: string,
): Record<string, unknown> {
  const entries = [...saved].filter(([key]) => key !== "params");
  const options = Object.fromEntries(entries.map(([key, value]) => [camelCase(key), copyOption(value)]));
  for (const key of Object.keys(defaults)) {
    if (Object.hasOwn(options, key)) continue;
    if (!Object.hasOwn(addedLater, key)) {
      throw new RangeError(
        `${where} has no ${snakeCase(key)}, which this optimizer needs. Was it saved by another optimizer?`,
      );
    }
    options[key] = addedLater[key];
  }
  return options;
}

/**
 * What a state dict remembers about one parameter.
 *
 * @throws {TypeError | RangeError} if it holds something the optimizer does not keep, or that does not fit the parameter
 */
export function loadedState<Numbers extends Record<string, number>>(
  parameter: Parameter,
  fields: readonly [string, unknown][],
  { numbers, slots }: StateLayout<Numbers>,
  where: string,
): ParameterState<Numbers> {
  const state = new ParameterState(numbers);
  for (const [name, value] of fields) {
    // PyTorch saves null for a buffer that is not there yet.
    if (value === null || value === undefined) continue;
    if (Object.hasOwn(numbers, name)) Object.assign(numbers, { [name]: numberOf(value, `${where}.${name}`) });
    else if (slots.includes(name)) state.slots.set(name, parameter.loadState(value, `${where}.${name}`));
    else {
      throw new RangeError(
        `${where} holds ${JSON.stringify(name)}, which this optimizer does not keep. Was it saved by another optimizer?`,
      );
    }
  }
  return state;
}
