import { noGrad, OptionError } from "@anneal/tensor";
import type { Module } from "../module/module.ts";
import { Parameter } from "../module/parameter.ts";
import { holderOf, listFor, type ParametrizationList } from "./parametrization.ts";

export interface RemoveOptions {
  /** Keep the computed value; otherwise the original takes its place, which only one can. @defaultValue true */
  readonly leaveParametrized?: boolean;
}

/**
 * Make a parameter a plain one again.
 *
 * With one original the parameter is that, so that an optimizer goes on with it; otherwise it is a new one.
 *
 * @param module - changed, and returned
 * @throws {OptionError} if the parameter is not parametrized, or has several originals and the computed value is not wanted
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.remove_parametrizations.html | torch.nn.utils.parametrize.remove_parametrizations}
 * @example
 * const layer = weightNorm(new Linear(3, 2));
 * removeParametrizations(layer, "weight");
 * [...layer.stateDict().keys()]; // => ["bias", "weight"]
 */
export function removeParametrizations<M extends Module>(
  module: M,
  name: string,
  { leaveParametrized = true }: RemoveOptions = {},
): M {
  const holder = holderOf(module);
  const list = listFor(module, name);
  if (!holder || !list) {
    throw new OptionError(
      "removeParametrizations",
      `${name} of ${module.constructor.name} is not parametrized`,
      "Name a parameter that is.",
    );
  }
  const parameter = takenOut(list, leaveParametrized);
  Reflect.deleteProperty(module, name);
  Reflect.set(module, name, parameter);
  module.setComputed(name, null);
  holder.delete(name);
  if (holder.size === 0) Reflect.deleteProperty(module, "parametrizations");
  return module;
}

function takenOut(list: ParametrizationList, leaveParametrized: boolean): Parameter {
  const [first, ...more] = list.originals as [Parameter, ...Parameter[]];
  if (!leaveParametrized) {
    if (more.length === 0) return first;
    throw new OptionError(
      "removeParametrizations",
      `leaveParametrized is false, and there are ${more.length + 1} originals`,
      "Only one could take the parameter's place; leave it as it was computed.",
    );
  }
  return noGrad(() => {
    const value = list.forward();
    if (more.length === 0) {
      first.copy_(value).realize();
      return first;
    }
    const parameter = new Parameter(value, { requiresGrad: first.requiresGrad });
    parameter.mode = first.mode;
    return parameter;
  });
}
