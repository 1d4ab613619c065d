import { ModuleBuilder } from "../assembler/module-builder.ts";
import type { WasmTarget } from "../features.ts";
import { type Element, elementOf } from "../matmul/element.ts";
import { emitConvolve } from "./convolve.ts";
import { emitCorrelate } from "./correlate.ts";
import { emitPrepare } from "./prepare.ts";

/** The functions that `planConv2d` has steps of. */
const functions: Readonly<Record<string, (m: ModuleBuilder, name: string, element: Element) => void>> = {
  prepare: emitPrepare,
  convolve: emitConvolve,
  correlate: emitCorrelate,
};

/** A module with one function of `planConv2d`, for float32. */
export function conv2dModule(entry: string, { shared, relaxedMadd }: WasmTarget): Uint8Array<ArrayBuffer> | null {
  const emit = functions[entry];
  if (!emit) return null;
  const m = new ModuleBuilder({ shared });
  emit(m, entry, elementOf("float32", relaxedMadd));
  return m.build();
}
