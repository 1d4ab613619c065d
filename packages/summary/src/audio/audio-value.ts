import { readPixels } from "../images/pixels.ts";
import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import { OptionError } from "../options/option-error.ts";
import type { SummaryValue } from "../protos/messages.ts";
import type { Numbers } from "../values/numbers.ts";
import { encodeWav } from "./wav.ts";

const where = "addAudio";
/** What a sample of 1 becomes. */
const loudest = 32767;

/**
 * What `addAudio` writes: a WAV file of 16 bits. Numbers beyond 1 are clipped, with a warning.
 *
 * @param sound - [L], or [L, C] with one or two channels; -1 to 1
 * @param sampleRate - Hz
 */
export const audioValue = (tag: string, sound: Numbers, sampleRate: number): MaybePromise<SummaryValue> =>
  whenThere(readPixels(where, "sound", sound), ({ shape, dtype, data }) => {
    const { length, channels } = sizesOf(shape);
    // PyTorch multiplies in the sound's own precision and cuts fractions off; writing to an Int16Array does too.
    const round = dtype === "float64" ? (value: number) => value : Math.fround;
    const samples = new Int16Array(length * channels);
    let beyond = 0;
    for (let i = 0; i < samples.length; i++) {
      const value = Number(data[i]);
      if (Number.isNaN(value))
        throw new OptionError(`${where}: sample ${i} of the sound [${shape.join(", ")}] is NaN.`);
      if (Math.abs(value) > 1) beyond++;
      samples[i] = round(Math.min(Math.max(value, -1), 1) * loudest);
    }
    if (beyond > 0) {
      console.warn(
        `${where}: ${beyond} of the ${samples.length} samples of ${JSON.stringify(tag)} are beyond -1 to 1 and were clipped. Scale the sound.`,
      );
    }
    const audio = {
      sampleRate,
      numChannels: channels,
      lengthFrames: length,
      encodedAudioString: encodeWav({ sampleRate, channels, samples }),
      contentType: "audio/wav",
    };
    return { tag, audio };
  });

/** One channel may come with any dimensions of one element, as in PyTorch. */
function sizesOf(shape: readonly number[]): { readonly length: number; readonly channels: number } {
  const [length = 1, channels = 1] = shape.length === 2 ? shape : shape.filter((size) => size !== 1);
  if (shape.filter((size) => size !== 1).length <= 1) return { length: shape.reduce((a, b) => a * b, 1), channels: 1 };
  if (shape.length === 2 && channels === 2) return { length, channels };
  throw new OptionError(
    `${where}: the sound has the shape [${shape.join(", ")}]. Give [L], or [L, 2] with the two channels side by side.`,
  );
}
