import { conv2dModule } from "./conv/module.ts";
import type { WasmTarget } from "./features.ts";
import { matmulModule } from "./matmul/module.ts";

/**
 * The bytes of the module a `Step` names, for any thread to compile once. Every module imports its memory as `env.memory`.
 *
 * @throws {RangeError} if no planner makes steps of that module
 */
export function moduleBytes(key: string, target: WasmTarget): Uint8Array<ArrayBuffer> {
  switch (key) {
    case "matmul/float32":
      return matmulModule("float32", target);
    case "matmul/float64":
      return matmulModule("float64", target);
    case "matmul/int32":
      return matmulModule("int32", target);
    case "conv2d/float32":
      return conv2dModule(target);
    default:
      throw new RangeError(
        `moduleBytes: no module "${key}". Take the key from a Step, as planMatmul and planConv2d make them.`,
      );
  }
}
