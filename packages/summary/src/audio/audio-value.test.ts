import { Buffer } from "node:buffer";
import { afterEach, describe, expect, it, vi } from "vitest";
import { reference } from "../../test/pictures.ts";
import { audioValue } from "./audio-value.ts";

const sound = async (...args: Parameters<typeof audioValue>) => (await audioValue(...args)).audio;
const samplesOf = (wav: Uint8Array | undefined) =>
  wav && Array.from(new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length)));

describe("addAudio", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(reference.audio)(
    "writes the very bytes that PyTorch writes: $name",
    async ({ sound: given, sampleRate, expected }) => {
      const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
      const { wav, ...rest } = expected;
      expect(await sound("tag", given, sampleRate)).toEqual({
        sampleRate,
        ...rest,
        encodedAudioString: new Uint8Array(Buffer.from(wav, "base64")),
      });
      expect(warn).toHaveBeenCalledTimes(given.data.some((value) => Math.abs(value) > 1) ? 1 : 0);
    },
  );

  it("writes stereo, the channels side by side", async () => {
    const stereo = await sound(
      "tag",
      [
        [1, -1],
        [0.5, 0],
        [0, 0.25],
      ],
      8000,
    );
    expect([stereo?.numChannels, stereo?.lengthFrames]).toEqual([2, 3]);
    // x * 32767, fractions cut off.
    expect(samplesOf(stereo?.encodedAudioString)).toEqual([32767, -32767, 16383, 0, 0, 8191]);
    const header = new DataView(stereo?.encodedAudioString.buffer as ArrayBuffer);
    // Channels, samples and bytes in a second, bytes of a frame: the WAVE format.
    expect([
      header.getUint16(22, true),
      header.getUint32(24, true),
      header.getUint32(28, true),
      header.getUint16(32, true),
    ]).toEqual([2, 8000, 32000, 4]);
  });

  it("says what is wrong with a sound, and warns of what it clips", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await sound("noise", [0.5, 2, -3], 8000);
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "addAudio: 2 of the 3 samples of "noise" are beyond -1 to 1 and were clipped. Scale the sound.",
        ],
      ]
    `);
    expect(() =>
      audioValue(
        "tag",
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        8000,
      ),
    ).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addAudio: the sound has the shape [2, 3]. Give [L], or [L, 2] with the two channels side by side.]`,
    );
    expect(() => audioValue("tag", [0, Number.NaN], 8000)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addAudio: sample 1 of the sound [2] is NaN.]`,
    );
  });
});
