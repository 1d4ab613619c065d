import { conv2dModule } from "./conv/module.ts";
import type { WasmTarget } from "./features.ts";
import { matmulModule } from "./matmul/module.ts";
import type { Step } from "./plan.ts";

/**
 * The bytes of a module with the function a step calls, for any thread to compile once. Every module imports its memory as `env.memory`.
 *
 * @throws {RangeError} if no planner makes such steps
 */
export function moduleBytes(
  { module, entry }: Pick<Step, "module" | "entry">,
  target: WasmTarget,
): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(module, entry, target);
  if (bytes) return bytes;
  throw new RangeError(
    `moduleBytes: no function "${entry}" in a module "${module}". Take both from a Step, as planMatmul and planConv2d make them.`,
  );
}

function bytesOf(module: string, entry: string, target: WasmTarget): Uint8Array<ArrayBuffer> | null {
  switch (module) {
    case "matmul/float32":
      return matmulModule("float32", entry, target);
    case "matmul/float64":
      return matmulModule("float64", entry, target);
    case "matmul/int32":
      return matmulModule("int32", entry, target);
    case "conv2d/float32":
      return conv2dModule(entry, target);
    default:
      return null;
  }
}
