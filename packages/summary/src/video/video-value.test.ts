import { decompressFrames, parseGIF } from "gifuct-js";
import { describe, expect, it } from "vitest";
import { reference } from "../../test/pictures.ts";
import { videoValue } from "./video-value.ts";

/** Frames as another library reads them: colors of the pixels, and the delay in ms. */
function framesOf(gif: Uint8Array | undefined) {
  if (!gif) throw new Error("there is no image in the summary");
  return decompressFrames(parseGIF(Uint8Array.from(gif).buffer), true).map(({ patch, delay, dims }) => ({
    delay,
    width: dims.width,
    height: dims.height,
    colors: Array.from(patch).filter((_, i) => i % 4 !== 3),
  }));
}

const options = { fps: 4, dataformats: "NTCHW" };

describe("addVideo", () => {
  it.each(reference.videos)("lays out the videos of a batch as PyTorch does: $name", async ({ video, frames }) => {
    const { image } = await videoValue("tag", video, options);
    const [count = 0, height = 0, width = 0, channels = 0] = frames.shape;
    expect([image?.height, image?.width, image?.colorspace]).toEqual([height, width, 3]);
    const read = framesOf(image?.encodedImageString);
    expect(read.map(({ delay }) => delay)).toEqual(new Array(count).fill(250));
    const size = height * width * channels;
    // At most 256 colors in a frame, so the very same.
    read.forEach(({ colors }, t) => {
      const gray = frames.data.slice(t * size, (t + 1) * size);
      expect(colors).toEqual(channels === 1 ? gray.flatMap((value) => [value, value, value]) : gray);
    });
  });

  it("chooses 256 colors for a frame that has more", async () => {
    const data = new Float32Array(3 * 64 * 64);
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < 64; y++) {
        for (let x = 0; x < 64; x++)
          data[(c * 64 + y) * 64 + x] = 0.5 + 0.5 * Math.sin(x / (9 + 3 * c)) * Math.cos(y / 14 + c);
      }
    }
    const value = await videoValue("tag", { shape: [1, 1, 3, 64, 64], data }, options);
    const [frame] = framesOf(value.image?.encodedImageString);
    const apart = (frame?.colors ?? []).map((value, i) =>
      Math.abs(value - Math.trunc(255 * (data[(i % 3) * 4096 + Math.floor(i / 3)] as number))),
    );
    // Pillow's median cut is 8.5 levels off on average on such a picture.
    expect(apart.reduce((sum, each) => sum + each, 0) / apart.length).toBeLessThan(8.5);
  });

  it("reads back long frames: codes grow to 12 bits and begin anew", async () => {
    const values = new Uint8Array(150 * 150);
    for (let i = 0, state = 1; i < values.length; i++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      values[i] = (state >> 16) & 255;
    }
    const value = await videoValue("tag", { shape: [1, 1, 1, 150, 150], data: values }, options);
    const [frame] = framesOf(value.image?.encodedImageString);
    expect(frame?.colors.filter((_, i) => i % 3 === 0)).toEqual(Array.from(values));
  });

  it("takes the dimensions in any order, and other speeds", async () => {
    const video = { shape: [2, 1, 1, 2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) };
    const value = await videoValue("tag", video, { fps: 10, dataformats: "tnhwc" });
    const read = framesOf(value.image?.encodedImageString);
    expect(read).toEqual([
      { delay: 100, width: 2, height: 1, colors: [1, 2, 3, 4, 5, 6] },
      { delay: 100, width: 2, height: 1, colors: [7, 8, 9, 10, 11, 12] },
    ]);
  });

  it("says what is wrong with a video", () => {
    const given =
      (shape: number[], dataformats = "NTCHW") =>
      () =>
        videoValue("tag", { shape, data: new Uint8Array(shape.reduce((a, b) => a * b, 1)) }, { fps: 4, dataformats });
    expect(given([2, 3, 4, 4])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addVideo: dataformats "NTCHW" names 5 dimensions, the argument has [2, 3, 4, 4]. Give a letter for each.]`,
    );
    expect(given([1, 2, 4, 4, 4])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addVideo: a video [1, 2, 4, 4, 4] in the order NTCHW has 4 channels. Give 1 or 3.]`,
    );
    expect(given([1, 0, 3, 4, 4])).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addVideo: a video [1, 0, 3, 4, 4] has no pixels. Give one that has.]`,
    );
    expect(given([1, 2, 3, 4, 4], "NTCHX")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addVideo: dataformats is "NTCHX". Give the letters of NTCHW once each, in the order of the dimensions.]`,
    );
  });
});
