import { type Target, writeTarget } from "../bytes/write-target.ts";
import { refuseUnknownOptions } from "../unknown-option.ts";
import { checkedMetadata, type Metadata, type NamedTensors, nameTensors } from "./name-tensors.ts";
import { planFile } from "./plan-file.ts";
import { saveShards } from "./save-shards.ts";
import { writePlan } from "./write-plan.ts";

export interface SaveSafetensorsOptions {
  /**
   * What to note beside the tensors: text by name. The default tells Hugging Face's libraries that the tensors are laid out as PyTorch's are.
   *
   * @defaultValue { format: "pt" }
   */
  readonly metadata?: Metadata;
  /**
   * The most bytes of tensors in one file. If there are more, they go to several files in Hugging Face's naming
   * (`model-00001-of-00003.safetensors`, ...) with an index (`model.safetensors.index.json`) beside them.
   *
   * @defaultValue all in one file
   */
  readonly maxShardSize?: number;
}

/**
 * Write tensors to a safetensors file. It appears whole or not at all, and only one tensor at a time is in memory beyond the caller's own.
 *
 * The format knows no sharing: tensors that are one under two names (tied weights) are written twice, so that every reader finds all names.
 * The tensors must stay as they are until the promise settles.
 *
 * @param tensors - by name: a `stateDict()`, a Map, or an object of typed arrays, of `{ shape, data }`, or of tensors of any library
 * @param target - a path or `file:` URL, or whatever takes bytes
 * @throws {TypeError | RangeError} if a value is no whole tensor, or of a dtype that the format does not have, or a name or metadata no text
 * @throws {CheckpointError} if the file cannot be written; what was there before stays
 * @example
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 *
 * const folder = await mkdtemp(join(tmpdir(), "anneal-"));
 * const path = join(folder, "model.safetensors");
 * await saveSafetensors({ weight: { shape: [2, 1], data: new Float32Array([1, 2]) } }, path);
 * (await loadSafetensors(path)).get("weight")?.shape; // => [2, 1]
 * await rm(folder, { recursive: true });
 * @see {@link https://github.com/huggingface/safetensors#format | the format}
 */
export async function saveSafetensors(
  tensors: NamedTensors,
  target: Target,
  options: SaveSafetensorsOptions = {},
): Promise<void> {
  const where = "saveSafetensors";
  refuseUnknownOptions(where, options, ["metadata", "maxShardSize"]);
  const { metadata = { format: "pt" }, maxShardSize = Number.POSITIVE_INFINITY } = options;
  if (!(typeof maxShardSize === "number" && maxShardSize > 0)) {
    throw new RangeError(`${where}: maxShardSize must be bytes, above 0, got ${String(maxShardSize)}. 5 GB are 5e9.`);
  }
  const named = nameTensors(where, tensors);
  const notes = checkedMetadata(where, metadata);
  if (options.maxShardSize !== undefined) return saveShards(named, target, { metadata: notes, maxShardSize });
  const plan = planFile(where, named, notes);
  return writeTarget(target, (sink) => writePlan(plan, sink));
}
