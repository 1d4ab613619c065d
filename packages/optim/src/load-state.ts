import type { Parameter } from "./parameter.ts";
import { ParameterState } from "./parameter-state.ts";
import { copyOption, listOf, numberOf } from "./state-dict.ts";
import { camelCase, snakeCase } from "./state-keys.ts";

/** What an optimizer remembers about each parameter. */
export interface StateLayout<Numbers extends Record<string, number>> {
  /** The numbers by PyTorch's names, as they are before the first step. */
  readonly numbers: Numbers;
  /** All slots it may have, by PyTorch's names. */
  readonly slots: readonly string[];
  /** All lists of slots. */
  readonly lists?: readonly string[];
  /** The shape of a slot, or of those in a list, that is not shaped like its parameter. */
  shapeOf?(slot: string, parameter: Parameter): readonly number[] | undefined;
  /** In which order all of them are saved, where that is not numbers, slots, lists. */
  readonly order?: readonly string[];
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

/** What is remembered about one parameter, as a state dict has it: copied. A number that is NaN is not there yet. */
export function savedState<Numbers extends Record<string, number>>(
  parameter: Parameter,
  { numbers, slots, lists }: ParameterState<Numbers>,
  order: readonly string[] = [],
): Record<string, unknown> {
  const save = (slot: unknown): unknown => (slot === null ? null : parameter.saveState(slot));
  const fields: [string, unknown][] = [
    ...Object.entries(numbers).filter(([, value]) => !Number.isNaN(value)),
    ...[...slots].map(([name, slot]): [string, unknown] => [name, save(slot)]),
    ...[...lists].map(([name, list]): [string, unknown] => [name, list.map(save)]),
  ];
  return Object.fromEntries(fields.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

/**
 * What a state dict remembers about one parameter.
 *
 * @throws {TypeError | RangeError} if it holds something the optimizer does not keep, or that does not fit the parameter
 */
export function loadedState<Numbers extends Record<string, number>>(
  parameter: Parameter,
  fields: readonly [string, unknown][],
  { numbers, slots, lists = [], shapeOf }: StateLayout<Numbers>,
  where: string,
): ParameterState<Numbers> {
  const state = new ParameterState(numbers);
  const load = (name: string, value: unknown, at: string): unknown =>
    parameter.loadState(value, at, shapeOf?.(name, parameter) ?? parameter.shape);
  for (const [name, value] of fields) {
    // PyTorch saves null for a buffer that is not there yet.
    if (value === null || value === undefined) continue;
    if (Object.hasOwn(numbers, name)) Object.assign(numbers, { [name]: numberOf(value, `${where}.${name}`) });
    else if (slots.includes(name)) state.slots.set(name, load(name, value, `${where}.${name}`));
    else if (lists.includes(name)) {
      const items = listOf(value, `${where}.${name}`);
      const slotAt = (item: unknown, i: number) =>
        (item ?? null) === null ? null : load(name, item, `${where}.${name}[${i}]`);
      state.lists.set(name, items.map(slotAt));
    } else {
      throw new RangeError(
        `${where} holds ${JSON.stringify(name)}, which this optimizer does not keep. Was it saved by another optimizer?`,
      );
    }
  }
  return state;
}
