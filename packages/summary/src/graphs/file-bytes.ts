import { show } from "../options/must.ts";
import { OptionError } from "../options/option-error.ts";

/** The bytes of a file, in Node. @throws {OptionError} where there are no files */
export function fileBytes(where: string, file: string | URL): Uint8Array {
  const fs = globalThis.process?.getBuiltinModule?.("node:fs");
  if (!fs) throw new OptionError(`${where}: there are no files here. Give the bytes of ${show(String(file))}.`);
  return fs.readFileSync(file);
}
