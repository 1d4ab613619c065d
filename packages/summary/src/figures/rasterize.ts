import type { MaybePromise } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import type { RgbaPixels } from "./figure.ts";

/** Draws an SVG, given as text. */
export type Rasterize = (svg: string) => RgbaPixels | Promise<RgbaPixels>;

const where = "addFigure";

/** By the page's canvas where there is one, else by `@resvg/resvg-js` where it is installed. */
export function rasterize(svg: string): MaybePromise<RgbaPixels> {
  return typeof Image === "function" && typeof document === "object" ? byCanvas(svg) : byResvg(svg);
}

async function byCanvas(svg: string): Promise<RgbaPixels> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => {
      throw new OptionError(`${where}: the browser cannot draw this SVG. Look at it as a file of its own.`);
    });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext("2d");
    if (!context) throw new OptionError(`${where}: the page has no canvas to draw on. Give pixels.`);
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The part of `@resvg/resvg-js` that is used. */
interface ResvgModule {
  readonly Resvg: new (
    svg: string,
  ) => { render(): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } };
}

function byResvg(svg: string): RgbaPixels {
  const { width, height, pixels } = new (loadResvg().Resvg)(svg).render();
  return { width, height, data: pixels };
}

function loadResvg(): ResvgModule {
  // Asked for at run time only, so that nobody's bundler looks for it.
  const module = globalThis.process?.getBuiltinModule?.("node:module");
  try {
    if (module) return module.createRequire(import.meta.url)("@resvg/resvg-js");
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  throw new OptionError(
    `${where}: nothing here draws SVG. Run npm install @resvg/resvg-js, or give { rasterize }, a function from the SVG to its pixels.`,
  );
}

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
