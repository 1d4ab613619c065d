import type { DistinctNode } from "../../distinct-nodes.ts";
import type { Local } from "../assembler/function-builder.ts";
import type { Context } from "./context.ts";
import { pushElements, pushGathered, pushPlaces } from "./elements.ts";
import { constantBytes, type Frame } from "./frame.ts";
import { operateNode } from "./operations.ts";
import type { Axis, PlannedInput } from "./plan.ts";

/**
 * The values of expressions at one place of the loops. Each is computed once, as far out as it can be: what is made of constants and
 * arguments where the function starts, what the loop does not change in front of the loop, what all copies share for the first of them.
 */
export class Values {
  readonly #context: Context;
  readonly #frame: Frame;
  readonly #known = new Map<DistinctNode, Local[]>();

  constructor(context: Context, frame: Frame) {
    this.#context = context;
    this.#frame = frame;
  }

  /** Pushes the vector of a node's values. */
  push(node: DistinctNode, copy: number): void {
    const { f } = this.#context;
    if (isFixed(node)) {
      f.get(this.#fixed(node));
      return;
    }
    const isShared = this.#frame.copies > 1 && !this.#dependsOn(node, this.#frame.axis);
    const own = isShared ? 0 : copy;
    const { hoist } = this.#frame;
    if (hoist && !this.#dependsOn(node, this.#frame.loop)) {
      const locals = locate(hoist.known, node);
      if (locals[own] === undefined) {
        const local = f.local("v128");
        f.at(hoist.point, () => {
          this.#compute(node, own);
          f.set(local);
        });
        locals[own] = local;
      }
      f.get(locals[own] as Local);
      return;
    }
    if (node.uses === 1 && !isShared) {
      this.#compute(node, own);
      return;
    }
    const locals = locate(this.#known, node);
    if (locals[own] !== undefined) {
      f.get(locals[own] as Local);
      return;
    }
    this.#compute(node, own);
    locals[own] = f.local("v128");
    f.tee(locals[own] as Local);
  }

  /** Is the value the same in all lanes? */
  isUniform(node: DistinctNode): boolean {
    return isFixed(node) || !this.#dependsOn(node, this.#frame.axis);
  }

  #fixed(node: DistinctNode): Local {
    const { expr } = node;
    if (expr.op === "const") return this.#context.bytes(constantBytes(expr));
    if (expr.op === "arg") return this.#context.argument(expr.value, expr.type);
    const { fixed } = this.#context;
    const known = fixed.get(node);
    if (known !== undefined) return known;
    const { f } = this.#context;
    const local = f.local("v128");
    f.at(this.#context.entry, () => {
      this.#compute(node, 0);
      f.set(local);
    });
    fixed.set(node, local);
    return local;
  }

  #compute(node: DistinctNode, copy: number): void {
    const { expr, args } = node;
    const input = this.#context.plan.inputs[expr.value] as PlannedInput;
    switch (expr.op) {
      case "load":
        pushElements(this.#context, this.#frame, input, copy);
        break;
      case "gather":
        this.#context.temporary(["v128"], (at) => {
          this.push(args[0] as DistinctNode, copy);
          this.#context.f.set(at);
          pushGathered(this.#context, this.#frame, input, copy, at, this.isUniform(args[0] as DistinctNode));
        });
        break;
      case "offset":
        pushPlaces(this.#context, this.#frame, input.offset, copy);
        break;
      case "reduced":
        this.#frame.pushReduced?.(copy);
        break;
      case "reducedIndex":
        this.#frame.pushReducedIndex?.(copy);
        break;
      default:
        operateNode(this.#context, expr, (i) => this.push(args[i] as DistinctNode, copy));
    }
  }

  /** Does the value change along an axis? */
  #dependsOn(node: DistinctNode, axis: Axis): boolean {
    const { dependence } = this.#context;
    const known = dependence[axis].get(node);
    if (known !== undefined) return known;
    const found = this.#moves(node, axis) || node.args.some((a) => this.#dependsOn(a, axis));
    dependence[axis].set(node, found);
    return found;
  }

  #moves({ expr: { op, value } }: DistinctNode, axis: Axis): boolean {
    if (op === "reduced" || op === "reducedIndex") return true;
    if (op !== "load" && op !== "gather" && op !== "offset") return false;
    const { address, bounds } = this.#context.plan.inputs[value] as PlannedInput;
    return address.layouts[axis] !== "broadcast" || (op !== "offset" && bounds.length > 0);
  }
}

function locate(known: Map<DistinctNode, Local[]>, node: DistinctNode): Local[] {
  const locals = known.get(node) ?? [];
  known.set(node, locals);
  return locals;
}

const fixedNodes = new WeakMap<DistinctNode, boolean>();

/** Made of constants and arguments only: the same during a whole call. */
function isFixed(node: DistinctNode): boolean {
  const { op } = node.expr;
  if (op === "const" || op === "arg") return true;
  if (node.args.length === 0 || op === "gather") return false;
  const known = fixedNodes.get(node);
  if (known !== undefined) return known;
  const found = node.args.every(isFixed);
  fixedNodes.set(node, found);
  return found;
}
