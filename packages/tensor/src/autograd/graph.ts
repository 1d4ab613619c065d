import type { DType } from "@anneal/kernel";
import type { Cell } from "../core/cell.ts";
import { GradientError } from "../core/errors.ts";
import { formatShape, type Shape, sameShape } from "../core/shape.ts";
import type { Value } from "../core/value.ts";
import type { View } from "../core/view.ts";
import { Tensor } from "../tensor.ts";
import { isGradEnabled } from "./grad-mode.ts";
import { checkRowGradient, isRowGradient, type RowGradient } from "./row-gradient.ts";

/** Where a gradient goes: into the op that made the tensor, or into a leaf's `grad`. */
export type Edge = GradNode | LeafNode;

/**
 * How a tensor was made: one recorded op, to look at. From `tensor.gradFn` on, `nextFunctions` lead through all that was recorded.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.Node | torch.autograd.graph.Node}
 * @example
 * const w = tensor([1, 2], { requiresGrad: true });
 * const { gradFn } = w.mul(3).sum();
 * gradFn?.name; // => "sum"
 * gradFn?.nextFunctions[0]?.name; // => "mul"
 * gradFn?.nextFunctions[0]?.nextFunctions[0]?.variable === w; // => true
 */
export interface GradFn {
  /** The op's, `"matmul"`; `"accumulateGrad"` for a leaf. */
  readonly name: string;
  /** Of the op's result. */
  readonly shape: Shape;
  /** Of the op's result. */
  readonly dtype: DType;
  /** How the op's inputs were made, in their order; null for those that want no gradient. */
  readonly nextFunctions: readonly (GradFn | null)[];
  /** The leaf, where this is one, else null. */
  readonly variable: Tensor | null;
  /** Was this tensor, or a view of the same memory, kept for the gradient: an index, a target, an input? Nothing is after `backward()`. */
  saves(tensor: Tensor): boolean;
}

/** A leaf of the graph: a tensor the user asked gradients for. */
export class LeafNode implements GradFn {
  readonly tensor: Tensor;
  readonly hooks: ((grad: Tensor) => Tensor | undefined)[] = [];

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }

  get name(): string {
    return "accumulateGrad";
  }

  get shape(): Shape {
    return this.tensor.shape;
  }

  get dtype(): DType {
    return this.tensor.dtype;
  }

  get nextFunctions(): readonly GradFn[] {
    return [];
  }

  get variable(): Tensor {
    return this.tensor;
  }

  saves(): boolean {
    return false;
  }
}

/**
 * Gradients of the inputs, from the gradient of the output and the tensors saved. One of some rows of an input, the others being zero, may
 * be `{ indices, values }`: a leaf keeps it so.
 *
 * @param needs - which inputs want one; others may be null
 */
export type Backward = (
  grad: Tensor,
  saved: readonly Tensor[],
  needs: readonly boolean[],
) => readonly (Tensor | RowGradient | null)[];

type Like = Pick<Tensor, "shape" | "dtype" | "device">;

/** A tensor as it was when an op used it. */
interface Saved {
  readonly value: Value;
  readonly view: View;
  readonly cell: Cell;
  readonly version: number;
  /** "self": the op's own output. */
  readonly edge: Edge | "self" | null;
}

let sequence = 0;

/** One recorded op. Counted references: tensors it made and ops behind it hold it; it holds what it saved. */
export class GradNode implements GradFn {
  /** Ops later in time have larger numbers: the order of the backward pass. */
  readonly id = ++sequence;
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly edges: readonly (Edge | null)[];
  readonly hooks: ((grad: Tensor) => Tensor | undefined)[] = [];
  /** The tensor whose `grad` is wanted though it is no leaf. */
  retainedBy: WeakRef<Tensor> | null = null;
  #saved: readonly Saved[];
  readonly #backward: Backward;
  /** What the gradients must be like. */
  readonly #inputs: readonly Like[];
  #references = 0;
  #freed = false;

  constructor(name: string, inputs: readonly Tensor[], output: Tensor, saved: readonly Tensor[], backward: Backward) {
    this.name = name;
    this.shape = output.shape;
    this.dtype = output.dtype;
    this.edges = inputs.map((input) => input.edge());
    for (const edge of this.edges) if (edge instanceof GradNode) edge.retain();
    this.#backward = backward;
    this.#inputs = inputs.map(({ shape, dtype, device }) => ({ shape, dtype, device }));
    this.#saved = saved.map((tensor): Saved => {
      const cell = tensor.cell;
      const edge = tensor === output ? "self" : tensor.edge();
      if (edge instanceof GradNode) edge.retain();
      return { value: cell.value.retain(), view: tensor.layout, cell, version: cell.version, edge };
    });
  }

  get nextFunctions(): readonly (GradFn | null)[] {
    return this.edges;
  }

  get variable(): null {
    return null;
  }

  saves(tensor: Tensor): boolean {
    return this.#saved.some(({ cell }) => cell === tensor.cell);
  }

  retain(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references > 0) return;
    this.free();
    // An explicit stack: graphs are as deep as models are long.
    const waiting: GradNode[] = [this];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      for (const edge of node.edges) {
        if (edge instanceof GradNode && --edge.#references === 0) {
          edge.free();
          waiting.push(edge);
        }
      }
    }
  }

  /** Give back what was saved. */
  free(): void {
    this.#freed = true;
    const saved = this.#saved;
    this.#saved = [];
    for (const { value, edge } of saved) {
      value.release();
      if (edge instanceof GradNode) edge.release();
    }
  }

  /** Of what an edge wants a gradient. */
  shapeOf(input: number): Shape {
    return (this.#inputs[input] as Like).shape;
  }

  /** Gradients for the edges. */
  run(grad: Tensor): readonly (Tensor | RowGradient | null)[] {
    if (this.#freed) {
      throw new GradientError(
        "backward",
        `the graph through ${this.name} was freed by an earlier backward pass`,
        "Pass { retainGraph: true } to the first one, or compute the loss anew.",
      );
    }
    const saved = this.#saved.map(({ value, view, cell, version, edge }) => {
      if (cell.version !== version) {
        throw new GradientError(
          "backward",
          `a tensor that ${this.name} needs for its gradient was changed in place since (version ${cell.version}, ${version} expected)`,
          "Use the form without the trailing underscore, or change a clone().",
        );
      }
      return Tensor.ofValue(value, view, edge === "self" ? this : edge);
    });
    const gradients = this.#backward(
      grad,
      saved,
      this.edges.map((edge) => edge !== null),
    );
    for (let i = 0; i < gradients.length; i++) {
      const gradient = gradients[i];
      if (gradient && this.edges[i]) this.#check(gradient, i);
    }
    return gradients;
  }

  #check(gradient: Tensor | RowGradient, input: number): void {
    const like = this.#inputs[input] as Like;
    const { shape, dtype } = like;
    if (isRowGradient(gradient)) {
      checkRowGradient(`backward of ${this.name}`, gradient, like);
      return;
    }
    if (sameShape(gradient.shape, shape) && gradient.dtype === dtype) return;
    throw new GradientError(
      `backward of ${this.name}`,
      `the gradient of input ${input} is ${gradient.dtype} ${formatShape(gradient.shape)}, the input ${dtype} ${formatShape(shape)}`,
      "Mend its rule: it must sum what was broadcast, and cast back what was cast.",
    );
  }
}

/**
 * Give an op of your own a gradient: remember how `output` was made, if gradients are recorded now and any input wants one.
 *
 * @param name - for messages
 * @param inputs - tensors a gradient may go to
 * @param output - computed from the inputs without recording (from `x.detach()`, or inside `noGrad`)
 * @param saved - tensors the backward rule reads: inputs, the output, anything made on the way; handed to it, or freed with the graph
 * @param backward - gradients of the inputs; written with tensor ops it has gradients itself
 * @returns `output`
 * @see {@link https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.Function | torch.autograd.Function}
 * @example
 * const double = (x: Tensor) => record("double", [x], x.detach().mul(2), [], (grad) => [grad.mul(2)]);
 */
export function record(
  name: string,
  inputs: readonly Tensor[],
  output: Tensor,
  saved: readonly Tensor[],
  backward: Backward,
): Tensor {
  if (isGradEnabled() && inputs.some((input) => input.requiresGrad)) {
    output.setNode(new GradNode(name, inputs, output, saved, backward));
  }
  return output;
}
