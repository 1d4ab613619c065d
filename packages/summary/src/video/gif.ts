import { joined } from "../joined.ts";
import { compress } from "./lzw.ts";
import type { Indexed } from "./palette.ts";

/** Frames of one size that follow each other for ever. */
export interface Animation {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Indexed[];
  /** Of each frame, in hundredths of a second. */
  readonly delay: number;
}

/**
 * An animated GIF. Each frame brings its own colors.
 *
 * @see {@link https://www.w3.org/Graphics/GIF/spec-gif89a.txt | GIF89a}
 */
export function encodeGif({ width, height, frames, delay }: Animation): Uint8Array {
  const bytes: number[] = [];
  const short = (value: number): void => void bytes.push(value & 255, (value >> 8) & 255);
  const ascii = (text: string): void => {
    for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i));
  };
  const parts: Uint8Array[] = [];
  const flush = (): void => void parts.push(Uint8Array.from(bytes.splice(0)));

  ascii("GIF89a");
  short(width);
  short(height);
  bytes.push(0x70, 0, 0);
  // Netscape's extension, which all readers know: repeat without end.
  bytes.push(0x21, 0xff, 11);
  ascii("NETSCAPE2.0");
  bytes.push(3, 1, 0, 0, 0);
  for (const { colors, indices } of frames) {
    const bits = Math.max(1, Math.ceil(Math.log2(colors.length / 3)));
    bytes.push(0x21, 0xf9, 4, 0);
    short(delay);
    bytes.push(0, 0, 0x2c);
    for (const value of [0, 0, width, height]) short(value);
    bytes.push(0x80 | (bits - 1), ...colors);
    for (let i = colors.length; i < 3 << bits; i++) bytes.push(0);
    const codeBits = Math.max(2, bits);
    bytes.push(codeBits);
    flush();
    const data = compress(indices, codeBits);
    for (let at = 0; at < data.length; at += 255) {
      const block = data.subarray(at, at + 255);
      parts.push(Uint8Array.of(block.length), block);
    }
    bytes.push(0);
  }
  bytes.push(0x3b);
  flush();
  return joined(parts);
}
