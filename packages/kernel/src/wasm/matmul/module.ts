import { ModuleBuilder } from "../assembler/module-builder.ts";
import type { WasmTarget } from "../features.ts";
import { type ElementType, elementOf } from "./element.ts";
import { emitMultiply } from "./multiply.ts";
import { emitPack } from "./pack.ts";
import { emitCombineColumns, emitDotRows } from "./vector.ts";

/** The module that `planMatmul` runs for one dtype: `pack`, `multiplyRows`, `multiplyPanels`, `dotRows`, `combineColumns`. */
export function matmulModule(type: ElementType, { shared, relaxedMadd }: WasmTarget): Uint8Array<ArrayBuffer> {
  const m = new ModuleBuilder({ shared });
  const element = elementOf(type, relaxedMadd);
  emitPack(m, "pack", element);
  emitMultiply(m, "multiplyRows", element, "rows");
  emitMultiply(m, "multiplyPanels", element, "panel");
  emitDotRows(m, element);
  emitCombineColumns(m, element);
  return m.build();
}
