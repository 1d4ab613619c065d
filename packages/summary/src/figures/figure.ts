/** Pixels with opacity, as a browser's ImageData is. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row after row. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A canvas: of a page, of a worker, or of a library for Node. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: "2d"): { getImageData(x: number, y: number, width: number, height: number): RgbaPixels } | null;
}

/** An element of a page, or of a library such as linkedom: what Observable Plot and D3 draw into. */
export interface FigureElement {
  readonly outerHTML: string;
}

/** What a plotting library gives: SVG as text, an element that is or holds an SVG, a canvas, or pixels. */
export type Figure = string | FigureElement | Canvas | RgbaPixels;
