import type { Source } from "../bytes/open-source.ts";
import { quoted } from "../shown.ts";
import type { DType } from "../tensors/dtype.ts";
import type { SavedTensor } from "../tensors/saved-tensor.ts";
import type { TensorEntry } from "./header.ts";
import { openParts } from "./open-parts.ts";
import { kindOf, type Part, readTensor } from "./read-tensor.ts";

/** What is known of a tensor before it is read. */
export interface TensorInfo {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** What it takes in the file, in bytes. */
  readonly byteLength: number;
}

/** An open safetensors file, or sharded model: its tensors are read when they are asked for. */
export interface SafetensorsFile extends AsyncDisposable {
  /** Names of the tensors, in the order of their data. */
  readonly names: readonly string[];
  /** What its writer noted; of a sharded model, in its first file. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * What a tensor is, without reading it.
   *
   * @throws {RangeError} if there is none of this name
   * @throws {CheckpointError} if it is of a type that PyTorch does not have
   */
  info(name: string): TensorInfo;
  /**
   * Read one tensor.
   *
   * @throws {RangeError} if there is none of this name
   * @throws {CheckpointError} if it cannot be read
   */
  get(name: string): Promise<SavedTensor>;
  /** Let go of the file. `await using` does it, too. */
  close(): Promise<void>;
}

/**
 * Open a safetensors file for reading single tensors: only its header is read. Of a URL, too, by range requests, the first of which mostly
 * brings the whole header. (From a server that does not know ranges it is fetched whole when it is opened.)
 *
 * @param source - a path, a URL or `Request`, a `Blob` or `File`, or bytes. The folder or the index (`model.safetensors.index.json`) of
 * a sharded model opens all its files as one
 * @throws {CheckpointError} if it cannot be read, or is not as the format says
 * @example
 * const bytes = await encodeSafetensors({ weight: new Float32Array([1, 2, 3]), bias: new Float32Array([4]) });
 * await using file = await openSafetensors(bytes);
 * file.names; // => ["bias", "weight"]
 * file.info("weight"); // => { dtype: "float32", shape: [3], byteLength: 12 }
 * (await file.get("weight")).data; // => Float32Array [1, 2, 3]
 * @see {@link https://github.com/huggingface/safetensors#format | the format}
 */
export async function openSafetensors(source: Source): Promise<SafetensorsFile> {
  const parts = await openParts(source);
  const places = new Map(
    parts.flatMap((part) => [...part.header.entries].map(([name, entry]) => [name, { part, entry }] as const)),
  );
  const find = (name: string): { part: Part; entry: TensorEntry } => {
    const place = places.get(name);
    if (place) return place;
    const some = [...places.keys()].slice(0, 10).map(quoted).join(", ");
    throw new RangeError(
      `${parts[0]?.source.name}: there is no tensor ${quoted(String(name))}. ${
        places.size === 0 ? "It has none at all." : `It has ${places.size}: ${some}${places.size > 10 ? ", ..." : "."}`
      }`,
    );
  };
  const close = async (): Promise<void> => void (await Promise.all(parts.map((part) => part.source.close())));
  return {
    names: [...places.keys()],
    metadata: parts[0]?.header.metadata ?? new Map(),
    info(name) {
      const { part, entry } = find(name);
      return { ...kindOf(part, name, entry), byteLength: entry.end - entry.begin };
    },
    async get(name) {
      const { part, entry } = find(name);
      return readTensor(part, name, entry);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
