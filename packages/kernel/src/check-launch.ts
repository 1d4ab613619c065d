import type { Kernel, KernelView, Launch } from "./kernel.ts";

/** The product of the kept sizes: how many points a launch runs over. */
export const pointsOf = (kernel: Kernel, shape: readonly number[]): number =>
  shape.slice(0, kernel.rank).reduce((product, size) => product * size, 1);

/**
 * Finds a launch that does not fit its kernel.
 *
 * @throws {RangeError} if sizes, strides, bounds, buffers or arguments are not as many as the kernel says
 */
export function checkLaunch(kernel: Kernel, launch: Launch<unknown>): void {
  const reducedRank = kernel.reduce?.rank ?? 0;
  const rank = kernel.rank + reducedRank;
  count("shape", launch.shape.length, rank, "one size for each dimension");
  count("inputs", launch.inputs.length, kernel.inputs.length, "one for each of the kernel's");
  count("outputs", launch.outputs.length, kernel.outputs.length, "one for each of the kernel's");
  count("args", launch.args.length, kernel.args.length, "one for each of the kernel's");
  launch.inputs.forEach((view, i) => {
    const input = kernel.inputs[i];
    checkView(`inputs[${i}]`, view, rank);
    const bounds = view.bounds ?? [];
    count(`inputs[${i}].bounds`, bounds.length, input?.bounds ?? 0, "as many as the kernel's input");
    for (const [b, bound] of bounds.entries())
      count(`inputs[${i}].bounds[${b}].strides`, bound.strides.length, rank, "one for each dimension");
    if (input?.dtype !== "virtual" && view.buffer === null) {
      throw new RangeError(`launch: inputs[${i}].buffer is null, but the input is ${input?.dtype}. Give it a buffer.`);
    }
  });
  const outputRank = kernel.reduce?.scan ? rank : kernel.rank;
  launch.outputs.forEach((view, i) => {
    checkView(`outputs[${i}]`, view, outputRank);
  });
}

const checkView = (name: string, view: KernelView, rank: number): void =>
  count(`${name}.strides`, view.strides.length, rank, "one for each dimension");

function count(name: string, got: number, needed: number, why: string): void {
  if (got !== needed) throw new RangeError(`launch: ${name} has ${got}, the kernel needs ${needed}: ${why}.`);
}
