import type { TypedArray } from "../js/arrays.ts";
import type { Launch } from "../kernel.ts";
import type { WgslDispatch, WgslKernel } from "../wgsl/print.ts";

/** A GPU to test shaders on, or why there is none. */
export type TestGpu = { readonly device: GPUDevice; readonly close: () => void } | { readonly reason: string };

/** Opens the GPU that the npm package `webgpu` finds: the system's, or a software one where `VK_ICD_FILENAMES` names its driver. */
export async function openTestGpu(): Promise<TestGpu> {
  try {
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    const gpu = create([]);
    const adapter = await gpu.requestAdapter();
    if (!adapter)
      return {
        reason: "no WebGPU adapter: no Vulkan driver found (Debian's chromium and libvulkan1 bring a software one)",
      };
    const device = await adapter.requestDevice();
    // The adapter's owner must outlive the device: collected earlier, it takes the process down.
    return { device, close: () => [device.destroy(), gpu] };
  } catch (error) {
    return { reason: `no WebGPU: ${error instanceof Error ? error.message : error}` };
  }
}

/**
 * Runs a shader and writes its results into the launch's outputs.
 *
 * @throws {Error} with the compiler's messages, if the shader is not valid
 */
export async function runWgsl(
  device: GPUDevice,
  shader: WgslKernel,
  launch: Launch<TypedArray>,
  entryPoint?: WgslDispatch["entryPoint"],
): Promise<void> {
  device.pushErrorScope("validation");
  const dispatch = shader.encode(launch, entryPoint);
  const module = device.createShaderModule({ code: shader.code });
  const layout = device.createBindGroupLayout({
    entries: shader.bindings.map(({ binding, type }) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: dispatch.entryPoint },
  });
  const upload = (bytes: Uint8Array, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({
      size: Math.max(16, Math.ceil(bytes.length / 4) * 4),
      usage,
      mappedAtCreation: true,
    });
    new Uint8Array(buffer.getMappedRange()).set(bytes);
    buffer.unmap();
    return buffer;
  };
  const outputs: { readonly array: TypedArray; readonly buffer: GPUBuffer }[] = [];
  const entries = shader.bindings.map(({ binding, source }) => {
    if (source === "params")
      return { binding, resource: { buffer: upload(new Uint8Array(dispatch.params), GPUBufferUsage.UNIFORM) } };
    const array = (
      "input" in source ? launch.inputs[source.input]?.buffer : launch.outputs[source.output]?.buffer
    ) as TypedArray;
    const buffer = upload(bytesOf(array), GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
    if ("output" in source) outputs.push({ array, buffer });
    return { binding, resource: { buffer } };
  });
  const encoder = device.createCommandEncoder();
  const [x, y] = dispatch.workgroups;
  if (x > 0) {
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(x, y);
    pass.end();
  }
  const results = outputs.map(({ array, buffer }) => {
    const result = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    encoder.copyBufferToBuffer(buffer, 0, result, 0, buffer.size);
    return { array, result };
  });
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error) {
    const { messages } = await module.getCompilationInfo();
    const compiler = messages.map(({ type, lineNum, message }) => `${type} in line ${lineNum}: ${message}`);
    throw new Error([error.message, ...compiler, shader.code].join("\n"));
  }
  for (const { array, result } of results) {
    await result.mapAsync(GPUMapMode.READ);
    bytesOf(array).set(new Uint8Array(result.getMappedRange()).subarray(0, array.byteLength));
    result.destroy();
  }
}

const bytesOf = (array: TypedArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
