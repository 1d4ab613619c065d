import type { Device } from "../core/device.ts";
import { DeviceError } from "../core/errors.ts";
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
 * @example
 * const before = setDefaultDevice(await wasm({ threads: 1 }));
 * setDefaultDevice(before);
 */
export function setDefaultDevice(device: Device): Device {
  checkDevice("setDefaultDevice", device);
  const before = defaultDevice();
  current = device;
  return before;
}

/** @throws {DeviceError} if it is none: most often a promise that nobody awaited */
export function checkDevice(where: string, device: Device): void {
  if (typeof device === "object" && device !== null && "allocate" in device) return;
  const promise = typeof device === "object" && device !== null && "then" in device;
  throw new DeviceError(
    where,
    `${promise ? "a promise" : String(device)} is no device`,
    promise ? "Await it first: await wasm()." : "Make one: await wasm().",
  );
}
