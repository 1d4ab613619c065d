import { both, type MaybePromise, whenThere } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import type { SummaryValue } from "../protos/messages.ts";
import type { Numbers } from "../values/numbers.ts";
import { type Box, drawBoxes } from "./boxes.ts";
import { rasterValue } from "./image-value.ts";
import { type Pixels, readPixels } from "./pixels.ts";
import { resize } from "./resize.ts";
import { pictureAxes, tile, toRasters } from "./to-raster.ts";

export interface BoxesOptions {
  /** The order of the picture's dimensions. */
  readonly dataformats: string;
  /** How many times larger the picture is made, after the boxes are drawn. */
  readonly rescale: number;
  /** What each box shows. */
  readonly labels: readonly string[] | undefined;
}

const where = "addImageWithBoxes";

/**
 * What `addImageWithBoxes` writes. The sizes in it are those before rescaling, as PyTorch has them.
 *
 * @param boxes - [N, 4]: left, top, right and bottom of each, in pixels
 */
export const boxesValue = (
  tag: string,
  image: Numbers,
  boxes: Numbers,
  { dataformats, rescale, labels }: BoxesOptions,
): MaybePromise<SummaryValue> => {
  const read = readPixels(where, "image", image, (shape) => pictureAxes(where, shape, dataformats));
  return whenThere(both(read, readPixels(where, "boxes", boxes)), ([pixels, places]) =>
    draw(pixels, boxesOf(places, labels)),
  );

  function draw(pixels: Pixels, shown: readonly Box[]): MaybePromise<SummaryValue> {
    const raster = tile(where, toRasters(where, pixels, dataformats));
    const drawn = drawBoxes(raster, shown);
    const scaled = { width: Math.trunc(raster.width * rescale), height: Math.trunc(raster.height * rescale) };
    if (scaled.width < 1 || scaled.height < 1) {
      throw new OptionError(
        `${where}: a rescale of ${rescale} leaves nothing of ${raster.width} x ${raster.height} pixels.`,
      );
    }
    return rasterValue(tag, resize(drawn, scaled), raster);
  }
};

function boxesOf({ shape, data }: Pixels, labels: readonly string[] | undefined): Box[] {
  const [count = 0, sides] = shape;
  // An empty list has no second size.
  if (data.length > 0 && (shape.length !== 2 || sides !== 4)) {
    throw new OptionError(
      `${where}: the boxes have the shape [${shape.join(", ")}]. Give [N, 4]: left, top, right, bottom.`,
    );
  }
  const isLabeled = labels === undefined || labels.length === count;
  if (!isLabeled) {
    console.warn(
      `${where}: there are ${labels.length} labels for ${count} boxes, so none is shown. Give one for each.`,
    );
  }
  return Array.from({ length: count }, (_, i) => {
    const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => Number(data[4 * i + side])) as [
      number,
      number,
      number,
      number,
    ];
    if (![left, top, right, bottom].every(Number.isFinite)) {
      throw new OptionError(
        `${where}: box ${i} is [${[left, top, right, bottom].join(", ")}]. Give finite numbers of pixels.`,
      );
    }
    const label = isLabeled ? labels?.[i] : undefined;
    return { left, top, right, bottom, ...(label !== undefined && { label }) };
  });
}
