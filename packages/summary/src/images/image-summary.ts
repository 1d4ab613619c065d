import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import type { Summary } from "../protos/messages.ts";
import type { Numbers } from "../values/numbers.ts";
import { readAllPixels, readPixels } from "./pixels.ts";
import { encodePng } from "./png.ts";
import type { Raster } from "./raster.ts";
import { tile, toRasters } from "./to-raster.ts";

/**
 * What `addImage` and `addImages` write: one picture, a batch of pictures as a grid of 8 columns.
 *
 * @param dataformats - what the dimensions are, such as "CHW" or "NHWC": letters in any case and order
 */
export const imageSummary = (where: string, tag: string, image: Numbers, dataformats: string): MaybePromise<Summary> =>
  whenThere(readPixels(where, "the image", image), (pixels) =>
    rasterSummary(tag, tile(where, toRasters(where, pixels, dataformats))),
  );

/** {@link imageSummary} of a list of pictures. */
export const imageListSummary = (
  where: string,
  tag: string,
  images: readonly Numbers[],
  dataformats: string,
): MaybePromise<Summary> =>
  whenThere(readAllPixels(where, "image", images), (all) => {
    const rasters = all.flatMap((pixels) => toRasters(where, pixels, dataformats));
    return rasterSummary(tag, tile(where, rasters));
  });

/** A picture in the place of its pixels. */
export const rasterSummary = (
  tag: string,
  raster: Raster,
  { height, width }: { readonly height: number; readonly width: number } = raster,
): MaybePromise<Summary> =>
  whenThere(encodePng(raster), (encodedImageString) => ({
    value: [{ tag, image: { height, width, colorspace: raster.channels, encodedImageString } }],
  }));
