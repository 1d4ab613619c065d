import { checkKernel } from "../check-kernel.ts";
import { checkLaunch, pointsOf } from "../check-launch.ts";
import type { Expr } from "../expr.ts";
import type { Kernel, Launch } from "../kernel.ts";
import { lowerTranscendentals } from "../math/lower.ts";
import { checkTarget } from "./check-target.ts";
import { encodeParams } from "./params.ts";
import { ShaderPrinter } from "./shader-printer.ts";

/** What lies at a number of the shader's bind group 0. Virtual inputs, and inputs that share an output's buffer, have none. */
export interface WgslBinding {
  readonly binding: number;
  readonly type: "uniform" | "read-only-storage" | "storage";
  /** Which buffer: the parameters, or the input or output of that number. */
  readonly source: "params" | { readonly input: number } | { readonly output: number };
}

/** What to hand the GPU for one launch. */
export interface WgslDispatch {
  /** `serial`: an invocation for each kept point; `tree`: a workgroup for each. */
  readonly entryPoint: "serial" | "tree";
  /** For the uniform buffer at binding 0. */
  readonly params: ArrayBuffer;
  /** Workgroups along x and y, each at most 65,535; 0 when there is nothing to do. */
  readonly workgroups: readonly [number, number];
}

/** A kernel as a WGSL shader. */
export interface WgslKernel {
  readonly code: string;
  readonly bindings: readonly WgslBinding[];
  /** The functions of the shader: `serial` always, `tree` for reductions. */
  readonly entryPoints: readonly WgslDispatch["entryPoint"][];
  /**
   * The dispatch of a launch. Reductions of many elements to few use `tree`, others `serial`: the sizes alone decide, so that a sum is
   * taken in the same order every time.
   *
   * @throws {RangeError} if the launch does not fit the kernel
   */
  readonly encode: (launch: Launch<unknown>, entryPoint?: WgslDispatch["entryPoint"]) => WgslDispatch;
}

export interface WgslOptions {
  /**
   * Invocations in a workgroup, a power of two.
   *
   * @defaultValue 64
   */
  readonly workgroupSize?: number;
  /** For each input the output it shares a buffer with, for updates in place: WebGPU does not bind a buffer it writes twice. */
  readonly sharedWith?: readonly (number | undefined)[];
}

const mostGroups = 65535;

/**
 * The kernel as a WGSL compute shader.
 *
 * Buffers hold what the CPU's typed arrays hold, padded to a multiple of 4 bytes: uint8 and bool four to a word, float16 two to a word, so
 * that bytes are copied as they are. Outputs of these types are written with atomic operations on their words, because neighbours in a
 * word may be written by different invocations. Floats are taken apart on bits where WGSL promises less than the kernel language.
 *
 * @throws {DeviceError} for float64 and int64, which WGSL has not, and for scatters, whose order it does not keep
 * @throws {DTypeError} if the kernel's types do not fit together
 */
export function printWgsl(kernel: Kernel, { workgroupSize = 64, sharedWith = [] }: WgslOptions = {}): WgslKernel {
  checkKernel(kernel);
  if (!(workgroupSize > 0 && Number.isInteger(Math.log2(workgroupSize)))) {
    throw new RangeError(`printWgsl: workgroupSize is ${workgroupSize}. Use a power of two; 64 suits most GPUs.`);
  }
  const lowered = lower(kernel);
  checkTarget(lowered);
  const printer = new ShaderPrinter(lowered, workgroupSize, sharedWith);
  const code = printer.print();
  const { params, bindings } = printer;
  const entryPoints: WgslKernel["entryPoints"] = kernel.reduce && !kernel.reduce.scan ? ["serial", "tree"] : ["serial"];
  return {
    code,
    bindings,
    entryPoints,
    encode: (launch, entryPoint = fasterEntry(kernel, launch.shape, workgroupSize)) => {
      checkLaunch(kernel, launch);
      const points = pointsOf(kernel, launch.shape);
      const groups = entryPoint === "tree" ? points : Math.ceil(points / workgroupSize);
      const y = Math.ceil(groups / mostGroups);
      return { entryPoint, params: encodeParams(params, launch), workgroups: [y === 0 ? 0 : Math.ceil(groups / y), y] };
    },
  };
}

/** A workgroup for each result pays where each has much to reduce and there are too few of them to keep the GPU busy. */
function fasterEntry(
  { rank, reduce }: Kernel,
  shape: readonly number[],
  workgroupSize: number,
): WgslDispatch["entryPoint"] {
  if (!reduce || reduce.scan) return "serial";
  const points = shape.slice(0, rank).reduce((product, size) => product * size, 1);
  const reduced = shape.slice(rank).reduce((product, size) => product * size, 1);
  return reduced >= 2 * workgroupSize && points <= 4096 ? "tree" : "serial";
}

function lower(kernel: Kernel): Kernel {
  const seen = new Map<Expr, Expr>();
  const { reduce } = kernel;
  return {
    ...kernel,
    outputs: kernel.outputs.map((output) => ({ ...output, expr: lowerTranscendentals(output.expr, seen) })),
    ...(reduce ? { reduce: { ...reduce, value: lowerTranscendentals(reduce.value, seen) } } : {}),
  };
}
