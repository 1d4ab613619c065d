import { type Device, type DType, keep, noGrad, Tensor, tensor } from "@anneal/tensor";
import { type ModeMark, markEvalMode } from "./eval-warning.ts";
import { Parameter } from "./parameter.ts";

/** Named tensors in the order PyTorch gives them. */
export type StateDict = Map<string, Tensor>;

/** What {@link Module.loadStateDict} accepts: a map or a plain object of tensors, or of anything with a shape and its numbers. */
export type StateSource = Iterable<readonly [string, StateValue]> | Readonly<Record<string, StateValue>>;

/** A module of one tensor in, one out. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
}

/** A tensor, or numbers with their shape. */
export type StateValue = Tensor | { readonly shape: readonly number[]; readonly data: ArrayLike<number | bigint> };

export interface LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

interface BufferEntry {
  tensor: Tensor;
  readonly persistent: boolean;
}

/**
 * A part of a model: parameters, buffers and other modules, found by looking at its fields.
 *
 * Give it fields and a `forward`; everything else (`parameters`, `stateDict`, `train`, `to`...) follows from them. Names in the state dict
 * are the fields' own.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html | torch.nn.Module}
 * @example
 * class Net extends Module {
 *   fc1 = new Linear(4, 8);
 *   fc2 = new Linear(8, 2);
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(this.fc1.forward(x).relu());
 *   }
 * }
 */
export abstract class Module {
  /** Do layers such as dropout and batch-norm behave as in training? Set it with {@link train} and {@link eval}. */
  training = true;
  readonly #buffers = new Map<string, BufferEntry>();

  /** Compute the module's result. */
  abstract forward(...inputs: never[]): unknown;

  // --- what is inside -----------------------------------------------------------------------------------------------------------------

  /** What is searched for parameters and modules: the fields, in the order of their assignment. Containers say otherwise. */
  protected members(): Iterable<readonly [string, unknown]> {
    return Object.entries(this);
  }

  /** Modules directly inside, with their names; each once. */
  *namedChildren(): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [name, member] of this.members()) {
      if (!(member instanceof Module) || seen.has(member)) continue;
      seen.add(member);
      yield [name, member];
    }
  }

  /** Modules directly inside. */
  *children(): Generator<Module> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This module and all inside it, with dotted names (its own is ""); each once. */
  *namedModules(prefix = "", seen = new Set<Module>()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(join(prefix, name), seen);
  }

  /** This module and all inside it. */
  *modules(): Generator<Module> {
    for (const [, module] of this.namedModules()) yield module;
  }

  /** Parameters with dotted names; a shared one under its first name only. */
  *namedParameters(): Generator<[string, Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, member] of module.members()) {
        if (!(member instanceof Parameter) || seen.has(member)) continue;
        seen.add(member);
        yield [join(prefix, name), member];
      }
    }
  }

  /** Parameters, for an optimizer. */
  *parameters(): Generator<Parameter> {
    for (const [, parameter] of this.namedParameters()) yield parameter;
  }

  /** Buffers with dotted names. */
  *namedBuffers(): Generator<[string, Tensor]> {
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, { tensor }] of module.#buffers) yield [join(prefix, name), tensor];
    }
  }

  /** Buffers. */
  *buffers(): Generator<Tensor> {
    for (const [, buffer] of this.namedBuffers()) yield buffer;
  }

  /**
   * A tensor that belongs to the module and is not learned, such as running statistics.
   *
   * @param name - in the state dict; PyTorch's own names have underscores
   * @param options - `persistent`: is it in the state dict (default true)
   */
  registerBuffer(name: string, tensor: Tensor, { persistent = true }: { readonly persistent?: boolean } = {}): void {
    this.#buffers.set(name, { tensor: keep(tensor), persistent });
  }

  /** The buffer of that name, or null. */
  buffer(name: string): Tensor | null {
    return this.#buffers.get(name)?.tensor ?? null;
  }

  // --- modes --------------------------------------------------------------------------------------------------------------------------

  /**
   * Put this module and all inside it into training mode (or, with false, into evaluation mode).
   *
   * @throws {TypeError} if `mode` is not a boolean
   */
  train(mode = true): this {
    if (typeof mode !== "boolean") throw new TypeError(`train: the mode is ${String(mode)}. Give true or false.`);
    this.setMode(mode, mode ? null : markEvalMode(this.constructor.name));
    return this;
  }

  /** Put this module and all inside it into evaluation mode: dropout keeps everything, batch-norm uses what it learned. */
  eval(): this {
    return this.train(false);
  }

  /** @internal */
  setMode(training: boolean, mark: ModeMark | null): void {
    for (const module of this.modules()) module.setOwnMode(training, mark);
  }

  /** @internal This module alone. */
  setOwnMode(training: boolean, mark: ModeMark | null): void {
    this.training = training;
    for (const [, member] of this.members()) if (member instanceof Parameter) member.mode = mark;
  }

  /** @internal Where this module alone was put into eval mode. */
  ownMark(): ModeMark | null {
    for (const [, member] of this.members()) if (member instanceof Parameter) return member.mode;
    return null;
  }

  // --- state --------------------------------------------------------------------------------------------------------------------------

  /** Parameters and persistent buffers by name, PyTorch's keys in PyTorch's order. The tensors are the module's own, without a graph. */
  stateDict(): StateDict {
    const state: StateDict = new Map();
    this.#collectState("", state);
    return state;
  }

  #collectState(prefix: string, state: StateDict): void {
    for (const [name, tensor] of this.#ownState()) state.set(join(prefix, name), tensor.detach());
    for (const [name, member] of this.members()) {
      if (member instanceof Module) member.#collectState(join(prefix, name), state);
    }
  }

  *#ownState(): Generator<[string, Tensor]> {
    for (const [name, member] of this.members()) if (member instanceof Parameter) yield [name, member];
    for (const [name, { tensor, persistent }] of this.#buffers) if (persistent) yield [name, tensor];
  }

  /**
   * Copy numbers into parameters and buffers by name.
   *
   * @param options - `strict`: missing and unexpected names are an error (default true)
   * @returns the names that were missing or unexpected
   * @throws {Error} that lists every name and every shape that does not fit; nothing is loaded then
   */
  loadStateDict(source: StateSource, { strict = true }: { readonly strict?: boolean } = {}): LoadResult {
    const given = new Map<string, StateValue>(
      Symbol.iterator in source ? (source as Iterable<[string, StateValue]>) : Object.entries(source),
    );
    const own = this.stateDict();
    const missingKeys = [...own.keys()].filter((name) => !given.has(name));
    const unexpectedKeys = [...given.keys()].filter((name) => !own.has(name));
    const problems: string[] = [];
    if (strict && unexpectedKeys.length > 0)
      problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
    if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
    for (const [name, target] of own) {
      const value = given.get(name);
      if (value && value.shape.join() !== target.shape.join()) {
        problems.push(
          `size mismatch for ${name}: copying a param with shape [${value.shape.join(", ")}] from checkpoint, ` +
            `the shape in current model is [${target.shape.join(", ")}].`,
        );
      }
    }
    if (problems.length > 0) {
      throw new Error(`Error(s) in loading state_dict for ${this.constructor.name}:\n\t${problems.join("\n\t")}`);
    }
    noGrad(() => {
      for (const [name, target] of own) {
        const value = given.get(name);
        if (value) target.copy_(asTensor(value, target)).realize();
      }
    });
    return { missingKeys, unexpectedKeys };
  }

  /** Forget gradients: as `optimizer.zeroGrad()` when the optimizer has all parameters of this module. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** Ask for gradients of all parameters, or freeze them. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad;
    return this;
  }

  /** Call a function with every module inside, innermost first, then with this one. */
  apply(visit: (module: Module) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  /**
   * Move parameters and buffers to a device, or convert those that are floats to a dtype. Parameters are new objects then (shared ones
   * stay shared): build the optimizer afterwards.
   */
  to(target: Device | DType): this {
    const moves = new Map<Parameter, Parameter>();
    const move = (parameter: Parameter): Parameter => {
      const known = moves.get(parameter) ?? moved(parameter, target);
      moves.set(parameter, known);
      return known;
    };
    noGrad(() => {
      for (const module of this.modules()) {
        for (const [name, member] of module.members()) {
          if (member instanceof Parameter) Reflect.set(module, name, move(member));
        }
        for (const entry of module.#buffers.values()) {
          const isFloat = entry.tensor.dtype.startsWith("float");
          if (typeof target !== "string" || isFloat) entry.tensor = keep(entry.tensor.to(target));
        }
      }
    });
    return this;
  }

  // --- showing ------------------------------------------------------------------------------------------------------------------------

  /** What stands in the brackets of {@link toString}. */
  protected extraRepr(): string {
    return "";
  }

  /** The module and all inside it, one line each. */
  toString(): string {
    const children = [...this.namedChildren()].map(
      ([name, child]) => `  (${name}): ${child.toString().replaceAll("\n", "\n  ")}`,
    );
    const head = `${this.constructor.name}(${this.extraRepr()}`;
    return children.length === 0 ? `${head})` : `${head}\n${children.join("\n")}\n)`;
  }
}

const join = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

function asTensor(value: StateValue, like: Tensor): Tensor {
  if (value instanceof Tensor) return value.to(like.device);
  const numbers = Float64Array.from(value.data as ArrayLike<number>, Number);
  return tensor(numbers, { shape: value.shape, dtype: like.dtype, device: like.device });
}

function moved(parameter: Parameter, target: Device | DType): Parameter {
  const data = parameter.detach().to(target);
  const result = new Parameter(data, { requiresGrad: parameter.requiresGrad });
  result.mode = parameter.mode;
  return result;
}
