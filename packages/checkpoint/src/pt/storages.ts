import { PickleProblem } from "../pickle/pickle-problem.ts";
import { Tuple } from "../pickle/tuple.ts";
import { quoted } from "../shown.ts";
import { type DType, elementTypes } from "../tensors/dtype.ts";
import type { Storage } from "../tensors/saved-tensor.ts";
import { isCount } from "./geometry.ts";
import { StorageClass } from "./storage-class.ts";
import { swappedSize } from "./storage-types.ts";
import { swapBytes } from "./swap-bytes.ts";

/** Memory that a pickle speaks of, whose numbers stand elsewhere in the file and are read when the pickle is. */
export interface PendingStorage {
  readonly key: string;
  /** undefined: its bytes are of whatever dtype the tensors in it are. */
  readonly dtype: DType | undefined;
  /** Elements; bytes where there is no dtype. */
  readonly numel: number;
  readonly byteLength: number;
  /** What the tensors lie in. */
  readonly storage: { -readonly [K in keyof Storage]: Storage[K] };
  /** Bytes to swap in files of big-endian machines: of the dtype, or what the tensors in it say. */
  swappedSize: number | undefined;
}

/** A storage as tensors refer to it: whole, or in old files a part. */
export class StorageReference {
  readonly pending: PendingStorage;
  /** Of its first element, in elements. */
  readonly offset: number;
  readonly byteLength: number;

  constructor(pending: PendingStorage, offset = 0, byteLength = pending.byteLength) {
    this.pending = pending;
    this.offset = offset;
    this.byteLength = byteLength;
  }
}

/** The storages that a pickle speaks of, by their keys. */
export class PendingStorages {
  readonly #byKey = new Map<string, PendingStorage>();

  [Symbol.iterator](): IterableIterator<PendingStorage> {
    return this.#byKey.values();
  }

  /**
   * The storage of a persistent id: `("storage", class, key, location, numel)`, in legacy files with a part of it as `(key, offset, numel)`
   * or None. Where it was, on the CPU or a GPU, does not matter here.
   */
  find(id: unknown): StorageReference {
    if (!(id instanceof Tuple) || id[0] !== "storage") {
      throw new PickleProblem(
        "a persistent id that is no storage's",
        "Only tensors are stored beside the pickle: save a state dict.",
      );
    }
    const [, storageClass, key, location, numel, part] = id;
    const isWhole = storageClass instanceof StorageClass && typeof key === "string" && typeof location === "string";
    if (!isWhole || !isCount(numel)) throw new PickleProblem("a storage without class, key, place or size");
    if (storageClass.problem !== undefined) throw storageClass.problem;
    const pending = this.#add(key, storageClass.dtype, numel);
    return part === undefined || part === null ? new StorageReference(pending) : partOf(pending, part);
  }

  #add(key: string, dtype: DType | undefined, numel: number): PendingStorage {
    const byteLength = numel * (dtype === undefined ? 1 : elementTypes[dtype].size);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      if (known.dtype === dtype && known.byteLength === byteLength) return known;
      throw new PickleProblem(`storage ${quoted(key)} has two sizes or dtypes`);
    }
    const size = dtype === undefined ? undefined : swappedSize(dtype);
    const pending = { key, dtype, numel, byteLength, storage: { bytes: new Uint8Array(0) }, swappedSize: size };
    this.#byKey.set(key, pending);
    return pending;
  }
}

function partOf(pending: PendingStorage, part: unknown): StorageReference {
  const [, offset, numel] = part instanceof Tuple ? part : [];
  const size = pending.dtype === undefined ? 1 : elementTypes[pending.dtype].size;
  if (!isCount(offset) || !isCount(numel) || (offset + numel) * size > pending.byteLength) {
    throw new PickleProblem(`a part that storage ${quoted(pending.key)} does not have`);
  }
  return new StorageReference(pending, offset, numel * size);
}

// The longest elements of typed arrays.
const alignment = 8;

/** Give a storage its bytes, as little-endian numbers at a place where typed arrays can lie. */
export function fillStorage(
  { storage, swappedSize: size = 1 }: PendingStorage,
  bytes: Uint8Array,
  { isBigEndian }: { isBigEndian: boolean },
): void {
  if (isBigEndian && size > 1) storage.bytes = swapBytes(bytes, size);
  else storage.bytes = bytes.byteOffset % alignment === 0 ? bytes : bytes.slice();
}
