import { noGrad, OptionError, type Tensor } from "@anneal/tensor";
import { Keyed } from "../layers/containers/keyed.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";

/** Computes a parameter of a module from what is learned in its place. */
export interface Parametrization extends Module {
  /** The parameter, from the originals: one, or as many as {@link rightInverse} gives. */
  forward(...originals: Tensor[]): Tensor;
  /** Originals that give this value. Without it the original is the value itself, and nothing can be assigned to the parameter. */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
}

/** One tensor, or several. */
export const listOf = (value: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(value) ? (value as readonly Tensor[]) : [value as Tensor];

/** What is learned in the place of one parameter, and how that is computed from it. */
export class ParametrizationList extends Module {
  readonly #steps: Parametrization[] = [];
  readonly #names: readonly string[];

  constructor(first: Parametrization, originals: readonly Parameter[]) {
    super();
    this.#names = originals.length === 1 ? ["original"] : originals.map((_, i) => `original${i}`);
    // Fields, so that they are found as those of any module are; the names are PyTorch's.
    this.#names.forEach((name, i) => void Reflect.set(this, name, originals[i]));
    this.append(first);
  }

  append(step: Parametrization): void {
    Reflect.set(this, String(this.#steps.length), step);
    this.#steps.push(step);
  }

  get originals(): readonly Parameter[] {
    return this.#names.map((name) => Reflect.get(this, name) as Parameter);
  }

  forward(): Tensor {
    const [first, ...rest] = this.#steps as [Parametrization, ...Parametrization[]];
    return rest.reduce((x, step) => step.forward(x), first.forward(...this.originals));
  }

  /** The module around counts what it multiplies by the result; see `Module.setComputed`. */
  override macs(): number {
    return 0;
  }

  /** Set the originals so that they give this value. */
  assign(where: string, value: Tensor): void {
    noGrad(() => {
      const found = this.#steps.reduceRight<readonly Tensor[]>(
        (wanted, step) => {
          if (step.rightInverse) return listOf(step.rightInverse(wanted[0] as Tensor));
          throw new OptionError(
            where,
            `${step.constructor.name} computes it, and cannot tell from what`,
            "Give the parametrization a rightInverse, or change the originals.",
          );
        },
        [value],
      );
      this.originals.forEach((original, i) => void original.copy_(found[i] as Tensor).realize());
    });
  }
}

/** The lists of a module, by the names of its parameters. */
export class Parametrizations extends Keyed<ParametrizationList> {
  set(name: string, list: ParametrizationList): this {
    return this.put(name, list);
  }
}

export function holderOf(module: Module): Parametrizations | null {
  const holder: unknown = Reflect.get(module, "parametrizations");
  return holder instanceof Parametrizations ? holder : null;
}

/** How a parameter of the module is computed, if it is. */
export const listFor = (module: Module, name: string): ParametrizationList | null =>
  holderOf(module)?.get(name) ?? null;

/** Is this parameter of the module (or any, if none is named) computed from others? */
export const isParametrized = (module: Module, name?: string): boolean =>
  (name === undefined ? holderOf(module) : listFor(module, name)) !== null;
