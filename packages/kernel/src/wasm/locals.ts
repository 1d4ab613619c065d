import type { FunctionBuilder, Local } from "./assembler/function-builder.ts";

/**
 * New i32 locals by name.
 */
export function i32Locals<Name extends string>(f: FunctionBuilder, ...names: readonly Name[]): Record<Name, Local> {
  return Object.fromEntries(names.map((name) => [name, f.local("i32")])) as Record<Name, Local>;
}
