import type { SummaryValue } from "@anneal/summary";
import type { LogStore } from "../runs/log-store.ts";
import { type Answer, RequestError } from "./answer.ts";
import { number, word } from "./query.ts";
import { valueAtStep } from "./records.ts";

/** What the first bytes of a file say that it is. Only what a browser shows and does not run: no SVG. */
const signatures: readonly (readonly [type: string, at: number, text: string])[] = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/bmp", 0, "BM"],
  ["image/webp", 8, "WEBP"],
  ["audio/wav", 8, "WAVE"],
  ["audio/flac", 0, "fLaC"],
  ["audio/ogg", 0, "OggS"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/mpeg", 0, "\xff\xfb"],
];

/** The picture or the sound at a step. `n` is which of those that are logged together. */
export async function media(store: LogStore, query: URLSearchParams): Promise<Answer> {
  const kind = word(query, "kind", "images", "audio");
  const { value } = await valueAtStep(store, query, kind);
  const body = filesOf(value, kind)[number(query, "n", 0, 0, 1000)];
  if (body === undefined) throw new RequestError(404, "The record has no such file.");
  const type = mediaType(body);
  if (type === undefined || !type.startsWith(kind === "images" ? "image/" : "audio/")) {
    throw new RequestError(415, `The ${kind === "images" ? "image" : "sound"} is of no kind that the board shows.`);
  }
  return { type, body, immutable: true };
}

function filesOf({ image, audio, tensor }: SummaryValue, kind: "images" | "audio"): Uint8Array[] {
  if (image !== undefined) return [image.encodedImageString];
  if (audio !== undefined) return [audio.encodedAudioString];
  const strings = tensor?.stringVal ?? [];
  // TensorFlow 2: width, height, then the pictures; or pairs of a sound and its label.
  return kind === "images" ? strings.slice(2) : strings.filter((_, k) => k % 2 === 0);
}

function mediaType(file: Uint8Array): string | undefined {
  return signatures.find(([, at, text]) => [...text].every((letter, k) => file[at + k] === letter.charCodeAt(0)))?.[0];
}
