/** Sound as 16-bit numbers, those of the channels side by side. */
export interface Sound {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: Int16Array;
}

/**
 * A WAV file: uncompressed, 16 bits each sample.
 *
 * @see {@link http://soundfile.sapp.org/doc/WaveFormat/ | The canonical WAVE format}
 */
export function encodeWav({ sampleRate, channels, samples }: Sound): Uint8Array {
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const name = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  };
  name(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  name(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => {
    view.setInt16(44 + 2 * i, sample, true);
  });
  return bytes;
}
