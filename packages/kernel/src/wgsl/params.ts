import { pointsOf } from "../check-launch.ts";
import type { Kernel, Launch } from "../kernel.ts";

/** One word of the parameters: its name in the shader, its type, and where a launch says its value. */
export interface Param {
  readonly name: string;
  readonly type: "u32" | "i32" | "f32";
  readonly valueIn: (launch: Launch<unknown>) => number;
}

/** Every number a shader takes from the launch: sizes, strides, offsets, bounds and arguments, one 32-bit word each. */
export function paramsOf(kernel: Kernel): Param[] {
  const { rank, inputs, outputs, args, reduce } = kernel;
  const reducedRank = reduce?.rank ?? 0;
  const all = rank + reducedRank;
  const params: Param[] = [];
  const add = (name: string, type: Param["type"], valueIn: Param["valueIn"]): void => {
    params.push({ name, type, valueIn });
  };
  const place = (
    name: string,
    strides: number,
    of: (launch: Launch<unknown>) => { offset: number; strides: readonly number[] },
  ): void => {
    add(`${name}_offset`, "i32", (launch) => of(launch).offset);
    for (let d = 0; d < strides; d++) add(`${name}_stride${d}`, "i32", (launch) => of(launch).strides[d] ?? 0);
  };
  add("points", "u32", (launch) => pointsOf(kernel, launch.shape));
  for (let d = 0; d < rank; d++) add(`size${d}`, "u32", ({ shape }) => shape[d] ?? 0);
  for (let d = 0; d < reducedRank; d++) add(`reduced_size${d}`, "u32", ({ shape }) => shape[rank + d] ?? 0);
  inputs.forEach(({ bounds }, i) => {
    const view = (launch: Launch<unknown>) => launch.inputs[i] as Launch<unknown>["inputs"][number];
    place(`in${i}`, all, view);
    for (let b = 0; b < bounds; b++) {
      const bound = (launch: Launch<unknown>) => view(launch).bounds?.[b] ?? { offset: 0, size: 0, strides: [] };
      place(`in${i}_bound${b}`, all, bound);
      add(`in${i}_bound${b}_size`, "i32", (launch) => bound(launch).size);
    }
  });
  outputs.forEach((_, i) => {
    place(`out${i}`, reduce?.scan ? all : rank, (launch) => launch.outputs[i] as Launch<unknown>["outputs"][number]);
  });
  args.forEach((type, i) => {
    // WGSL keeps no bool in a buffer.
    const stored = type === "f32" || type === "i32" ? type : "u32";
    add(`arg${i}`, stored, ({ args: values }) => (type === "bool" ? Number(values[i] !== 0) : (values[i] ?? 0)));
  });
  return params;
}

const scratch = new DataView(new ArrayBuffer(4));

/** The bits of a float32, as a param's value: how a shader gets the constants WGSL has no literal for. */
export function float32Bits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/** The parameters of a launch as bytes, little endian, a multiple of 16 of them. */
export function encodeParams(params: readonly Param[], launch: Launch<unknown>): ArrayBuffer {
  const bytes = new ArrayBuffer(Math.ceil(params.length / 4) * 16);
  const words = new DataView(bytes);
  params.forEach(({ type, valueIn }, i) => {
    const value = valueIn(launch);
    if (type === "f32") words.setFloat32(i * 4, value, true);
    else words.setUint32(i * 4, value, true);
  });
  return bytes;
}
