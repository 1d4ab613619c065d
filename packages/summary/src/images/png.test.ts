import fc from "fast-check";
import { decode } from "fast-png";
import { afterEach, describe, expect, it, vi } from "vitest";
import { encodePng } from "./png.ts";

const rasters = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    channels: fc.constantFrom(3 as const, 4 as const),
  })
  .chain(({ width, height, channels }) => {
    const length = width * height * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data) => ({ width, height, channels, data: Uint8Array.from(data) }));
  });

describe("a PNG", () => {
  afterEach(() => vi.restoreAllMocks());

  it("has the pixels that went in, as another library reads them, which checks the sums too", async () => {
    await fc.assert(
      fc.asyncProperty(rasters, async (raster) => {
        const { width, height, channels, depth, data } = decode(await encodePng(raster), { checkCrc: true });
        expect({ width, height, channels, data: Uint8Array.from(data) }).toEqual(raster);
        expect(depth).toBe(8);
      }),
      { numRuns: 100 },
    );
  });

  it("is made at once in Node, and the same pixels come from a browser's stream", async () => {
    const raster = {
      width: 16,
      height: 16,
      channels: 3 as const,
      data: new Uint8Array(768).map((_, i) => (i * 7) & 255),
    };
    expect(encodePng(raster)).toBeInstanceOf(Uint8Array);
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const streamed = encodePng(raster);
    expect(streamed).toBeInstanceOf(Promise);
    expect(Uint8Array.from(decode(await streamed, { checkCrc: true }).data)).toEqual(raster.data);
  });

  it("is small where neighbours are alike", async () => {
    // A slope of 256 x 256 has 65,536 pixels of few differences.
    const data = new Uint8Array(256 * 256 * 3).map((_, i) => Math.floor(i / 3) % 256);
    expect((await encodePng({ width: 256, height: 256, channels: 3, data })).length).toBeLessThan(2000);
  });
});
