import type { Source } from "../bytes/open-source.ts";
import type { SavedTensor } from "../tensors/saved-tensor.ts";
import { openParts } from "./open-parts.ts";
import { readTensors } from "./read-tensor.ts";

/**
 * Read all tensors of a safetensors file, by name: what `loadStateDict` of a model takes.
 *
 * Of bytes the tensors are views, which share their memory; from everywhere else each gets memory of its own.
 *
 * @param source - a path, a URL or `Request`, a `Blob` or `File`, or bytes. The folder or the index (`model.safetensors.index.json`) of
 * a sharded model gives the tensors of all its files
 * @returns in the order of their data
 * @throws {CheckpointError} if it cannot be read, is not as the format says, or holds a tensor of a type that PyTorch does not have
 * @example
 * const bytes = await encodeSafetensors({ "fc.weight": { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) } });
 * const weight = (await loadSafetensors(bytes)).get("fc.weight");
 * weight?.shape; // => [2, 2]
 * weight?.data; // => Float32Array [1, 2, 3, 4]
 * @see {@link https://github.com/huggingface/safetensors#format | the format}
 */
export async function loadSafetensors(source: Source): Promise<Map<string, SavedTensor>> {
  const parts = await openParts(source);
  try {
    const tensors = new Map<string, SavedTensor>();
    for (const part of parts) {
      for (const [name, tensor] of await readTensors(part, part.header.entries)) tensors.set(name, tensor);
    }
    return tensors;
  } finally {
    await Promise.all(parts.map((part) => part.source.close()));
  }
}
