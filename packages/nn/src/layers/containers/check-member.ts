import { OptionError, Tensor } from "@anneal/tensor";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

/** @throws {OptionError} if it is no module */
export function checkModule<Item extends Module>(where: string, item: Item): Item {
  if (item instanceof Module) return item;
  throw new OptionError(where, `it was given ${nameOf(item)}, which is no module`, "Give instances of Module.");
}

/**
 * A parameter, of its own over a tensor that is none yet.
 *
 * @throws {OptionError} if it is no tensor
 */
export function asParameter(where: string, item: Parameter | Tensor): Parameter {
  if (item instanceof Parameter) return item;
  if (item instanceof Tensor) return new Parameter(item);
  throw new OptionError(where, `it was given ${nameOf(item)}, which is no tensor`, "Give parameters, or tensors.");
}

const nameOf = (value: unknown): string =>
  typeof value === "function"
    ? `the ${value.name} itself`
    : typeof value === "object" && value !== null
      ? `an instance of ${value.constructor?.name}`
      : String(value);
