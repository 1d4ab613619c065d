import type { Source } from "../bytes/open-source.ts";
import type { Target } from "../bytes/write-target.ts";
import type { Store } from "../stores/store.ts";

/** A file in a store. */
export interface StoredFile {
  readonly store: Store;
  readonly name: string;
}

/** Where a checkpoint is saved: a path, a file in a store, or whatever takes bytes. */
export type CheckpointTarget = Target | StoredFile;

/** Where a checkpoint is loaded from: a path, a file in a store, a URL, a `Blob`, bytes. */
export type CheckpointSource = Source | StoredFile;

export const isStoredFile = (place: CheckpointTarget | CheckpointSource): place is StoredFile =>
  typeof place === "object" && "store" in place && "name" in place;
