import { OptionError } from "../options/option-error.ts";
import { toBytes } from "./bytes.ts";
import { type Axes, type Axis, axesOf } from "./layout.ts";
import type { Pixels } from "./pixels.ts";
import type { Raster } from "./raster.ts";

const formats = [
  ["N", "C", "H", "W"],
  ["C", "H", "W"],
  ["H", "W"],
] as const;

/** How many pictures of a batch are beside each other. */
const columns = 8;

/**
 * The dimensions of a picture or of a batch.
 *
 * @throws {OptionError} if `dataformats` does not fit, there are no pixels, or other channels than 1, 3 or 4
 */
export function pictureAxes(where: string, shape: readonly number[], dataformats: string): Axes<"N" | "C" | "H" | "W"> {
  const axes = axesOf<"N" | "C" | "H" | "W">(where, shape, dataformats, formats);
  const size = `[${shape.join(", ")}]`;
  if (shape.includes(0)) throw new OptionError(`${where}: a picture ${size} has no pixels. Give one that has.`);
  if (![1, 3, 4].includes(axes.C.size)) {
    throw new OptionError(
      `${where}: a picture ${size} in the order ${dataformats} has ${axes.C.size} channels. Give 1 (gray), 3 (red, green, blue) or 4 ` +
        "(with opacity), and say in dataformats which dimension they are.",
    );
  }
  return axes;
}

/** The picture that numbers are; of a batch one after another. Throws as {@link pictureAxes} does. */
export function toRasters(where: string, pixels: Pixels, dataformats: string): Raster[] {
  const { N, C, H, W } = pictureAxes(where, pixels.shape, dataformats);
  const channels = C.size === 4 ? 4 : 3;
  const bytes = toBytes(where, pixels);
  const gray: Axis = { size: channels, stride: 0 };
  return Array.from({ length: N.size }, (_, n) => ({
    height: H.size,
    width: W.size,
    channels,
    data: gathered(bytes, n * N.stride, [H, W, C.size === 1 ? gray : C]),
  }));
}

/** In row-major order. */
function gathered(
  bytes: Uint8Array,
  offset: number,
  [rows, columns, channels]: readonly [Axis, Axis, Axis],
): Uint8Array {
  const out = new Uint8Array(rows.size * columns.size * channels.size);
  let at = 0;
  for (let y = 0; y < rows.size; y++) {
    for (let x = 0; x < columns.size; x++) {
      const pixel = offset + y * rows.stride + x * columns.stride;
      for (let c = 0; c < channels.size; c++) out[at++] = bytes[pixel + c * channels.stride] as number;
    }
  }
  return out;
}

/**
 * Pictures of one size as one: 8 in a row without gaps, black where none is left.
 *
 * @throws {OptionError} if there are none, or of several sizes
 */
export function tile(where: string, rasters: readonly Raster[], across = columns): Raster {
  const [first] = rasters;
  if (!first) throw new OptionError(`${where}: there are no pictures in the list. Give at least one.`);
  const other = rasters.findIndex((each) => sizeOf(each) !== sizeOf(first));
  if (other > 0) {
    throw new OptionError(
      `${where}: picture 0 is ${sizeOf(first)}, picture ${other} is ${sizeOf(rasters[other] as Raster)}. Give pictures of one size.`,
    );
  }
  const { height, width, channels } = first;
  const perRow = Math.min(across, rasters.length);
  const whole = { height: height * Math.ceil(rasters.length / perRow), width: width * perRow, channels };
  const data = new Uint8Array(whole.height * whole.width * channels);
  rasters.forEach((raster, i) => {
    const left = (i % perRow) * width;
    const top = Math.floor(i / perRow) * height;
    for (let y = 0; y < height; y++) {
      const row = raster.data.subarray(y * width * channels, (y + 1) * width * channels);
      data.set(row, ((top + y) * whole.width + left) * channels);
    }
  });
  return { ...whole, data };
}

const sizeOf = ({ height, width, channels }: Raster): string => `${width} x ${height} pixels of ${channels} channels`;
