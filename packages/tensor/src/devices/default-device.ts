import type { Device } from "../core/device.ts";
import { ReferenceDevice } from "./reference/reference-device.ts";

let current: Device | null = null;

/** The device new tensors are made on: the CPU's WebAssembly, unless {@link setDefaultDevice} chose another. */
export function defaultDevice(): Device {
  current ??= new ReferenceDevice();
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
