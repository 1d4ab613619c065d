import { ModuleBuilder } from "../assembler/module-builder.ts";
import type { WasmTarget } from "../features.ts";
import { elementOf } from "../matmul/element.ts";
import { emitConvolve } from "./convolve.ts";
import { emitCorrelate } from "./correlate.ts";
import { emitPrepare } from "./prepare.ts";

/** The module that `planConv2d` runs, for float32: `prepare`, `convolve`, `correlate`. */
export function conv2dModule({ shared, relaxedMadd }: WasmTarget): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder({ shared });
  const element = elementOf("float32", relaxedMadd);
  emitPrepare(m, "prepare", element);
  emitConvolve(m, "convolve", element);
  emitCorrelate(m, "correlate", element);
  return m.build();
}
