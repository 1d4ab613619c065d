import { DeviceError, GradientError, reword } from "../core/errors.ts";
import { store } from "../core/fusion.ts";
import { formatShape, type Shape, sameShape } from "../core/shape.ts";
import { fullLike } from "../creation/like.ts";
import { openInnerScope, type ScopeState } from "../memory/scope.ts";
import { Tensor } from "../tensor.ts";
import { enableGrad, noGrad } from "./grad-mode.ts";
import { type Edge, GradNode, LeafNode } from "./graph.ts";
import { denseGradient, isRowGradient, type RowGradient } from "./row-gradient.ts";

export interface BackwardOptions {
  /** Keep what the graph saved, so that another backward pass may follow. @defaultValue the value of `createGraph` */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, for gradients of gradients. @defaultValue false */
  readonly createGraph?: boolean;
}

/** `tensor.backward(grad)`: add gradients to the leaves. */
export function backward(root: Tensor, grad: Tensor | undefined, options: BackwardOptions): void {
  propagate([root], [grad], options, (leaf, gradient) => accumulate(leaf, gradient, options.createGraph === true));
}

/**
 * Gradients of `outputs` with respect to `inputs`, returned and not added to any `grad`.
 *
 * @param outputs - one tensor or several (their gradients are summed), each of one element unless `gradOutputs` says more
 * @param inputs - tensors that want gradients, leaves or not
 * @returns one gradient for each input, of its shape
 * @throws {GradientError} if an input has no part in the outputs, unless `allowUnused`
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html | torch.autograd.grad}
 * @example
 * const x = tensor(3, { requiresGrad: true });
 * const [dx] = grad(x.square(), [x]); // 6
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: BackwardOptions & {
    /** Gradients of the final result with respect to the outputs. */
    readonly gradOutputs?: readonly Tensor[];
    /** Give null for inputs that have no part in the outputs, instead of throwing. @defaultValue false */
    readonly allowUnused?: boolean;
  } = {},
): (Tensor | null)[] {
  const roots = outputs instanceof Tensor ? [outputs] : outputs;
  const wanted = new Map<Edge, Tensor | null>();
  for (const input of inputs) {
    const edge = input.edge();
    if (!edge)
      throw new GradientError("grad", "an input wants no gradient", "Set requiresGrad on it before it is used.");
    wanted.set(edge, null);
  }
  propagate(
    roots,
    roots.map((_, i) => options.gradOutputs?.[i]),
    options,
    () => {},
    wanted,
  );
  return inputs.map((input) => {
    const found = wanted.get(input.edge() as Edge) ?? null;
    if (!found && !options.allowUnused) {
      throw new GradientError(
        "grad",
        `an input of shape ${formatShape(input.shape)} has no part in the outputs`,
        "Pass { allowUnused: true } to get null for it.",
      );
    }
    return found;
  });
}

function propagate(
  roots: readonly Tensor[],
  rootGrads: readonly (Tensor | undefined)[],
  { createGraph = false, retainGraph = createGraph }: BackwardOptions,
  arrive: (leaf: Tensor, gradient: Tensor) => void,
  wanted?: Map<Edge, Tensor | null>,
): void {
  // `using` would not run in Node 20.
  const mode = createGraph ? enableGrad() : noGrad();
  // Each a tensor of its own in no scope, freed when it has been used: the memory of one op's gradient serves the next.
  const grads = new Map<Edge, Tensor>();
  const rows: { readonly leaf: Tensor; readonly gradient: RowGradient }[] = [];
  const results: Tensor[] = [];
  /** A tensor that outlives the scope it was `made` in. */
  const takeOut = (gradient: Tensor, made: ScopeState): Tensor => {
    // What is not new, or goes to several inputs, has another owner already.
    const isOurs = gradient.scope === made;
    const own = isOurs ? gradient : Tensor.ofValue(gradient.cell.value, gradient.layout, gradient.edge());
    own.scope = null;
    return own;
  };
  const collect = (edge: Edge, gradient: Tensor, made: ScopeState): void => {
    const before = grads.get(edge);
    grads.set(edge, takeOut(before ? before.add(gradient) : gradient, made));
    before?.discard();
  };
  /** Only a leaf whose gradient nobody else asks for keeps rows. */
  const collectRows = (edge: Edge, shape: Shape, { indices, values }: RowGradient, made: ScopeState): void => {
    if (!wanted && !createGraph && edge instanceof LeafNode && edge.hooks.length === 0) {
      const gradient = { indices: takeOut(indices, made), values: takeOut(values, made) };
      rows.push({ leaf: edge.tensor, gradient });
    } else collect(edge, denseGradient({ indices, values }, shape), made);
  };
  /** Take the gradient that arrived at `edge`, if any, through its hooks and to `use`. */
  const arriveAt = (edge: Edge, use: (gradient: Tensor, made: ScopeState) => void): void => {
    const own = grads.get(edge);
    if (!own) return;
    grads.delete(edge);
    const scope = openInnerScope();
    try {
      let gradient = own;
      for (const hook of edge.hooks) gradient = hook(gradient) ?? gradient;
      if (wanted?.has(edge)) results.push(take(wanted, edge, gradient));
      use(gradient, scope.state);
    } finally {
      scope.close();
      // Only hooks have seen it.
      if (!own.kept) own.free("when backward had used it", "Call keep(grad) in the hook to use it longer", null);
    }
  };
  try {
    const scope = openInnerScope();
    try {
      for (const [i, root] of roots.entries()) collect(edgeOf(root), firstGradient(root, rootGrads[i]), scope.state);
    } finally {
      scope.close();
    }
    const needed = wanted && ancestors(wanted, roots);
    for (const node of inOrder(roots)) {
      arriveAt(node, (gradient, made) => {
        const retainer = node.retainedBy?.deref();
        if (retainer && !retainer.isFreed && !wanted) accumulate(retainer, gradient, createGraph);
        if (needed && !needed.has(node)) return;
        const inputs = runNode(node, gradient);
        node.edges.forEach((edge, i) => {
          const part = inputs[i];
          if (!edge || !part) return;
          if (isRowGradient(part)) collectRows(edge, node.shapeOf(i), part, made);
          else collect(edge, part, made);
        });
        if (!retainGraph) node.free();
      });
    }
    for (const edge of grads.keys()) {
      if (!(edge instanceof LeafNode)) continue;
      arriveAt(edge, (gradient) => {
        // A leaf that was freed has nowhere to put it.
        if (!wanted && !edge.tensor.isFreed) arrive(edge.tensor, gradient);
      });
    }
    for (const { leaf, gradient } of rows) if (!leaf.isFreed) accumulateRows(leaf, gradient);
  } finally {
    mode.close();
    for (const own of grads.values()) own.discard();
    for (const { gradient } of rows) {
      gradient.indices.discard();
      gradient.values.discard();
    }
    // Results belong to whoever asked.
    for (const result of results) result.moveToCurrentScope();
  }
}

function take(wanted: Map<Edge, Tensor | null>, edge: Edge, gradient: Tensor): Tensor {
  // A tensor of its own: the same gradient may go to several inputs.
  const own = Tensor.ofValue(gradient.cell.value, gradient.layout, gradient.edge());
  own.scope = null;
  wanted.set(edge, own);
  return own;
}

function runNode(node: GradNode, gradient: Tensor): readonly (Tensor | RowGradient | null)[] {
  try {
    return node.run(gradient);
  } catch (error) {
    const where = `backward of ${node.name}: `;
    if (error instanceof Error && !(error instanceof GradientError) && !error.message.startsWith(where))
      throw reword(error, where + error.message);
    throw error;
  }
}

/** Add to `grad`; the graph's memory must not hang on it, so it is computed now. */
function accumulate(leaf: Tensor, gradient: Tensor, createGraph: boolean): void {
  const held = leaf.peekGrad();
  // Rows and all elements add up to all elements.
  if (isRowGradient(held)) leaf.grad = held.dense();
  const before = leaf.lentGrad;
  if (before && !createGraph) {
    before.cell.replace(before.add(gradient).cell.value);
    store(before.cell.value);
    return;
  }
  const sum = before ? before.add(gradient) : gradient;
  const whole = sum.contiguous();
  if (!createGraph) store(whole.cell.value);
  leaf.grad = Tensor.ofValue(whole.cell.value, whole.layout, createGraph ? whole.edge() : null);
}

function accumulateRows(leaf: Tensor, gradient: RowGradient): void {
  const before = leaf.peekGrad();
  if (before === null) leaf.grad = gradient;
  else if (isRowGradient(before)) before.add(gradient);
  else {
    const scope = openInnerScope();
    try {
      accumulate(leaf, denseGradient(gradient, leaf.shape), false);
    } finally {
      scope.close();
    }
  }
}

function edgeOf(root: Tensor): Edge {
  const edge = root.edge();
  if (edge) return edge;
  throw new GradientError(
    "backward",
    "nothing was recorded for this tensor",
    "Compute it outside of noGrad, from tensors whose requiresGrad is true.",
  );
}

function firstGradient(root: Tensor, given: Tensor | undefined): Tensor {
  if (!given) {
    if (root.numel !== 1) {
      throw new GradientError(
        "backward",
        `a tensor ${formatShape(root.shape)} has ${root.numel} elements, so its gradient is not plainly 1`,
        "Reduce it to one number first, or pass the gradient: y.backward(grad).",
      );
    }
    return fullLike(root, 1);
  }
  if (!sameShape(given.shape, root.shape)) {
    throw new GradientError(
      "backward",
      `the gradient ${formatShape(given.shape)} does not have the shape ${formatShape(root.shape)} of its tensor`,
      "Give one of the same shape.",
    );
  }
  if (given.dtype !== root.dtype) {
    throw new GradientError(
      "backward",
      `the gradient is ${given.dtype}, its tensor ${root.dtype}`,
      `Cast it first: grad.to("${root.dtype}").`,
    );
  }
  if (given.device !== root.device) {
    throw new DeviceError(
      "backward",
      `the gradient is on ${given.device.info.name}, its tensor on ${root.device.info.name}`,
      "Move the gradient: grad.to(tensor.device).",
    );
  }
  return given;
}

/** Every op behind the roots, latest first: an op's users all come before it. */
function inOrder(roots: readonly Tensor[]): GradNode[] {
  const seen = new Set<GradNode>();
  const waiting = roots.map((root) => root.edge());
  for (let edge = waiting.pop(); edge !== undefined; edge = waiting.pop()) {
    if (!(edge instanceof GradNode) || seen.has(edge)) continue;
    seen.add(edge);
    waiting.push(...edge.edges);
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

/** Ops whose gradients lead to anything wanted. */
function ancestors(wanted: ReadonlyMap<Edge, unknown>, roots: readonly Tensor[]): Set<GradNode> {
  const needed = new Set<GradNode>();
  for (const node of inOrder(roots).reverse()) {
    if (node.edges.some((edge) => edge && (wanted.has(edge) || (edge instanceof GradNode && needed.has(edge)))))
      needed.add(node);
  }
  return needed;
}
