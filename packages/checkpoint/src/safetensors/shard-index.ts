import type { ByteSource } from "../bytes/byte-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { quoted } from "../shown.ts";
import { longestHeader } from "./header.ts";
import { JsonScanner } from "./json-scanner.ts";

/**
 * The `weight_map` of a sharded model's index: for each tensor the file that it is in, which lies beside the index.
 *
 * @throws {CheckpointError} if it is no such index
 */
export async function readShardIndex(source: ByteSource): Promise<Map<string, string>> {
  const { name, size } = source;
  if (size > longestHeader) {
    throw new CheckpointError(name, `${size} bytes are too many for an index`, `The most are ${longestHeader}.`);
  }
  // Of text that is no UTF-8 at least no name is right.
  const text = new TextDecoder().decode(await source.read(0, size));
  const scanner = new JsonScanner(text, name, "index");
  const files = new Map<string, string>();
  let isThere = false;
  scanner.object((field) => {
    if (field !== "weight_map") return scanner.skip();
    isThere = true;
    scanner.object((tensor) => {
      const file = scanner.string();
      // Whoever wrote the index has no say in what else is read on this machine.
      if (!/^[^/\\:]+$/.test(file) || file === "." || file === "..") {
        scanner.fail(`tensor ${quoted(tensor)}: ${quoted(file)} is no name of a file beside the index`);
      }
      files.set(tensor, file);
    });
  });
  scanner.end();
  if (!isThere) scanner.fail("it has no weight_map");
  return files;
}
