import { ModuleBuilder } from "../assembler/module-builder.ts";
import type { WasmTarget } from "../features.ts";
import { type Element, type ElementType, elementOf } from "./element.ts";
import { emitMultiply } from "./multiply.ts";
import { emitPack } from "./pack.ts";
import { emitCombineColumns, emitDotRows } from "./vector.ts";

/** The functions that `planMatmul` has steps of. */
const functions: Readonly<Record<string, (m: ModuleBuilder, element: Element) => void>> = {
  pack: (m, element) => emitPack(m, "pack", element),
  multiplyRows: (m, element) => emitMultiply(m, "multiplyRows", element, "rows"),
  multiplyPanels: (m, element) => emitMultiply(m, "multiplyPanels", element, "panel"),
  dotRows: emitDotRows,
  combineColumns: emitCombineColumns,
};

/** A module with one function of `planMatmul` for one dtype: the others are not assembled before they are needed. */
export function matmulModule(
  type: ElementType,
  entry: string,
  { shared, relaxedMadd }: WasmTarget,
): Uint8Array<ArrayBuffer> | null {
  const emit = functions[entry];
  if (!emit) return null;
  const m = new ModuleBuilder({ shared });
  emit(m, elementOf(type, relaxedMadd));
  return m.build();
}
