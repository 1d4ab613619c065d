import { rasterValue } from "../images/image-value.ts";
import type { Raster } from "../images/raster.ts";
import { tile } from "../images/to-raster.ts";
import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import type { SummaryValue } from "../protos/messages.ts";
import type { Figure, RgbaPixels } from "./figure.ts";
import type { Rasterize } from "./rasterize.ts";

const where = "addFigure";

/** What `addFigure` writes: the figure, or several of one size as a grid, as a picture on white. */
export function figureValue(
  tag: string,
  figures: Figure | readonly Figure[],
  rasterize: Rasterize,
): MaybePromise<SummaryValue> {
  const list = isList(figures) ? figures : [figures];
  const drawn = list.map((figure) => draw(figure, rasterize));
  const isHere = (each: MaybePromise<RgbaPixels>): each is RgbaPixels => !(each instanceof Promise);
  return whenThere(drawn.every(isHere) ? drawn : Promise.all(drawn), (all) =>
    rasterValue(tag, tile(where, all.map(onWhite))),
  );
}

const isList = (figures: Figure | readonly Figure[]): figures is readonly Figure[] => Array.isArray(figures);

function draw(figure: Figure, rasterize: Rasterize): MaybePromise<RgbaPixels> {
  if (typeof figure === "string") return rasterize(svgIn(figure));
  if (typeof figure === "object" && figure !== null) {
    if ("getContext" in figure) {
      const context = figure.getContext("2d");
      if (!context)
        throw new OptionError(`${where}: the canvas is none of 2d. Give its pixels, { width, height, data }.`);
      return context.getImageData(0, 0, figure.width, figure.height);
    }
    if ("outerHTML" in figure) return rasterize(svgIn(figure.outerHTML));
    if ("data" in figure && "width" in figure) return figure;
  }
  throw new OptionError(
    `${where}: this is no figure. Give an SVG as text, an element with one, a canvas or { width, height, data }.`,
  );
}

/** The outermost SVG in a piece of HTML, as a file of its own. */
function svgIn(html: string): string {
  const start = html.search(/<svg[\s>]/);
  const end = html.lastIndexOf("</svg>");
  if (start < 0 || end < start) throw new OptionError(`${where}: there is no <svg> in the figure. Give one that has.`);
  const svg = html.slice(start, end + "</svg>".length);
  // Inside of a page it may be left out.
  return /^<svg[^>]*\sxmlns=/.test(svg) ? svg : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** What shines through is white, as the paper of a figure. */
function onWhite({ width, height, data }: RgbaPixels): Raster {
  if (data.length !== width * height * 4 || data.length === 0) {
    throw new OptionError(`${where}: ${data.length} numbers are no ${width} x ${height} pixels of four channels.`);
  }
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const opacity = (data[4 * i + 3] as number) / 255;
    for (let c = 0; c < 3; c++) out[3 * i + c] = Math.round(255 + ((data[4 * i + c] as number) - 255) * opacity);
  }
  return { width, height, channels: 3, data: out };
}
