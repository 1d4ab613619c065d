import { ModuleBuilder } from "../assembler/module-builder.ts";
import type { WasmTarget } from "../features.ts";
import { type ElementType, elementOf } from "./element.ts";
import { emitMultiply } from "./multiply.ts";
import { emitPack } from "./pack.ts";

/** The module that `planMatmul` runs for one dtype: `pack`, `multiplyRows`, `multiplyPanels`. */
export function matmulModule(type: ElementType, { shared, relaxedMadd }: WasmTarget): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder({ shared });
  const element = elementOf(type, relaxedMadd);
  emitPack(m, "pack", element);
  emitMultiply(m, "multiplyRows", element, "rows");
  emitMultiply(m, "multiplyPanels", element, "panel");
  return m.build();
}
