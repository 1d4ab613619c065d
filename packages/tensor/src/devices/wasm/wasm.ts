import type { Device } from "../../core/device.ts";
import { OptionError } from "../../core/errors.ts";
import { WasmDevice, type WasmOptions } from "./wasm-device.ts";

/**
 * A WebAssembly device of its own, with its helper threads started. The default device is one already; make another to choose the
 * number of threads.
 *
 * @throws {OptionError} if `threads` is not an integer from 1 on
 * @example
 * setDefaultDevice(await wasm({ threads: 1 }));
 */
export async function wasm(options: WasmOptions = {}): Promise<Device> {
  const { threads } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new OptionError("wasm", `threads is ${threads}`, "Give an integer from 1 on.");
  }
  const device = new WasmDevice(options);
  await device.threadsReady();
  return device;
}
