import type { GraphNode } from "./read-graph.ts";

/** A name scope: what is between two `/` of the nodes' names. */
export interface Scope {
  /** The whole path; empty for the root. */
  readonly path: string;
  /** The last part of it. */
  readonly label: string;
  readonly scopes: Map<string, Scope>;
  readonly nodes: GraphNode[];
  /** Nodes in it and in what is in it. */
  size: number;
}

/** The tree of scopes that the names of nodes span. */
export function scopesOf(nodes: readonly GraphNode[]): Scope {
  const root = emptyScope("", "");
  const prefixes = new Set(
    nodes.flatMap(({ name }) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))),
  );
  for (const node of nodes) {
    const parts = node.name.split("/");
    // What is a node and a scope at once is shown within the scope.
    const path = prefixes.has(node.name) ? parts : parts.slice(0, -1);
    let scope = root;
    scope.size += 1;
    path.forEach((label, k) => {
      let inner = scope.scopes.get(label);
      if (inner === undefined) {
        inner = emptyScope(path.slice(0, k + 1).join("/"), label);
        scope.scopes.set(label, inner);
      }
      inner.size += 1;
      scope = inner;
    });
    scope.nodes.push(node);
  }
  return root;
}

const emptyScope = (path: string, label: string): Scope => ({ path, label, scopes: new Map(), nodes: [], size: 0 });

/** What is drawn: a node, a closed scope, or the frame of an open one. */
export interface Box {
  readonly id: string;
  readonly label: string;
  /** The open scope that it is in, if any. */
  readonly parent: string | undefined;
  readonly kind: "node" | "closed" | "open";
  readonly node: GraphNode | undefined;
  readonly scope: Scope | undefined;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  /** The nodes whose outputs flow here. */
  readonly sources: Set<string>;
  /** The shape of what flows, if it is one output. */
  readonly shape: string;
}

export interface View {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

/** The boxes that are seen when some scopes are open, and the edges between them, several as one. */
export function viewOf(root: Scope, open: ReadonlySet<string>): View {
  const boxes: Box[] = [];
  const seen = new Map<string, string>();
  const within: { node: GraphNode; box: string }[] = [];
  const claim = (scope: Scope, box: string): void => {
    for (const node of scope.nodes) {
      seen.set(node.name, box);
      within.push({ node, box });
    }
    for (const inner of scope.scopes.values()) claim(inner, box);
  };
  const visit = (scope: Scope, parent: string | undefined): void => {
    for (const inner of scope.scopes.values()) {
      const id = `scope ${inner.path}`;
      const isOpen = open.has(inner.path);
      boxes.push({ id, label: inner.label, parent, kind: isOpen ? "open" : "closed", node: undefined, scope: inner });
      if (isOpen) visit(inner, id);
      else claim(inner, id);
    }
    for (const node of scope.nodes) {
      const id = `node ${node.name}`;
      boxes.push({ id, label: node.name.split("/").at(-1) ?? "", parent, kind: "node", node, scope: undefined });
      seen.set(node.name, id);
      within.push({ node, box: id });
    }
  };
  visit(root, undefined);

  const shapes = new Map(within.map(({ node }) => [node.name, node.shapes[0] ?? ""]));
  const links = new Map<string, Link>();
  for (const { node, box } of within) {
    for (const input of node.inputs) {
      const from = seen.get(input);
      if (from === undefined || from === box) continue;
      const key = `${from}\0${box}`;
      const known = links.get(key);
      if (known === undefined)
        links.set(key, { from, to: box, sources: new Set([input]), shape: shapes.get(input) ?? "" });
      else known.sources.add(input);
    }
  }
  return { boxes, links: [...links.values()] };
}

/** Every scope's path. */
export function pathsOf(scope: Scope): string[] {
  return [...scope.scopes.values()].flatMap((inner) => [inner.path, ...pathsOf(inner)]);
}
