import { CheckpointError } from "../checkpoint-error.ts";
import type { ByteSource } from "./byte-source.ts";
import { checkRange } from "./bytes-source.ts";
import { codeOf } from "./file-source.ts";

/** A `Blob`, or a `File` that the user of a page has chosen: what is read of it comes into memory, and no more. */
export function blobSource(blob: Blob, name = nameOf(blob)): ByteSource {
  const source: ByteSource = {
    name,
    size: blob.size,
    chunkSize: 2 ** 20,
    async read(offset, length) {
      checkRange(source, offset, length);
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (error) {
        // What browsers say when the file behind it was changed or removed.
        throw new CheckpointError(source.name, `cannot be read (${codeOf(error)})`, "Choose the file again.", {
          cause: error,
        });
      }
    },
    close: async () => {},
  };
  return source;
}

const nameOf = (blob: Blob): string => ("name" in blob && typeof blob.name === "string" ? blob.name : "this Blob");
