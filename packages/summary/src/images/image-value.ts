import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import type { SummaryValue } from "../protos/messages.ts";
import type { Numbers } from "../values/numbers.ts";
import { readAllPixels, readPixels } from "./pixels.ts";
import { encodePng } from "./png.ts";
import type { Raster } from "./raster.ts";
import { pictureAxes, tile, toRasters } from "./to-raster.ts";

/**
 * What `addImage` and `addImages` write: one picture, a batch of pictures as a grid of 8 columns.
 *
 * @param dataformats - what the dimensions are, such as "CHW" or "NHWC": letters in any case and order
 */
export const imageValue = (
  where: string,
  tag: string,
  image: Numbers,
  dataformats: string,
): MaybePromise<SummaryValue> =>
  whenThere(
    readPixels(where, "image", image, (shape) => pictureAxes(where, shape, dataformats)),
    (pixels) => rasterValue(tag, tile(where, toRasters(where, pixels, dataformats))),
  );

/** {@link imageValue} of a list of pictures. */
export const imageListValue = (
  where: string,
  tag: string,
  images: readonly Numbers[],
  dataformats: string,
): MaybePromise<SummaryValue> =>
  whenThere(
    readAllPixels(where, "image", images, (shape) => pictureAxes(where, shape, dataformats)),
    (all) =>
      rasterValue(
        tag,
        tile(
          where,
          all.flatMap((pixels) => toRasters(where, pixels, dataformats)),
        ),
      ),
  );

/** A picture in the place of its pixels. */
export const rasterValue = (
  tag: string,
  raster: Raster,
  { height, width }: { readonly height: number; readonly width: number } = raster,
): MaybePromise<SummaryValue> =>
  whenThere(encodePng(raster), (encodedImageString) => ({
    tag,
    image: { height, width, colorspace: raster.channels, encodedImageString },
  }));
