import { type Device, type DType, DTypeError, keep, noGrad, OptionError, type Tensor } from "@anneal/tensor";
import { type ModeMark, markEvalMode } from "./eval-warning.ts";
import { Parameter } from "./parameter.ts";
import { type LoadResult, loadState, type StateDict, type StateSource } from "./state-dict.ts";

/** A module of one tensor in, one out. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
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
   * @param tensor - kept alive; a buffer of the same name is replaced
   * @param options - `persistent`: is it in the state dict (default true)
   * @throws {OptionError} if the name is empty, has a dot, or is taken by a field
   */
  registerBuffer(name: string, tensor: Tensor, { persistent = true }: { readonly persistent?: boolean } = {}): void {
    if (name === "" || name.includes(".") || Object.hasOwn(this, name)) {
      const what = Object.hasOwn(this, name)
        ? `${this.constructor.name} has a field "${name}"`
        : `the name is "${name}"`;
      throw new OptionError("registerBuffer", what, "Give a name without dots that no field has.");
    }
    this.#buffers.set(name, { tensor: keep(tensor).realize(), persistent });
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
    return this.#setMode(mode, mode ? null : markEvalMode(this.constructor.name, this.train));
  }

  /** Put this module and all inside it into evaluation mode: dropout keeps everything, batch-norm uses what it learned. */
  eval(): this {
    return this.#setMode(false, markEvalMode(this.constructor.name, this.eval));
  }

  #setMode(training: boolean, mark: ModeMark | null): this {
    for (const module of this.modules()) module.setOwnMode(training, mark);
    return this;
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
   * @throws {Error} that lists every name, shape and value that does not fit; nothing is loaded then
   */
  loadStateDict(source: StateSource, { strict = true }: { readonly strict?: boolean } = {}): LoadResult {
    return loadState(this.constructor.name, this.stateDict(), source, strict);
  }

  /**
   * Forget gradients: as `optimizer.zeroGrad()` when the optimizer has all parameters of this module.
   *
   * @param options - `setToNone: false` zeroes the gradients in place instead of dropping them (default: true)
   */
  zeroGrad({ setToNone = true }: { readonly setToNone?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      if (setToNone) parameter.grad = null;
      else noGrad(() => parameter.peekGrad()?.zero_().realize());
    }
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
   * stay shared) unless nothing changes: build the optimizer afterwards.
   *
   * @throws {DTypeError} if the dtype is no float
   */
  to(target: Device | DType): this {
    if (typeof target === "string" && !isFloat(target)) {
      throw new DTypeError(
        "Module.to",
        `${target} parameters could not learn`,
        'Give a float dtype, such as "float64".',
      );
    }
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
          if (isThere(entry.tensor, target)) continue;
          if (typeof target !== "string" || isFloat(entry.tensor.dtype))
            entry.tensor = keep(entry.tensor.to(target)).realize();
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

const isFloat = (dtype: DType): boolean => dtype.startsWith("float");

const isThere = (tensor: Tensor, target: Device | DType): boolean =>
  target === (typeof target === "string" ? tensor.dtype : tensor.device);

function moved(parameter: Parameter, target: Device | DType): Parameter {
  if (isThere(parameter, target)) return parameter;
  const result = new Parameter(parameter.detach().to(target), { requiresGrad: parameter.requiresGrad });
  result.grad = parameter.grad?.to(target) ?? null;
  result.mode = parameter.mode;
  return result;
}
