import { ModuleBuilder } from "./assembler/module-builder.ts";

/** What a module is assembled for. */
export interface WasmTarget {
  /** The memory is a `SharedArrayBuffer`, which several threads see. */
  readonly shared: boolean;
  /** Multiply and add in one instruction, where the engine has relaxed SIMD. */
  readonly relaxedMadd: boolean;
}

let relaxedMadd: boolean | undefined;

/** Whether this engine runs relaxed SIMD (V8 from 11.4, Node from 22): its `madd` is one instruction and one rounding on most machines. */
export function hasRelaxedMadd(): boolean {
  if (relaxedMadd === undefined) {
    const m = new ModuleBuilder({ shared: false });
    m.func("madd", { params: ["v128"], results: ["v128"] }, (f) => f.get(0).get(0).get(0).op("f32x4.relaxed_madd"));
    relaxedMadd = WebAssembly.validate(m.build());
  }
  return relaxedMadd;
}
