import { joined } from "../joined.ts";
import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { crc32 } from "./crc32.ts";
import { deflate } from "./deflate.ts";
import type { Raster } from "./raster.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const colorTypes = { 3: 2, 4: 6 } as const;

/**
 * A PNG file of 8 bits each channel.
 *
 * @see {@link https://www.w3.org/TR/png-3/ | Portable Network Graphics, third edition}
 */
export function encodePng(raster: Raster): MaybePromise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, raster.width);
  view.setUint32(4, raster.height);
  header.set([8, colorTypes[raster.channels]], 8);
  return whenThere(deflate(filtered(raster)), (compressed) =>
    joined([
      Uint8Array.from(signature),
      chunk("IHDR", header),
      chunk("IDAT", compressed),
      chunk("IEND", new Uint8Array(0)),
    ]),
  );
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/** Each row as what is left of it when a guess from its neighbours is taken off, by the rule that leaves least: the standard's advice. */
function filtered({ width, height, channels, data }: Raster): Uint8Array<ArrayBuffer> {
  const length = width * channels;
  const out = new Uint8Array(height * (length + 1));
  const candidates = guesses.map(() => new Uint8Array(length));
  const above = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * length, (y + 1) * length);
    let best = 0;
    let least = Infinity;
    for (let type = 0; type < guesses.length; type++) {
      const size = residue(row, above, channels, guesses[type] as Guess, candidates[type] as Uint8Array);
      if (size < least) [best, least] = [type, size];
    }
    out[y * (length + 1)] = best;
    out.set(candidates[best] as Uint8Array, y * (length + 1) + 1);
    above.set(row);
  }
  return out;
}

/** A byte from those to the left, above, and above to the left. */
type Guess = (left: number, up: number, upLeft: number) => number;

/** In the order of the filter types: None, Sub, Up, Average, Paeth. */
const guesses: readonly Guess[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, upLeft) => {
    const [a, b, c] = [Math.abs(up - upLeft), Math.abs(left - upLeft), Math.abs(left + up - 2 * upLeft)];
    return a <= b && a <= c ? left : b <= c ? up : upLeft;
  },
];

/** Fills `out`; returns the sum of its bytes as signed ones, without their signs. */
function residue(row: Uint8Array, above: Uint8Array, channels: number, guess: Guess, out: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const at = i - channels;
    const left = at < 0 ? 0 : (row[at] as number);
    const upLeft = at < 0 ? 0 : (above[at] as number);
    const rest = ((row[i] as number) - guess(left, above[i] as number, upLeft)) & 255;
    out[i] = rest;
    sum += rest < 128 ? rest : 256 - rest;
  }
  return sum;
}
