import type { Device } from "./core/device.ts";
import { ReferenceDevice } from "./devices/reference/reference-device.ts";

/**
 * The reference device: plain loops over typed arrays. Slow and exact; float64, float32, int32, int64, uint8 and bool.
 *
 * @example
 * import { reference } from "@anneal/tensor/reference";
 * const x = tensor([1, 2], { device: reference(), dtype: "float64" });
 */
export const reference = (): Device => new ReferenceDevice();
