import { type DistinctNode, distinctNodes } from "../../distinct-nodes.ts";
import { bytesPerElement, type DType, scalarOf } from "../../dtype.ts";
import type { Expr } from "../../expr.ts";
import type { Kernel, Layout } from "../../kernel.ts";
import { lowerTranscendentals } from "../../math/lower.ts";

/** Along what neighbouring lanes lie: the last kept dimension or the last reduced one. */
export type Axis = "kept" | "reduced";

/** A number that moves linearly with the point: the address of a view, an element offset that is asked for, the place a bound looks at. */
export interface Cursor {
  readonly kind: "address" | "offset" | "bound";
  readonly side: "inputs" | "outputs";
  /** Number of the input or output. */
  readonly index: number;
  /** Number of the bound. */
  readonly bound: number;
  /** By how much it moves for a stride of 1: the bytes of an element for an address. */
  readonly unit: number;
  readonly layouts: Readonly<Record<Axis, Layout>>;
}

export interface PlannedOutput {
  readonly dtype: DType;
  readonly value: DistinctNode;
  readonly cursor: Cursor;
  readonly scatter?: { readonly at: DistinctNode; readonly combine: "add" | "set" };
}

export interface PlannedInput {
  readonly dtype: DType | "virtual";
  readonly address: Cursor;
  readonly offset: Cursor;
  readonly bounds: readonly Cursor[];
}

/** What a kernel needs, found before any code is written. */
export interface Plan {
  readonly kernel: Kernel;
  /** 4 where everything fits 32 bits, 2 where 64-bit values take part; 32-bit values then use the low two lanes. */
  readonly lanes: 2 | 4;
  /** Kept dimensions in the parameter block: at least one. */
  readonly kept: number;
  /** Reduced dimensions. */
  readonly reduced: number;
  readonly inputs: readonly PlannedInput[];
  readonly outputs: readonly PlannedOutput[];
  /** What is reduced. */
  readonly value?: DistinctNode;
  /** All that move, and which of them what is reduced or the outputs need. */
  readonly cursors: readonly Cursor[];
  readonly valueCursors: readonly Cursor[];
  readonly outputCursors: readonly Cursor[];
  readonly nodes: readonly DistinctNode[];
}

const is64 = (type: string): boolean => type === "f64" || type === "i64";

export function planKernel(kernel: Kernel): Plan {
  const lowered = new Map<Expr, Expr>();
  const lower = (expr: Expr): Expr => lowerTranscendentals(expr, lowered);
  const outputExprs = kernel.outputs.flatMap(({ expr, scatter }) => (scatter ? [expr, scatter.at] : [expr])).map(lower);
  const valueExprs = kernel.reduce ? [lower(kernel.reduce.value)] : [];
  // A scan writes its outputs where it takes its values, so that they share what they have in common.
  const both = kernel.reduce?.scan ? distinctNodes([...valueExprs, ...outputExprs]) : undefined;
  const inValue = both ?? distinctNodes(valueExprs);
  const inOutputs = both ?? distinctNodes(outputExprs);
  const nodes = both ? both.nodes : [...inValue.nodes, ...inOutputs.nodes];
  const outputRoots = (both ? both.roots.slice(1) : inOutputs.roots).values();

  const inputs = kernel.inputs.map(({ dtype, layout, reducedLayout, bounds }, index): PlannedInput => {
    const layouts = { kept: layout, reduced: reducedLayout ?? "strided" };
    const cursor = (kind: Cursor["kind"], unit: number, bound: number): Cursor => {
      const places = kind === "bound" ? ({ kept: "strided", reduced: "strided" } as const) : layouts;
      return { kind, side: "inputs", index, bound, unit, layouts: places };
    };
    return {
      dtype,
      address: cursor("address", dtype === "virtual" ? 0 : bytesPerElement[dtype], 0),
      offset: cursor("offset", 1, 0),
      bounds: Array.from({ length: bounds }, (_, b) => cursor("bound", 1, b)),
    };
  });
  const outputs = kernel.outputs.map(({ dtype, layout, scatter }, index): PlannedOutput => {
    const layouts = { kept: layout === "contiguous" ? layout : "strided", reduced: "strided" } as const;
    const unit = bytesPerElement[dtype];
    const value = outputRoots.next().value as DistinctNode;
    return {
      dtype,
      value,
      cursor: { kind: "address", side: "outputs", index, bound: 0, unit, layouts },
      ...(scatter && { scatter: { at: outputRoots.next().value as DistinctNode, combine: scatter.combine } }),
    };
  });
  const cursorsOf = (from: readonly DistinctNode[]): Set<Cursor> => {
    const used = new Set<Cursor>();
    for (const { expr } of from) {
      if (expr.op !== "load" && expr.op !== "gather" && expr.op !== "offset") continue;
      const input = inputs[expr.value] as PlannedInput;
      used.add(expr.op === "offset" ? input.offset : input.address);
      if (expr.op !== "offset") for (const bound of input.bounds) used.add(bound);
    }
    return used;
  };
  const valueCursors = cursorsOf(inValue.nodes);
  const outputCursors = cursorsOf(inOutputs.nodes);
  for (const { cursor } of outputs) outputCursors.add(cursor);
  const value = inValue.roots[0];
  const wide = nodes.some(({ expr }) => is64(expr.type)) || outputs.some(({ dtype }) => is64(scalarOf[dtype]));
  return {
    kernel,
    lanes: wide ? 2 : 4,
    kept: Math.max(1, kernel.rank),
    reduced: kernel.reduce?.rank ?? 0,
    inputs,
    outputs,
    ...(kernel.reduce && value && { value }),
    cursors: [...new Set([...valueCursors, ...outputCursors])],
    valueCursors: [...valueCursors],
    outputCursors: [...outputCursors],
    nodes,
  };
}
