import { bytesPerElement, compileJs, type DType, type Kernel, type Launch, type TypedArray } from "@anneal/kernel";
import type { ConvSpec, Device, DeviceBuffer, DeviceInfo, MatmulSpec, SortSpec } from "../../core/device.ts";
import { sortRuns } from "../sort-runs.ts";
import { conv } from "./conv.ts";
import { matmul } from "./matmul.ts";

/** One piece of memory, seen as any storage type. */
export class ReferenceBuffer implements DeviceBuffer {
  readonly bytes: number;
  readonly #memory: ArrayBuffer;
  readonly #views = new Map<DType, TypedArray>();

  constructor(bytes: number) {
    this.bytes = bytes;
    // 64-bit views need whole words.
    this.#memory = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
  }

  as(dtype: DType): TypedArray {
    let view = this.#views.get(dtype);
    if (!view) {
      view = makeView(dtype, this.#memory, Math.floor(this.#memory.byteLength / bytesPerElement[dtype]));
      this.#views.set(dtype, view);
    }
    return view;
  }

  slice(offset: number, bytes: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.slice(offset, offset + bytes));
  }

  write(data: Uint8Array, offset: number): void {
    new Uint8Array(this.#memory).set(data, offset);
  }
}

function makeView(dtype: DType, memory: ArrayBuffer, length: number): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(memory, 0, length);
    case "float64":
      return new Float64Array(memory, 0, length);
    case "float16":
      return new Uint16Array(memory, 0, length);
    case "int32":
      return new Int32Array(memory, 0, length);
    case "int64":
      return new BigInt64Array(memory, 0, length);
    case "uint8":
    case "bool":
      return new Uint8Array(memory, 0, length);
  }
}

const dtypes: ReadonlySet<DType> = new Set<DType>(["float32", "float64", "float16", "int32", "int64", "uint8", "bool"]);

const compiled = new WeakMap<Kernel, ReturnType<typeof compileJs>>();

/** Plain loops over typed arrays: slow, exact, the definition the other devices are tested against. */
export class ReferenceDevice implements Device {
  #reserved = 0;

  get info(): DeviceInfo {
    return {
      name: "reference",
      dtypes,
      threads: 1,
      reservedBytes: this.#reserved,
    };
  }

  allocate(bytes: number): ReferenceBuffer {
    this.#reserved += bytes;
    return new ReferenceBuffer(bytes);
  }

  free(buffer: DeviceBuffer): void {
    this.#reserved -= buffer.bytes;
  }

  write(buffer: DeviceBuffer, data: Uint8Array, offset = 0): void {
    own(buffer).write(data, offset);
  }

  async read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return own(buffer).slice(offset, bytes);
  }

  readSync(buffer: DeviceBuffer, offset: number, bytes: number): Uint8Array<ArrayBuffer> {
    return own(buffer).slice(offset, bytes);
  }

  run(kernel: Kernel, launch: Launch<DeviceBuffer>): void {
    let run = compiled.get(kernel);
    if (!run) {
      run = compileJs(kernel);
      compiled.set(kernel, run);
    }
    run({
      shape: launch.shape,
      args: launch.args,
      inputs: launch.inputs.map((input, i) => {
        const dtype = kernel.inputs[i]?.dtype;
        return { ...input, buffer: input.buffer && dtype && dtype !== "virtual" ? own(input.buffer).as(dtype) : null };
      }),
      outputs: launch.outputs.map((output, i) => ({
        ...output,
        buffer: own(output.buffer).as(kernel.outputs[i]?.dtype ?? "float32"),
      })),
    });
  }

  matmul(spec: MatmulSpec): void {
    const array = (buffer: DeviceBuffer) => own(buffer).as(spec.dtype);
    matmul(spec, array(spec.a.buffer), array(spec.b.buffer), array(spec.c.buffer));
  }

  conv(spec: ConvSpec): void {
    const array = (buffer: DeviceBuffer) => own(buffer).as(spec.dtype);
    conv(spec, array(spec.input.buffer), array(spec.weight.buffer), array(spec.output.buffer));
  }

  sort(spec: SortSpec): void {
    sortRuns(
      spec,
      own(spec.input.buffer).as(spec.dtype),
      own(spec.values.buffer).as(spec.dtype),
      own(spec.indices.buffer).as("int32") as Int32Array,
    );
  }

  async wait(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

function own(buffer: DeviceBuffer): ReferenceBuffer {
  if (buffer instanceof ReferenceBuffer) return buffer;
  throw new TypeError("reference: this buffer belongs to another device. Move the tensor: x.to(device).");
}
