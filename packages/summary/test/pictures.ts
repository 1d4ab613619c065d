import { readFileSync } from "node:fs";
import { decode } from "fast-png";
import type { SummaryImage } from "../src/protos/messages.ts";

/** An array as the generator wrote it. */
export interface Plain {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly number[];
}

interface Picture {
  readonly height: number;
  readonly width: number;
  readonly colorspace: number;
  readonly pixels: Plain;
}

interface Reference {
  readonly images: readonly { name: string; image: Plain; dataformats: string; expected: Picture }[];
  readonly boxes: {
    readonly image: Plain;
    readonly cases: readonly { name: string; boxes: readonly number[][]; rescale: number; expected: Picture }[];
  };
  readonly grids: readonly {
    name: string;
    images: Plain;
    options: {
      nrow?: number;
      padding?: number;
      pad_value?: number;
      normalize?: boolean;
      value_range?: readonly [number, number];
      scale_each?: boolean;
    };
    expected: Plain;
  }[];
  readonly audio: readonly {
    name: string;
    sound: Plain;
    sampleRate: number;
    expected: { lengthFrames: number; numChannels: number; contentType: string; wav: string };
  }[];
  readonly videos: readonly { name: string; video: Plain; frames: Plain }[];
}

/** Recorded from torch 2.13.0 by reference/pictures.py. */
export const reference: Reference = JSON.parse(
  readFileSync(new URL("../reference/pictures.json", import.meta.url), "utf8"),
);

/** A written picture, decoded by a library that is not ours. */
export function decoded(image: SummaryImage | undefined): Picture {
  if (!image) throw new Error("there is no image in the summary");
  const { width, height, channels, data } = decode(image.encodedImageString);
  const pixels = { shape: [height, width, channels], dtype: "uint8", data: Array.from(data) };
  return { height: image.height, width: image.width, colorspace: image.colorspace, pixels };
}
