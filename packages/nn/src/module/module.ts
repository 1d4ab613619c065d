import { type Device, type DType, keep, noGrad, OptionError, type Shape, Tensor } from "@anneal/tensor";
import { gradientOf } from "../parameters/gradients.ts";
import { type ModeMark, markEvalMode } from "./eval-warning.ts";
import { warnAboutHidden } from "./hidden-members.ts";
import type {
  ForwardHook,
  ForwardPreHook,
  FullBackwardHook,
  FullBackwardPreHook,
  HookHandle,
  HookOptions,
} from "./hooks.ts";
import { ModuleHooks } from "./module-hooks.ts";
import { mover } from "./move.ts";
import { Parameter } from "./parameter.ts";
import { show } from "./show.ts";
import {
  type LoadOptions,
  type LoadResult,
  loadState,
  type StateDict,
  type StateEntry,
  type StateSource,
} from "./state-dict.ts";

/** A module of one tensor in, one out. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor;
}

export interface BufferOptions {
  /** Is it in the state dict? @defaultValue true */
  readonly persistent?: boolean;
  /** May it be missing from a state dict that is loaded? @defaultValue false */
  readonly optional?: boolean;
}

export interface MembersOptions {
  /** Those of the modules inside too, or of this one alone. @defaultValue true */
  readonly recurse?: boolean;
  /** Give what is shared under its first name only. @defaultValue true */
  readonly removeDuplicate?: boolean;
}

interface BufferEntry extends Required<BufferOptions> {
  tensor: Tensor;
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
  readonly #computed = new Map<string, Shape>();
  #hooks: ModuleHooks | null = null;
  #looked = false;

  /** Compute the module's result. */
  abstract forward(...inputs: never[]): unknown;

  // --- what is inside -----------------------------------------------------------------------------------------------------------------

  /** What is searched for parameters and modules: the fields, in the order of their assignment. Containers say otherwise. */
  protected members(): Iterable<readonly [string, unknown]> {
    return Object.entries(this);
  }

  /** Put another parameter in the place of a member. */
  protected setMember(name: string, value: unknown): void {
    Reflect.set(this, name, value);
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

  /**
   * The module of a dotted name; "" is this one.
   *
   * @throws {OptionError} if there is none
   */
  getSubmodule(path: string): Module {
    for (const [name, module] of this.namedModules()) if (name === path) return module;
    throw new OptionError(
      "getSubmodule",
      `${this.constructor.name} has no module "${path}"`,
      `It has ${[...this.namedChildren()].map(([name]) => `"${name}"`).join(", ") || "none"}; names inside of them follow a dot.`,
    );
  }

  /** Parameters with dotted names; a shared one under its first name only. */
  *namedParameters({ recurse = true, removeDuplicate = true }: MembersOptions = {}): Generator<[string, Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.#paths(recurse, removeDuplicate)) {
      for (const [name, member] of module.members()) {
        if (!(member instanceof Parameter) || (removeDuplicate && seen.has(member))) continue;
        seen.add(member);
        yield [join(prefix, name), member];
      }
    }
    if (recurse) this.#lookForHidden();
  }

  /** Once: models are built before they are trained. */
  #lookForHidden(): void {
    if (this.#looked) return;
    this.#looked = true;
    const found = new Set<unknown>();
    for (const module of this.modules()) {
      found.add(module);
      for (const parameter of module.parameters({ recurse: false })) found.add(parameter);
    }
    for (const module of this.modules()) warnAboutHidden(found, module, module.members());
  }

  /** Modules with every name they have, or with the first. */
  #paths(recurse: boolean, removeDuplicate: boolean): Iterable<[string, Module]> {
    if (!recurse) return [["", this]];
    return removeDuplicate ? this.namedModules() : this.#everyPath("");
  }

  *#everyPath(prefix: string): Generator<[string, Module]> {
    yield [prefix, this];
    for (const [name, member] of this.members()) {
      if (member instanceof Module) yield* member.#everyPath(join(prefix, name));
    }
  }

  /** Parameters, for an optimizer. */
  *parameters({ recurse = true }: Pick<MembersOptions, "recurse"> = {}): Generator<Parameter> {
    for (const [, parameter] of this.namedParameters({ recurse })) yield parameter;
  }

  /** Buffers with dotted names; a shared one under its first name only. */
  *namedBuffers({ recurse = true, removeDuplicate = true }: MembersOptions = {}): Generator<[string, Tensor]> {
    const seen = new Set<Tensor>();
    for (const [prefix, module] of this.#paths(recurse, removeDuplicate)) {
      for (const [name, { tensor }] of module.#buffers) {
        if (removeDuplicate && seen.has(tensor)) continue;
        seen.add(tensor);
        yield [join(prefix, name), tensor];
      }
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
   * @throws {OptionError} if the name is empty, has a dot, or is taken by a field
   */
  registerBuffer(name: string, tensor: Tensor, { persistent = true, optional = false }: BufferOptions = {}): void {
    if (name === "" || name.includes(".") || Object.hasOwn(this, name)) {
      const what = Object.hasOwn(this, name)
        ? `${this.constructor.name} has a field "${name}"`
        : `the name is "${name}"`;
      throw new OptionError("registerBuffer", what, "Give a name without dots that no field has.");
    }
    this.#buffers.set(name, { tensor: keep(tensor).realize(), persistent, optional });
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
    return new Map([...this.#state("")].map(([name, { tensor }]) => [name, tensor]));
  }

  *#state(prefix: string): Generator<[string, StateEntry]> {
    for (const [name, member] of this.members()) {
      if (!(member instanceof Parameter)) continue;
      const replace = (tensor: Tensor): void =>
        this.setMember(name, new Parameter(tensor, { requiresGrad: member.requiresGrad }));
      yield [join(prefix, name), { tensor: member.detach(), optional: false, replace }];
    }
    for (const [name, { tensor, persistent, optional }] of this.#buffers) {
      if (!persistent) continue;
      const replace = (other: Tensor): void => this.registerBuffer(name, other, { persistent, optional });
      yield [join(prefix, name), { tensor: tensor.detach(), optional, replace }];
    }
    for (const [name, member] of this.members()) {
      if (member instanceof Module) yield* member.#state(join(prefix, name));
    }
  }

  /**
   * Copy numbers into parameters and buffers by name.
   *
   * @returns the names that were missing or unexpected
   * @throws {Error} that lists every name, shape and value that does not fit; nothing is loaded then
   */
  loadStateDict(source: StateSource, options: LoadOptions = {}): LoadResult {
    return loadState(this.constructor.name, new Map(this.#state("")), source, options);
  }

  /**
   * Forget gradients: as `optimizer.zeroGrad()` when the optimizer has all parameters of this module.
   *
   * @param options - `setToNone: false` zeroes the gradients in place instead of dropping them (default: true)
   */
  zeroGrad({ setToNone = true }: { readonly setToNone?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      if (setToNone) parameter.grad = null;
      else noGrad(() => gradientOf(parameter)?.zero_().realize());
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
    const move = mover(target);
    noGrad(() => {
      for (const module of this.modules()) {
        for (const [name, member] of module.members()) {
          if (member instanceof Parameter) module.setMember(name, move.parameter(member));
        }
        for (const entry of module.#buffers.values()) entry.tensor = move.buffer(entry.tensor);
      }
    });
    return this;
  }

  // --- hooks --------------------------------------------------------------------------------------------------------------------------

  /**
   * Call `hook` before every `forward` of this module; inputs that it returns take the place of those given.
   *
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_pre_hook | register_forward_pre_hook}
   * @example
   * const layer = new Linear(2, 2);
   * const handle = layer.registerForwardPreHook((_, [x]) => [x.clamp({ min: 0 })]);
   * handle.remove();
   */
  registerForwardPreHook(hook: ForwardPreHook<this, this["forward"]>, options?: HookOptions): HookHandle {
    const hooks = this.#allHooks();
    return hooks.add(hooks.forwardPre, hook as ForwardPreHook<Module>, options);
  }

  /**
   * Call `hook` after every `forward` of this module; a result that it returns takes the place of the module's own.
   *
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_hook | register_forward_hook}
   * @example
   * const shapes: string[] = [];
   * const model = new Sequential(new Linear(4, 8), new ReLU());
   * for (const layer of model) layer.registerForwardHook((_, __, output) => void shapes.push(String(output.shape)));
   * model.forward(ones([2, 4]));
   * shapes; // => ["2,8", "2,8"]
   */
  registerForwardHook(hook: ForwardHook<this, this["forward"]>, options?: HookOptions): HookHandle {
    const hooks = this.#allHooks();
    return hooks.add(hooks.forward, hook as ForwardHook<Module>, options);
  }

  /**
   * Call `hook` in every backward pass, before the gradient goes through this module; gradients of its results that it returns take the
   * place of those that came. They are freed after the pass: `keep(grad)` what shall live on.
   *
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_pre_hook | register_full_backward_pre_hook}
   */
  registerFullBackwardPreHook(hook: FullBackwardPreHook<this>, options?: HookOptions): HookHandle {
    const hooks = this.#allHooks();
    return hooks.add(hooks.backwardPre, hook as FullBackwardPreHook<Module>, options);
  }

  /**
   * Call `hook` in every backward pass, when the gradients of this module's inputs are known; those that it returns take their place. They
   * are freed after the pass: `keep(grad)` what shall live on. Where no input wants a gradient, it is called without any.
   *
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook | register_full_backward_hook}
   * @example
   * const layer = new Linear(2, 2);
   * layer.registerFullBackwardHook((_, [gradInput]) => [gradInput?.mul(0.5) ?? null]);
   */
  registerFullBackwardHook(hook: FullBackwardHook<this>, options?: HookOptions): HookHandle {
    const hooks = this.#allHooks();
    return hooks.add(hooks.backward, hook as FullBackwardHook<Module>, options);
  }

  #allHooks(): ModuleHooks {
    this.#hooks ??= new ModuleHooks(this);
    return this.#hooks;
  }

  // --- showing ------------------------------------------------------------------------------------------------------------------------

  /**
   * Multiply-accumulate operations of one call, for {@link summary}, without those of the modules inside. Unless a module says otherwise,
   * each of its own matrices (or kernels) is used once for every element of the result that has none of its numbers in common: that holds
   * for linear layers and convolutions.
   */
  macs(_inputs: readonly unknown[], output: unknown): number {
    if (!(output instanceof Tensor)) return 0;
    const shapes = [...this.parameters({ recurse: false })].map(({ shape }) => shape);
    const matrices = [...shapes, ...this.#computed.values()].filter((shape) => shape.length >= 2);
    return matrices.reduce((sum, [, ...sizes]) => sum + sizes.reduce((a, b) => a * b, output.numel), 0);
  }

  /** @internal A parameter is computed from others (null: no longer): {@link macs} counts it as if it were one. */
  setComputed(name: string, shape: Shape | null): void {
    if (shape) this.#computed.set(name, shape);
    else this.#computed.delete(name);
  }

  /** What stands in the brackets of {@link toString}. */
  protected extraRepr(): string {
    return "";
  }

  /** The module and all inside it, one line each; equal neighbours in a list on one. */
  toString(): string {
    return show(this.constructor.name, this.extraRepr(), this.members());
  }
}

const join = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);
