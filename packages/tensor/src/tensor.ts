import type { DType, Rule } from "@anneal/kernel";
import { type BackwardOptions, backward as runBackward } from "./autograd/backward.ts";
import { type GivenRowGradient, givenGradient } from "./autograd/given-gradient.ts";
import { isGradEnabled } from "./autograd/grad-mode.ts";
import { type Edge, type GradFn, GradNode, LeafNode } from "./autograd/graph.ts";
import { SparseGradient } from "./autograd/sparse-gradient.ts";
import { Cell } from "./core/cell.ts";
import type { Device } from "./core/device.ts";
import { isFloating } from "./core/dtypes.ts";
import { FreedError, GradientError, ShapeError } from "./core/errors.ts";
import { store } from "./core/fusion.ts";
import { formatShape, numelOf, type Shape } from "./core/shape.ts";
import { userFrame } from "./core/user-frame.ts";
import type { Value } from "./core/value.ts";
import { type View, wholeView } from "./core/view.ts";
import { zeros } from "./creation/full.ts";
import { adopt, type ScopeState } from "./memory/scope.ts";
import * as methods from "./methods.ts";
import type { AdaptiveSize } from "./ops/adaptive-pool.ts";
import type { ValuesAndIndices } from "./ops/extremes.ts";
import type { IndicesOption, MaxPoolOptions, MaxPoolResult } from "./ops/max-pool.ts";
import { TensorOperations } from "./optimizing/operations.ts";
import { loadState, saveState } from "./optimizing/saved-state.ts";
import { updateByRule, updateRowsByRule } from "./optimizing/update.ts";
import { formatTensor } from "./reading/format.ts";
import {
  type NestedArray,
  read,
  readInto,
  readNested,
  readNestedSync,
  readSync,
  type TypedArray,
} from "./reading/read.ts";

/** @internal What a tensor is made of: shared memory, a view of it, and where its gradient goes. */
export interface TensorParts {
  readonly cell: Cell;
  readonly layout: View;
  readonly edge: Edge | null;
}

/** What a tensor's handle keeps alive; outlives the tensor object so that the collector can give it back. */
interface Holdings {
  cell: Cell | null;
  node: GradNode | null;
}

/** Tensors not freed yet, for `memory()`. */
export const liveTensors = { count: 0 };

const collector = new FinalizationRegistry<Holdings>(letGo);

function letGo(holdings: Holdings): void {
  const { cell, node } = holdings;
  if (!cell) return;
  holdings.cell = null;
  holdings.node = null;
  liveTensors.count--;
  node?.release();
  cell.release();
}

/**
 * An n-dimensional array of numbers on a device: a view of a value that is in memory or still a recipe. Nobody can tell which, except by
 * the clock. Make them with `tensor`, `zeros`, `randn`...; methods are PyTorch's in camelCase.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface below adds the methods that `methods` puts on the prototype.
export class Tensor {
  /** Sizes of the dimensions, outermost first. */
  readonly shape: Shape;
  readonly dtype: DType;
  readonly device: Device;
  /** @internal */
  readonly layout: View;
  /** @internal The memory scope it belongs to. */
  scope: ScopeState | null = null;
  /** @internal By keep(): not even the tensor it is the gradient of frees it. */
  kept = false;
  readonly #holdings: Holdings;
  /** Will the collector free it? */
  #collected = false;
  #leaf: LeafNode | null = null;
  #grad: Tensor | SparseGradient | null = null;
  #gradLent = false;
  #freed: { how: string; mend: string; site: Error | null } | null = null;

  /** @internal Tensors come from functions; subclasses share the memory of one. */
  protected constructor({ cell, layout: view, edge }: TensorParts) {
    this.#holdings = { cell: cell.retain(), node: edge instanceof GradNode ? edge.retain() : null };
    if (edge instanceof LeafNode) this.#leaf = edge;
    this.shape = view.shape;
    this.layout = view;
    this.dtype = cell.value.dtype;
    this.device = cell.value.device;
    liveTensors.count++;
    adopt(this);
  }

  /** @internal A tensor of its own over a value. */
  static ofValue(value: Value, view: View = wholeView(value.shape), edge: Edge | null = null): Tensor {
    return new Tensor({ cell: new Cell(value), layout: view, edge });
  }

  /** @internal A view that sees this tensor's in-place changes. */
  viewAs(view: View): Tensor {
    return new Tensor({ cell: this.cell, layout: view, edge: null });
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get numel(): number {
    return numelOf(this.shape);
  }

  /** The dimensions in reverse order; for a matrix its transpose. A view. */
  get T(): Tensor {
    return methods.permute(
      this,
      this.shape.map((_, d) => this.ndim - 1 - d),
    );
  }

  /** @internal */
  get cell(): Cell {
    const { cell } = this.#holdings;
    if (cell) return cell;
    const { how, mend, site } = this.#freed ?? {
      how: "by dispose()",
      mend: "Dispose it after its last use",
      site: null,
    };
    const at = site ? userFrame(site) : null;
    throw new FreedError(
      `tensor ${formatShape(this.shape)} ${this.dtype}`,
      `used after it was freed ${how}${at ? ` at ${at}` : ""}`,
      `${mend}.`,
    );
  }

  /** Was its memory given back? */
  get isFreed(): boolean {
    return this.#holdings.cell === null;
  }

  // --- gradients -------------------------------------------------------------------------------------------------------------------

  /** Is a gradient wanted for this tensor, or for anything it was computed from? Set it on leaves, before they are used. */
  get requiresGrad(): boolean {
    return this.#leaf !== null || this.#holdings.node !== null;
  }

  set requiresGrad(wanted: boolean) {
    if (this.#holdings.node) {
      if (wanted) return;
      throw new GradientError(
        "requiresGrad",
        "this tensor was computed from others that want gradients, so it cannot refuse one",
        "Use detach() to leave the graph.",
      );
    }
    if (wanted && !isFloating(this.dtype)) {
      throw new GradientError(
        "requiresGrad",
        `a tensor of ${this.dtype} has no gradient`,
        'Cast it first: x.to("float32").',
      );
    }
    this.#leaf = wanted ? (this.#leaf ?? new LeafNode(this)) : null;
  }

  /** Not made by a recorded op. */
  get isLeaf(): boolean {
    return this.#holdings.node === null;
  }

  /**
   * The recorded op that made this tensor; null for leaves and for what was not recorded.
   *
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.grad_fn.html | torch.Tensor.grad_fn}
   */
  get gradFn(): GradFn | null {
    return this.#holdings.node;
  }

  /**
   * The gradient that `backward()` left here, of this tensor's shape, or null. Several backward passes add up. Set it to null to start
   * anew.
   *
   * A gradient by rows (of an `Embedding` with `sparse`) is kept so for the optimizer until it is changed in place here.
   */
  get grad(): Tensor | null {
    this.#gradLent = true;
    return this.#grad instanceof SparseGradient ? this.#grad.dense() : this.#grad;
  }

  /** Also of single rows, the indices numbers or a tensor; the getter gives what these stand for. */
  set grad(given: Tensor | GivenRowGradient | null) {
    const grad = given === null ? null : givenGradient(this, given);
    const before = this.#grad;
    if (before === grad) return;
    // The gradient of all elements that was made of rows may take their place.
    if (grad !== null && before instanceof SparseGradient && before.lent === grad) before.end();
    else {
      this.#parkGrad();
      this.#gradLent = false;
    }
    if (grad instanceof Tensor) detachFromScope(grad);
    this.#grad = grad;
  }

  /** Let go of the gradient. Somebody may still hold what was lent: then it lives as long as any other tensor made now. */
  #parkGrad(): void {
    const grad = this.#grad instanceof SparseGradient ? this.#grad.end() : this.#grad;
    this.#grad = null;
    if (!grad || grad.isFreed || grad.kept) return;
    if (this.#gradLent) adopt(grad);
    else grad.discard();
  }

  /** @internal The gradient as it is, of all elements or of some rows, without lending it. */
  peekGrad(): Tensor | SparseGradient | null {
    const grad = this.#grad;
    return grad instanceof SparseGradient && grad.isDense ? grad.lent : grad;
  }

  /** @internal The tensor that `grad` gave, or would give if it need not be made. */
  get lentGrad(): Tensor | null {
    return this.#grad instanceof SparseGradient ? this.#grad.lent : this.#grad;
  }

  /** @internal */
  edge(): Edge | null {
    return this.#holdings.node ?? this.#leaf;
  }

  /** @internal This tensor's value now comes from `node`. */
  setNode(node: GradNode): void {
    node.retain();
    this.#holdings.node?.release();
    this.#holdings.node = node;
    this.#leaf = null;
  }

  /**
   * Compute the gradient of this tensor with respect to every leaf it was made from, and add it to their `grad`.
   *
   * @param grad - gradient of the final result with respect to this tensor, of its shape; may be left out for a tensor of one element
   * @throws {GradientError} if nothing was recorded, or the graph was freed before
   * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html | torch.Tensor.backward}
   * @example
   * const x = tensor([1, 2, 3], { requiresGrad: true });
   * x.square().sum().backward();
   * await x.grad?.array(); // => [2, 4, 6]
   */
  backward(grad?: Tensor, options: BackwardOptions = {}): void {
    runBackward(this, grad, options);
  }

  /** Keep the gradient of this tensor in `grad` though it is no leaf. */
  retainGrad(): void {
    const { node } = this.#holdings;
    if (node) node.retainedBy = new WeakRef(this);
    else if (!this.#leaf)
      throw new GradientError(
        "retainGrad",
        "this tensor wants no gradient",
        "Set requiresGrad on a leaf it comes from.",
      );
  }

  /** Call `hook` with the gradient of this tensor when it is known; what it returns takes its place. Returns a function that removes it. */
  registerHook(hook: (grad: Tensor) => Tensor | undefined): () => void {
    const hooks = this.#holdings.node?.hooks ?? this.#leaf?.hooks;
    if (!hooks)
      throw new GradientError(
        "registerHook",
        "this tensor wants no gradient",
        "Set requiresGrad on a leaf it comes from.",
      );
    hooks.push(hook);
    return () => {
      const at = hooks.indexOf(hook);
      if (at >= 0) hooks.splice(at, 1);
    };
  }

  /** The same numbers (a view, in-place changes are seen) without the graph behind them. */
  detach(): Tensor {
    return this.viewAs(this.layout);
  }

  // --- as an optimizer's parameter -------------------------------------------------------------------------------------------------

  /** A state slot for an optimizer: zeros like this tensor, or of another shape, owned by the caller. */
  zeros(shape: Shape = this.shape): Tensor {
    const slot = zeros(shape, { dtype: this.dtype, device: this.device });
    detachFromScope(slot);
    return slot;
  }

  /** What an optimizer can ask for beside rules: formulas that combine elements, products, numbers to read. */
  get operations(): TensorOperations {
    return new TensorOperations(this);
  }

  /** Run an optimizer's rule on this tensor, its gradient and the state slots: one pass over memory, in place. */
  update(rule: Rule, state: readonly Tensor[], scalars: readonly number[]): void {
    updateByRule(this, rule, state, scalars);
  }

  /** Run a rule only on the rows that a gradient by rows names. Where the gradient is another, nothing happens. */
  updateRows(rule: Rule, state: readonly Tensor[], scalars: readonly number[]): void {
    updateRowsByRule(this, rule, state, scalars);
  }

  /** An independent copy of a state slot, for a state dict. */
  saveState(slot: Tensor): Tensor {
    return saveState(slot);
  }

  /** A state slot from a saved one, of this tensor's shape or another. */
  loadState(saved: unknown, where: string, shape: Shape = this.shape): Tensor {
    return loadState(this, saved, where, shape);
  }

  // --- reading ---------------------------------------------------------------------------------------------------------------------

  /** The one number of a tensor of one element; bool gives 0 or 1. */
  async item(): Promise<number> {
    return oneOf(this, await read(this));
  }

  /** {@link item} at once, on devices that compute while you wait (the CPU's). */
  itemSync(): number {
    return oneOf(this, readSync(this, "itemSync"));
  }

  /** A copy of the elements in row-major order, in the typed array of the dtype (bool: Uint8Array, float16: Float32Array). */
  data(): Promise<TypedArray> {
    return read(this);
  }

  /** {@link data} at once, on devices that compute while you wait (the CPU's). */
  dataSync(): TypedArray {
    return readSync(this, "dataSync");
  }

  /** @internal The bytes of {@link data} at once, into memory of as many that was used before; false where the device cannot. */
  readInto(target: Uint8Array): boolean {
    return readInto(this, target);
  }

  /** The numbers as nested arrays, a plain number for a scalar. */
  array(): Promise<NestedArray> {
    return readNested(this);
  }

  /** {@link array} at once, on devices that compute while you wait (the CPU's). */
  arraySync(): NestedArray {
    return readNestedSync(this);
  }

  toString(): string {
    return formatTensor(this);
  }

  /**
   * Compute this tensor now, if nothing has made it necessary yet. Never needed for right results; for timing, and for tensors that are
   * updated for ever and read rarely.
   */
  realize(): this {
    store(this.cell.value);
    return this;
  }

  // --- memory ----------------------------------------------------------------------------------------------------------------------

  /** Give the memory back now. Views of it live on, and so does a gradient that was read. Harmless the second time. */
  dispose(): void {
    if (this.isFreed) return;
    this.#parkGrad();
    this.free("by dispose()", "Dispose it after its last use");
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal Free a tensor that nobody outside has seen: without a note of where, which takes time. */
  discard(): void {
    this.free("by the op that made it", "This is a mistake in the library; please report it", null);
  }

  /** @internal */
  free(how: string, mend: string, site: Error | null = new Error("freed")): void {
    if (this.isFreed) return;
    this.#freed = { how, mend, site };
    const grad = this.#grad instanceof SparseGradient ? this.#grad.end() : this.#grad;
    this.#grad = grad;
    if (grad && !grad.kept) grad.free(`with the tensor it is the gradient of, ${how}`, mend, site);
    this.scope = null;
    // Registrations of what is freed already would wait for a collection, step after step.
    if (this.#collected) collector.unregister(this);
    letGo(this.#holdings);
  }

  /** @internal The gradient lives on by itself. */
  handOverGrad(): void {
    this.#parkGrad();
  }

  /** @internal No scope will free this one. */
  leaveToCollector(): void {
    this.scope = null;
    if (this.#collected) return;
    this.#collected = true;
    collector.register(this, this.#holdings, this);
  }

  /** @internal It belongs to whoever is at work now. */
  moveToCurrentScope(): void {
    adopt(this);
  }

  /** @internal Are ops on this recorded now? */
  get recorded(): boolean {
    return this.requiresGrad && isGradEnabled();
  }
}

/** Functions whose first parameter is a tensor, as methods. */
type Methods<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (self: Tensor, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** What {@link Methods} cannot say: functions that return one thing or another. */
interface OverloadedMethods {
  /** The largest of all elements; or along `dim`, with where it is. */
  max(): Tensor;
  max(dim: number, options?: { readonly keepdim?: boolean }): ValuesAndIndices;
  /** The smallest of all elements; or along `dim`, with where it is. */
  min(): Tensor;
  min(dim: number, options?: { readonly keepdim?: boolean }): ValuesAndIndices;
  /** The largest element of each window; with `returnIndices` also where it was. */
  maxPool1d<Indices extends boolean = false>(
    kernelSize: number | readonly number[],
    options?: MaxPoolOptions<Indices>,
  ): MaxPoolResult<Indices>;
  /** The largest element of each window; with `returnIndices` also where it was. */
  maxPool2d<Indices extends boolean = false>(
    kernelSize: number | readonly number[],
    options?: MaxPoolOptions<Indices>,
  ): MaxPoolResult<Indices>;
  /** The largest element of each window; with `returnIndices` also where it was. */
  maxPool3d<Indices extends boolean = false>(
    kernelSize: number | readonly number[],
    options?: MaxPoolOptions<Indices>,
  ): MaxPoolResult<Indices>;
  /** The largest elements of as many windows as asked for; with `returnIndices` also where they were. */
  adaptiveMaxPool1d<Indices extends boolean = false>(
    outputSize: AdaptiveSize,
    options?: IndicesOption<Indices>,
  ): MaxPoolResult<Indices>;
  /** The largest elements of as many windows as asked for; with `returnIndices` also where they were. */
  adaptiveMaxPool2d<Indices extends boolean = false>(
    outputSize: AdaptiveSize,
    options?: IndicesOption<Indices>,
  ): MaxPoolResult<Indices>;
  /** The largest elements of as many windows as asked for; with `returnIndices` also where they were. */
  adaptiveMaxPool3d<Indices extends boolean = false>(
    outputSize: AdaptiveSize,
    options?: IndicesOption<Indices>,
  ): MaxPoolResult<Indices>;
}

export interface Tensor extends Omit<Methods<typeof methods>, keyof OverloadedMethods>, OverloadedMethods {}

// Names only: the functions may not be there yet while modules load in a circle.
for (const name of Reflect.ownKeys(methods)) {
  if (typeof name !== "string") continue;
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    value(this: Tensor, ...rest: unknown[]): unknown {
      const method = (methods as Readonly<Record<string, unknown>>)[name] as (
        self: Tensor,
        ...rest: unknown[]
      ) => unknown;
      return method(this, ...rest);
    },
  });
}

function detachFromScope(tensor: Tensor): void {
  if (tensor.scope) tensor.leaveToCollector();
}

function oneOf(tensor: Tensor, data: TypedArray): number {
  if (data.length !== 1) {
    throw new ShapeError(
      "item",
      `a tensor ${formatShape(tensor.shape)} has ${data.length} elements, not one`,
      "Use array() or data(), or reduce it first.",
    );
  }
  return Number(data[0]);
}
