import { OptionError } from "../options/option-error.ts";
import type { Pixels } from "./pixels.ts";

/**
 * The numbers of a picture as bytes: those of dtype uint8 as they are; of all others 0 is 0 and 1 is 255, what is beyond is clipped and
 * fractions are cut off, as PyTorch does it.
 *
 * @throws {OptionError} if a number is NaN
 */
export function toBytes(where: string, { shape, dtype, data }: Pixels): Uint8Array {
  if (dtype === "uint8") return Uint8Array.from(data);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    // In float32, as PyTorch multiplies: where a fraction is cut off it tells.
    const value = Math.fround(Math.fround(data[i] as number) * 255);
    if (Number.isNaN(value)) {
      const size = `[${shape.join(", ")}]`;
      throw new OptionError(
        `${where}: number ${i} of the picture ${size} is NaN. Look where it comes from, or give 0 in its place.`,
      );
    }
    bytes[i] = Math.min(Math.max(value, 0), 255);
  }
  return bytes;
}
