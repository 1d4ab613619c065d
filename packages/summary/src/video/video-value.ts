import { toBytes } from "../images/bytes.ts";
import { type Axes, axesOf } from "../images/layout.ts";
import { type Pixels, readPixels } from "../images/pixels.ts";
import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import type { SummaryValue } from "../protos/messages.ts";
import type { Numbers } from "../values/numbers.ts";
import { type Animation, encodeGif } from "./gif.ts";
import { indexed } from "./palette.ts";

const where = "addVideo";

export interface VideoOptions {
  /** Frames in a second. */
  readonly fps: number;
  /** The order of the video's dimensions. */
  readonly dataformats: string;
}

/**
 * What `addVideo` writes: an animated GIF in the place of a picture. Videos of a batch play side by side.
 *
 * @param video - [N, T, C, H, W]: bytes, or floats from 0 to 1
 */
export const videoValue = (tag: string, video: Numbers, options: VideoOptions): MaybePromise<SummaryValue> =>
  whenThere(
    readPixels(where, "video", video, (shape) => videoAxes(shape, options.dataformats)),
    (pixels) => {
      const animation = animate(pixels, options);
      const { width, height } = animation;
      return { tag, image: { height, width, colorspace: 3, encodedImageString: encodeGif(animation) } };
    },
  );

function videoAxes(shape: readonly number[], dataformats: string): Axes<"N" | "T" | "C" | "H" | "W"> {
  const axes = axesOf(where, shape, dataformats, [["N", "T", "C", "H", "W"]] as const);
  const size = `[${shape.join(", ")}]`;
  if (shape.includes(0)) throw new OptionError(`${where}: a video ${size} has no pixels. Give one that has.`);
  if (axes.C.size !== 1 && axes.C.size !== 3) {
    throw new OptionError(
      `${where}: a video ${size} in the order ${dataformats} has ${axes.C.size} channels. Give 1 or 3.`,
    );
  }
  return axes;
}

function animate(pixels: Pixels, { fps, dataformats }: VideoOptions): Animation {
  const { N, T, C, H, W } = videoAxes(pixels.shape, dataformats);
  const bytes = toBytes(where, pixels);
  // As PyTorch lays them out: as many places as the next power of two, in about half as many rows as columns.
  const places = 2 ** Math.ceil(Math.log2(N.size));
  const rows = 2 ** Math.floor(Math.floor(Math.log2(N.size)) / 2);
  const columns = places / rows;
  const [width, height] = [columns * W.size, rows * H.size];
  const frames = Array.from({ length: T.size }, (_, t) => {
    const frame = new Uint8Array(width * height * 3);
    for (let n = 0; n < N.size; n++) {
      const [top, left] = [Math.floor(n / columns) * H.size, (n % columns) * W.size];
      for (let y = 0; y < H.size; y++) {
        for (let x = 0; x < W.size; x++) {
          const from = n * N.stride + t * T.stride + y * H.stride + x * W.stride;
          const to = ((top + y) * width + left + x) * 3;
          for (let c = 0; c < 3; c++) frame[to + c] = bytes[from + (C.size === 1 ? 0 : c) * C.stride] as number;
        }
      }
    }
    return indexed(frame);
  });
  return {
    width,
    height,
    frames, // Browsers play what is faster than 50 frames in a second much slower.
    delay: Math.max(2, Math.round(100 / fps)),
  };
}
