import { describe, expect, it } from "vitest";
import { layOut } from "./lay-out.ts";
import type { GraphNode } from "./read-graph.ts";
import { pathsOf, scopesOf, viewOf } from "./scopes.ts";

const node = (name: string, ...inputs: string[]): GraphNode => ({
  name,
  op: "Op",
  inputs,
  device: "",
  attributes: new Map(),
  shapes: ["2×3"],
});

/** A residual block: the input goes both through the block and around it. */
const graph = [
  node("input"),
  node("net/block/conv", "input"),
  node("net/block/relu", "net/block/conv"),
  node("net/add", "net/block/relu", "input"),
];

describe("scopes of a graph", () => {
  it("are what the names of its nodes span", () => {
    const root = scopesOf(graph);
    expect(pathsOf(root)).toEqual(["net", "net/block"]);
    expect([root.size, root.scopes.get("net")?.size]).toEqual([4, 3]);
  });

  it("closed, stand for what is in them, with each tensor that flows counted once", () => {
    const { boxes, links } = viewOf(scopesOf(graph), new Set());
    expect(boxes.map(({ id }) => id)).toEqual(["scope net", "node input"]);
    expect(links.map(({ from, to, sources }) => [from, to, sources.size])).toEqual([["node input", "scope net", 1]]);
  });

  it("open, show what is in them", () => {
    const { boxes, links } = viewOf(scopesOf(graph), new Set(["net"]));
    expect(boxes.map(({ id, parent }) => [id, parent])).toEqual([
      ["scope net", undefined],
      ["scope net/block", "scope net"],
      ["node net/add", "scope net"],
      ["node input", undefined],
    ]);
    expect(links.map(({ from, to }) => `${from} > ${to}`).sort()).toEqual([
      "node input > node net/add",
      "node input > scope net/block",
      "scope net/block > node net/add",
    ]);
  });

  it("hold the node that has their own name", () => {
    const root = scopesOf([node("a"), node("a/b", "a")]);
    expect(root.nodes).toEqual([]);
    expect(root.scopes.get("a")?.nodes.map(({ name }) => name)).toEqual(["a", "a/b"]);
  });

  it("are laid out from the inputs down, each frame around what is in it", () => {
    const { boxes } = layOut(viewOf(scopesOf(graph), new Set(["net", "net/block"])));
    const at = (id: string) => boxes.find((box) => box.id === id) ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(at("node input").y).toBeLessThan(at("node net/block/conv").y);
    expect(at("node net/block/conv").y).toBeLessThan(at("node net/add").y);
    const frame = at("scope net/block");
    const inner = at("node net/block/relu");
    expect(Math.abs(inner.x - frame.x)).toBeLessThanOrEqual((frame.width - inner.width) / 2);
    expect(Math.abs(inner.y - frame.y)).toBeLessThanOrEqual((frame.height - inner.height) / 2);
  });

  it("of any names are laid out", () => {
    const odd = [
      node(""),
      node("/"),
      node("a//b", "missing", ""),
      node("a"),
      node("a"),
      node("constructor", "a"),
      node("__proto__/x", "constructor"),
    ];
    const root = scopesOf(odd);
    expect(() => layOut(viewOf(root, new Set(pathsOf(root))))).not.toThrow();
  });
});
