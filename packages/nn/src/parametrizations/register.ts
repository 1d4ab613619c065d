import { noGrad, OptionError, ShapeError, type Tensor } from "@anneal/tensor";
import type { Module } from "../module/module.ts";
import { Parameter } from "../module/parameter.ts";
import {
  holderOf,
  listFor,
  listOf,
  type Parametrization,
  ParametrizationList,
  Parametrizations,
} from "./parametrization.ts";

/**
 * Compute a parameter of a module from others, which are learned in its place: whatever reads `module[name]`, the module's own `forward`
 * above all, gets the computed tensor, at each reading anew. In the state dict stand `parametrizations.<name>.original` (or `original0`,
 * `original1`...) and what the parametrization holds itself. Several on one parameter are computed one after the other. Assigning to
 * `module[name]` sets the originals, if the parametrization has a `rightInverse`.
 *
 * What is learned are other tensors than before if the parametrization has several originals: build the optimizer afterwards.
 *
 * @param module - changed, and returned
 * @param name - of a parameter directly in it
 * @throws {OptionError} if there is no such parameter
 * @throws {ShapeError} if the computed tensor has another shape or dtype
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.register_parametrization.html | torch.nn.utils.parametrize.register_parametrization}
 * @example
 * class Symmetric extends Module {
 *   forward(x: Tensor): Tensor {
 *     return x.triu().add(x.triu(1).T);
 *   }
 * }
 * const layer = registerParametrization(new Linear(3, 3), "weight", new Symmetric());
 * layer.weight.sub(layer.weight.T).abs().sum().itemSync(); // => 0
 */
export function registerParametrization<M extends Module>(
  module: M,
  name: string,
  parametrization: Parametrization,
): M {
  const list = listFor(module, name);
  if (list) {
    const value = noGrad(() => list.forward());
    const after = noGrad(() => parametrization.forward(value));
    checkKept(module, name, value, after);
    list.append(parametrization);
    followMode(module, parametrization);
    return module;
  }
  const value = plainParameterOf("registerParametrization", module, name);
  const made = new ParametrizationList(parametrization, originalsOf(module, name, value, parametrization));
  const holder = holderOf(module) ?? new Parametrizations();
  Reflect.set(module, "parametrizations", holder.set(name, made));
  followMode(module, holder);
  module.setComputed(name, value.shape);
  // Not enumerable: what looks through the fields finds the originals instead.
  Object.defineProperty(module, name, {
    configurable: true,
    enumerable: false,
    get: () => made.forward(),
    set: (wanted: Tensor) => made.assign(`${module.constructor.name}.${name}`, wanted),
  });
  return module;
}

/** What is learned from now on: the parameter itself where there is one original, new ones otherwise. */
function originalsOf(
  module: Module,
  name: string,
  value: Parameter,
  parametrization: Parametrization,
): readonly Parameter[] {
  return noGrad(() => {
    const found = listOf(parametrization.rightInverse?.(value) ?? value);
    checkKept(module, name, value, parametrization.forward(...found));
    const [only] = found;
    if (!only || found.length > 1)
      return found.map((each) => new Parameter(each.clone(), { requiresGrad: value.requiresGrad }));
    if (only !== value) value.copy_(only).realize();
    return [value];
  });
}

/** Into the mode of the module around, as if both had been put there together. */
function followMode(module: Module, added: Module): void {
  for (const each of added.modules()) each.setOwnMode(module.training, module.ownMark());
}

/**
 * A parameter of the module as it is now, plain or computed.
 *
 * @throws {OptionError} if there is none of that name
 */
export function currentValue(where: string, module: Module, name: string): Tensor {
  const list = listFor(module, name);
  return list ? noGrad(() => list.forward()) : plainParameterOf(where, module, name);
}

function plainParameterOf(where: string, module: Module, name: string): Parameter {
  const field: unknown = Object.hasOwn(module, name) ? Reflect.get(module, name) : null;
  if (field instanceof Parameter) return field;
  const names = Object.entries(module).flatMap(([each, value]) => (value instanceof Parameter ? [`"${each}"`] : []));
  throw new OptionError(
    where,
    `${module.constructor.name} has no parameter "${name}"`,
    names.length > 0 ? `It has ${names.join(" and ")}.` : "It has none; name the module that has it.",
  );
}

function checkKept(module: Module, name: string, before: Tensor, after: Tensor): void {
  if (after.shape.join() === before.shape.join() && after.dtype === before.dtype) return;
  throw new ShapeError(
    "registerParametrization",
    `${name} of ${module.constructor.name} is ${before.dtype} [${before.shape.join(", ")}] and would become ` +
      `${after.dtype} [${after.shape.join(", ")}]`,
    "A parametrization keeps shape and dtype.",
  );
}
