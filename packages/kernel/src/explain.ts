import { printJs } from "./js/print.ts";
import type { Kernel } from "./kernel.ts";
import { disassemble } from "./wasm/disassemble.ts";
import { printWasm } from "./wasm/printer/print.ts";
import { printWgsl } from "./wgsl/print.ts";

const printers: Readonly<Record<Target, (kernel: Kernel) => string>> = {
  js: printJs,
  wasm: (kernel) => disassemble(printWasm(kernel, { shared: false, relaxed: true }).bytes),
  wgsl: (kernel) => printWgsl(kernel).code,
};

/** What a kernel can be printed to. */
export type Target = "js" | "wasm" | "wgsl";

/**
 * The code a target runs for a kernel, to read: JavaScript, WGSL, or WebAssembly as text.
 *
 * @throws {DeviceError} if the target cannot run the kernel
 * @throws {DTypeError} if the kernel's types do not fit together
 * @example
 * const relu = {
 *   rank: 1,
 *   inputs: [{ dtype: "float32", layout: "contiguous", bounds: 0 }],
 *   outputs: [{ dtype: "float32", expr: expr.max(expr.load(0), expr.f32(0)), layout: "contiguous" }],
 *   args: [],
 * } as const;
 * explain(relu, "js").includes("max(x0, 0)"); // => true
 * explain(relu, "wasm").includes("f32x4.max"); // => true
 */
export function explain(kernel: Kernel, target: Target): string {
  return printers[target](kernel);
}
