import type { ByteSource } from "../bytes/byte-source.ts";
import { openSource, type Source } from "../bytes/open-source.ts";
import { readAhead } from "../bytes/read-ahead.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { mistakenFor } from "../mistaken-for.ts";
import { loadLegacy } from "./load-legacy.ts";
import { loadZip } from "./load-zip.ts";

/**
 * Load what `torch.save` or `savePt` saved. Nothing in the file is run, as with `torch.load(path, weights_only=True)`.
 *
 * Tensors become `SavedTensor`, dicts objects without a prototype, or Maps where their keys are not all names; the rest is in the README's
 * table. Tensors that shared memory share a storage. Where they were, on the CPU or a GPU, does not matter. The numbers are read one storage
 * at a time, straight to where they stay; tensors of a file in memory are views of it.
 *
 * @typeParam T - what you know the file to hold; it is not checked
 * @param source - a path, `file:` or `http:` URL, Blob, bytes, or whatever reads at random
 * @throws {CheckpointError} if it is damaged, no such file, or holds more than data
 * @example
 * const bytes = await encodePt({ epoch: 3, model_state_dict: { bias: Float32Array.of(0.5, -0.5) } });
 * const { epoch, model_state_dict } = await loadPt<{ epoch: number; model_state_dict: Record<string, SavedTensor> }>(bytes);
 * epoch; // => 3
 * model_state_dict.bias?.data; // => Float32Array [0.5, -0.5]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.load.html | torch.load}
 */
export function loadPt<T = unknown>(source: Source): Promise<T>;
export async function loadPt(source: Source): Promise<unknown> {
  const opened = await openSource(source);
  try {
    return await load(opened);
  } finally {
    await opened.close();
  }
}

async function load(source: ByteSource): Promise<unknown> {
  const beginning = await source.read(0, Math.min(source.size, 512));
  const text = String.fromCharCode(...beginning);
  if (text.startsWith("PK\x03\x04")) return loadZip(readAhead(source));
  if (text.startsWith("\x80")) return loadLegacy(readAhead(source));
  throw new CheckpointError(source.name, "it is not what torch.save writes", mendFor(beginning, text));
}

function mendFor(beginning: Uint8Array, text: string): string {
  if (text.startsWith("ustar", 257)) {
    return "It is a tar archive, as very old versions of PyTorch wrote, which cannot be read safely: load it in Python and save it again.";
  }
  // After the length of its header.
  if (text[8] === "{") return "It is a safetensors file: read it with loadSafetensors.";
  return mistakenFor(beginning, "PyTorch");
}
