import { encodePng } from "../images/png.ts";
import type { Raster } from "../images/raster.ts";
import { tile, toRasters } from "../images/to-raster.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import { asNumbers, type Values } from "../values/read-numbers.ts";

/** More pixels than this, across or down, TensorBoard's projector does not show. */
const mostPixels = 8192;

/**
 * The pictures of an embedding's points as one square PNG, as the projector wants it: as many in a row as there are rows.
 *
 * @param labelImg - [N, C, H, W]
 * @throws {OptionError} if they do not fit a square, or that would be above 8192 pixels
 */
export function spriteImage(labelImg: Values): MaybePromise<Uint8Array> {
  const { shape, dtype } = labelImg;
  const rasters = toRasters("addEmbedding", { shape, dtype, data: asNumbers(labelImg) }, "NCHW");
  return encodePng(square(tile("addEmbedding", rasters, Math.ceil(Math.sqrt(rasters.length))), shape));
}

/** Below the pictures as much as the square needs. */
function square({ width, height, channels, data }: Raster, shape: readonly number[]): Raster {
  if (height > width) {
    const mend = "Pad each picture to a square.";
    throw new OptionError(`addEmbedding: labelImg [${shape.join(", ")}] does not fit a square sprite. ${mend}`);
  }
  if (width > mostPixels) {
    const mend = "Give smaller pictures, or fewer points.";
    throw new OptionError(
      `addEmbedding: the sprite would be ${width} pixels wide, above TensorBoard's ${mostPixels}. ${mend}`,
    );
  }
  const padded = new Uint8Array(width * width * channels);
  padded.set(data);
  return { width, height: width, channels, data: padded };
}
