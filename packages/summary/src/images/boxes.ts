import type { Raster } from "./raster.ts";
import { glyphHeight, textMask } from "./text.ts";

/** A box in pixels from the left and the top, and what it shows. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly label?: string;
}

const red = [255, 0, 0, 255] as const;
const black = [0, 0, 0, 255] as const;

/** Red lines of two pixels around each box, its label in black on red at its lower left corner: where PyTorch draws them. */
export function drawBoxes(raster: Raster, boxes: readonly Box[]): Raster {
  const drawn = { ...raster, data: raster.data.slice() };
  for (const box of boxes) drawBox(drawn, box);
  return drawn;
}

function drawBox(raster: Raster, box: Box): void {
  const [left, right] = [Math.min(box.left, box.right), Math.max(box.left, box.right)].map(Math.floor) as [
    number,
    number,
  ];
  const [top, bottom] = [Math.min(box.top, box.bottom), Math.max(box.top, box.bottom)].map(Math.floor) as [
    number,
    number,
  ];
  // Lines that go up and down lie inside of the box, the others outside: as Pillow draws them.
  fill(raster, left, top - 1, right, top, red);
  fill(raster, left, bottom, right, bottom + 1, red);
  fill(raster, left, top, left + 1, bottom, red);
  fill(raster, right - 1, top, right, bottom, red);
  if (box.label) drawLabel(raster, left, bottom, box.label);
}

function drawLabel(raster: Raster, left: number, bottom: number, label: string): void {
  const margin = Math.ceil(0.05 * glyphHeight);
  const { width, isInk } = textMask(label);
  fill(raster, left, bottom - glyphHeight - 2 * margin, left + width + margin, bottom, red);
  for (let y = 0; y < glyphHeight; y++) {
    for (let x = 0; x < width; x++) {
      const [px, py] = [left + margin + x, bottom - glyphHeight - margin + y];
      if (isInk(x, y)) fill(raster, px, py, px, py, black);
    }
  }
}

/** From one pixel to another, both included; what is outside of the picture is left out. */
function fill(
  { width, height, channels, data }: Raster,
  left: number,
  top: number,
  right: number,
  bottom: number,
  color: readonly number[],
): void {
  for (let y = Math.max(top, 0); y <= Math.min(bottom, height - 1); y++) {
    for (let x = Math.max(left, 0); x <= Math.min(right, width - 1); x++) {
      for (let c = 0; c < channels; c++) data[(y * width + x) * channels + c] = color[c] as number;
    }
  }
}
