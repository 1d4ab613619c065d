import { checkKernel } from "../../check-kernel.ts";
import type { Kernel, Launch } from "../../kernel.ts";
import { ModuleBuilder } from "../assembler/module-builder.ts";
import { columnsPerUnit, printColumns, reducesColumns } from "./columns.ts";
import { Context } from "./context.ts";
import { hostFunction, printedFunction } from "./operations.ts";
import { type BlockViews, blockEncoder, blockLayout } from "./parameter-block.ts";
import { type Plan, planKernel } from "./plan.ts";
import { printRows } from "./rows.ts";
import { addScalarFunction } from "./scalar-functions.ts";
import { printTiles } from "./tiles.ts";
import { beginParameter, blockParameter, endParameter } from "./units.ts";
import { type Traversal, workCutter } from "./work.ts";

/** What the engine can do. */
export interface PrintWasmOptions {
  /** Is the memory shared between threads? */
  readonly shared: boolean;
  /** May fused multiply-adds of relaxed SIMD be used? */
  readonly relaxed: boolean;
}

/** A kernel as a WebAssembly module, and how to launch it. */
export interface WasmKernel {
  /** The module. It imports `env.memory` and exports `run(block, begin, end)`, which computes the items from `begin` up to `end`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Functions of float64 it imports from `env` besides, by the name they have in `hostMath`. */
  readonly imports: readonly string[];
  /** Bytes of a parameter block; it lies at a multiple of 4. */
  readonly blockBytes: number;
  /** Writes a launch into the parameter block at `address`. A launch's buffers are byte addresses. */
  readonly encode: (launch: Launch<number>, views: BlockViews, address: number) => void;
  /**
   * How much work a launch is: `run` takes any part [begin, end) of [0, items). Results are the same, to the bit, however the range is cut.
   * Elementwise items are elements, a reduction's are the elements it reads; it computes each output where its first item falls.
   */
  readonly items: (launch: Launch<number>) => number;
  /** Below about so many items a thread of its own does not pay. */
  readonly grain: number;
  /** Must one call compute all items? */
  readonly sequential: boolean;
}

/** Columns of a unit that reduces little to each output. */
const narrowColumns = 256;

/** More values than this are not printed twice. */
const longestTwice = 40;

function traversalOf(plan: Plan, sequential: boolean): Traversal {
  const { reduce, rank } = plan.kernel;
  if (!reduce) return { by: "tiles", rowMajor: sequential };
  if (reducesColumns(plan, reduce)) return { by: "columns", columns: columnsPerUnit(plan) };
  return rank > 0 && plan.nodes.length <= longestTwice ? { by: "outputs", columns: narrowColumns } : { by: "outputs" };
}

/**
 * The kernel as WebAssembly SIMD code.
 *
 * @throws {DTypeError} if the kernel's types do not fit together
 * @example
 * const copy: Parameters<typeof printWasm>[0] = {
 *   rank: 1,
 *   args: [],
 *   inputs: [{ dtype: "float32", layout: "contiguous", bounds: 0 }],
 *   outputs: [{ dtype: "float32", layout: "contiguous", expr: expr.load(0) }],
 * };
 * const { bytes } = printWasm(copy, { shared: false, relaxed: false });
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, ...hostMath } });
 * typeof exports.run; // => "function"
 */
export function printWasm(kernel: Kernel, options: PrintWasmOptions): WasmKernel {
  checkKernel(kernel);
  const plan = planKernel(kernel);
  const layout = blockLayout(plan);
  const module = new ModuleBuilder(options);
  const functions = new Map<string, number>();
  const imports = new Set<string>();
  for (const { expr } of plan.nodes) {
    const name = hostFunction(expr);
    if (name !== undefined) imports.add(name);
  }
  for (const name of imports) {
    const params = Array.from({ length: name === "pow" || name === "atan2" ? 2 : 1 }, () => "f64" as const);
    functions.set(name, module.importFunction(name, { params, results: ["f64"] }));
  }
  for (const { expr } of plan.nodes) {
    const name = printedFunction(expr);
    if (name !== undefined && !functions.has(name)) functions.set(name, addScalarFunction(module, name));
  }
  const sequential = kernel.outputs.some(({ scatter }) => scatter !== undefined);
  const traversal = traversalOf(plan, sequential);
  const parameters = ["i32", "i32", "i32"] as const;
  const add = (name: string | null, print: (context: Context) => void): number =>
    module.func(name, { params: parameters }, (f) => {
      print(new Context(f, plan, { layout, block: blockParameter, relaxed: options.relaxed, functions }));
    });
  const { reduce } = kernel;
  if (!reduce) add("run", printTiles);
  else if (traversal.by === "columns") add("run", (context) => printColumns(context, reduce));
  else if (traversal.by === "outputs" && traversal.columns === undefined) {
    add("run", (context) => printRows(context, reduce));
  } else {
    const rows = add(null, (context) => printRows(context, reduce));
    const columns = add(null, (context) => printColumns(context, reduce));
    module.func("run", { params: parameters }, (f) => {
      const call = (index: number) => (): unknown =>
        f.get(blockParameter).get(beginParameter).get(endParameter).call(index);
      f.get(blockParameter).memory("i32.load", 4 * layout.header.byColumns);
      f.if(call(columns), call(rows));
    });
  }
  const cut = workCutter(plan, traversal);
  const encode = blockEncoder(plan, layout);
  return {
    bytes: module.build(),
    imports: [...imports],
    blockBytes: 4 * layout.words,
    encode: (launch, views, address) => encode(launch, cut(launch), views, address),
    items: (launch) => cut(launch).items,
    grain: Math.max(1024, Math.round(65536 / (2 + plan.nodes.length / 4))),
    sequential,
  };
}
