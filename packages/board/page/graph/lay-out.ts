import { Graph, layout } from "@dagrejs/dagre";
import type { Box, Link, View } from "./scopes.ts";

export interface PlacedBox extends Box {
  /** The middle, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLink extends Link {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Frames first, so that what is in them is drawn over them. */
  readonly boxes: readonly PlacedBox[];
  readonly links: readonly PlacedLink[];
}

/** Boxes that are laid out in about a second. */
export const mostBoxes = 700;

/** Places boxes in layers along the edges, from the inputs at the top down. */
export function layOut({ boxes, links }: View): Layout {
  const graph = new Graph({ compound: true, multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 22, ranksep: 38, edgesep: 12, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, label, kind, node, scope } of boxes) {
    const below = node?.op ?? (scope && kind === "closed" ? `${scope.size} nodes` : "");
    const width = 30 + Math.min(26, Math.max(label.length + (kind === "node" ? 0 : 3), below.length * 0.85)) * 7.2;
    graph.setNode(id, { width, height: kind === "node" || kind === "closed" ? 42 : 20 });
  }
  for (const { id, parent } of boxes) if (parent !== undefined) graph.setParent(id, parent);
  for (const { from, to } of links) graph.setEdge(from, to, {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const depth = new Map<string, number>();
  const placed = boxes.map((box): PlacedBox => {
    depth.set(box.id, (depth.get(box.parent ?? "") ?? -1) + 1);
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(box.id);
    return { ...box, x, y, width, height };
  });
  return {
    width,
    height,
    boxes: placed.sort(
      (a, b) =>
        Number(a.kind !== "open") - Number(b.kind !== "open") || (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0),
    ),
    links: links.map((link) => ({ ...link, points: graph.edge(link.from, link.to)?.points ?? [] })),
  };
}
