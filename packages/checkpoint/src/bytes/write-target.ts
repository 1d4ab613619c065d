import type { ByteSink } from "./byte-sink.ts";
import { writeFileAtomically } from "./write-file.ts";

/** Where a file is written to: a path or `file:` URL, where it appears whole or not at all, or whatever takes bytes. */
export type Target = string | URL | ByteSink;

/** Let `write` write to `target`. */
export async function writeTarget(target: Target, write: (sink: ByteSink) => Promise<void>): Promise<void> {
  if (typeof target === "string") return writeFileAtomically(target, write);
  if (target instanceof URL) {
    return writeFileAtomically(process.getBuiltinModule("node:url").fileURLToPath(target), write);
  }
  return write(target);
}
