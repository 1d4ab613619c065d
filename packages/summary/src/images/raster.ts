/** Pixels of 8 bits each channel, row after row from the top, the channels of a pixel side by side. */
export interface Raster {
  readonly height: number;
  readonly width: number;
  /** 3: red, green, blue. 4: and how opaque. */
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}
