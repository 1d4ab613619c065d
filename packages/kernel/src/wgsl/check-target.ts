import { distinctNodes } from "../distinct-nodes.ts";
import { DeviceError } from "../errors.ts";
import type { Kernel } from "../kernel.ts";

/**
 * Finds what WGSL cannot do.
 *
 * @throws {DeviceError} for float64, int64 and scatters
 */
export function checkTarget({ inputs, outputs, args, reduce }: Kernel): void {
  const refuse = (where: string, type: string, instead: string): never => {
    throw new DeviceError(
      `wgsl: ${where} is ${type}, which WebGPU has not. Use ${instead}, or run it on a CPU device.`,
    );
  };
  const instead = { float64: "float32", int64: "int32", f64: "f32", i64: "i32" } as const;
  const check = (where: string, type: string): void => {
    if (type in instead) refuse(where, type, instead[type as keyof typeof instead]);
  };
  inputs.forEach(({ dtype }, i) => {
    check(`input ${i}`, dtype);
  });
  args.forEach((type, i) => {
    check(`argument ${i}`, type);
  });
  outputs.forEach(({ dtype, scatter }, i) => {
    check(`output ${i}`, dtype);
    if (scatter)
      throw new DeviceError(`wgsl: output ${i} scatters, which is not on this target yet. Run it on a CPU device.`);
  });
  const roots = [...outputs.map(({ expr }) => expr), ...(reduce ? [reduce.value] : [])];
  for (const { expr } of distinctNodes(roots).nodes) check(expr.op, expr.type);
}
