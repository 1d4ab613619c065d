import type { Expr } from "./expr.ts";

/** An expression with its equal subexpressions merged. */
export interface DistinctNode {
  readonly expr: Expr;
  readonly args: readonly DistinctNode[];
  /** How many nodes and roots use the value. */
  readonly uses: number;
}

interface MutableNode extends DistinctNode {
  uses: number;
}

/**
 * Merges what is structurally equal in some expressions, so that a printer can name every value that is used twice and compute it once.
 *
 * @returns one node for each root, in order; `nodes` are all of them, operands before their users
 * @example
 * const x = expr.load(0);
 * distinctNodes([expr.mul(x, expr.load(0))]).nodes.length; // => 2
 */
export function distinctNodes(roots: readonly Expr[]): { nodes: DistinctNode[]; roots: DistinctNode[] } {
  const byExpr = new Map<Expr, MutableNode>();
  const byKey = new Map<string, MutableNode>();
  const numbers = new Map<DistinctNode, number>();
  const nodes: MutableNode[] = [];
  const merge = (expr: Expr): MutableNode => {
    const seen = byExpr.get(expr);
    if (seen) return seen;
    const args = expr.args.map(merge);
    const value = Object.is(expr.value, -0) ? "-0" : String(expr.value);
    const key = [expr.op, expr.type, value, ...args.map((a) => numbers.get(a))].join();
    let node = byKey.get(key);
    if (!node) {
      node = { expr, args, uses: 0 };
      for (const a of args) a.uses++;
      byKey.set(key, node);
      numbers.set(node, nodes.length);
      nodes.push(node);
    }
    byExpr.set(expr, node);
    return node;
  };
  const merged = roots.map(merge);
  for (const root of merged) root.uses++;
  return { nodes, roots: merged };
}
