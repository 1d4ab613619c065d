import { OptionError } from "../option-error.ts";
import { numbersOfParameters } from "../param-groups.ts";
import type { Parameter } from "../parameter.ts";
import { entriesOf } from "../state-dict.ts";
import type { WrappedGroup } from "./optimizer-wrapper.ts";

/** Slots of some parameters as a state dict has them: copies, by the number of the parameter. */
export function savedSlots(
  groups: readonly WrappedGroup[],
  slots: ReadonlyMap<Parameter, unknown>,
): Record<string, unknown> {
  const numbers = numbersOfParameters(groups);
  const known = [...slots].filter(([parameter]) => numbers.has(parameter));
  return Object.fromEntries(known.map(([parameter, slot]) => [numbers.get(parameter), parameter.saveState(slot)]));
}

/**
 * New slots from saved ones.
 *
 * @param where - names them in error messages
 * @throws {TypeError | RangeError} if one is of no parameter, or does not fit it
 */
export function loadedSlots(groups: readonly WrappedGroup[], saved: unknown, where: string): Map<Parameter, unknown> {
  const byNumber = new Map(
    Array.from(numbersOfParameters(groups), ([parameter, number]) => [String(number), parameter]),
  );
  const slots = new Map<Parameter, unknown>();
  for (const [number, value] of entriesOf(saved, where)) {
    const parameter = byNumber.get(number);
    if (!parameter) {
      throw new RangeError(
        `${where} has parameter ${number}, the optimizer has ${byNumber.size}. Load it into an optimizer of the same model.`,
      );
    }
    slots.set(parameter, parameter.loadState(value, `${where}[${number}]`));
  }
  return slots;
}

/** @throws {OptionError} unless `step` counts from 0 up to, but not including, `steps` */
export function requireStepBelow(where: string, step: number, steps: number): void {
  if (!(Number.isInteger(step) && step >= 0 && step < steps)) {
    throw new OptionError(where, "step", `a whole number from 0 up to, but not including, ${steps}`, step);
  }
}
