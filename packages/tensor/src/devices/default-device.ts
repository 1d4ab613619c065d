import type { Device } from "../core/device.ts";
import { WasmDevice } from "./wasm/wasm-device.ts";

let current: Device | null = null;

/** The device new tensors are made on: the CPU's WebAssembly, unless {@link setDefaultDevice} chose another. */
export function defaultDevice(): Device {
  current ??= new WasmDevice({});
  return current;
}

/**
 * Make new tensors on `device` from now on.
 *
 * @returns the device that was the default before, to be put back
 */
export function setDefaultDevice(device: Device): Device {
  const before = defaultDevice();
  current = device;
  return before;
}
