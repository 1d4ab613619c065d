import { hasFileSystem, nodeFileSystem } from "../bytes/node-modules.ts";
import { CheckpointError } from "../checkpoint-error.ts";

/** The names that Hugging Face's libraries give: a model in one file, and the index of one in several. */
const wholeName = "model.safetensors";

/** What the index of a sharded model is called, for the name that it would have in one file. */
export const indexOf = (path: string): string => `${path}.index.json`;

/**
 * What a user means who names `place`: in a folder the model in one file, or else its index; for a file that is not there the index of this
 * model in several.
 */
export async function locate(place: string | URL): Promise<string | URL> {
  if (typeof place !== "string" || !hasFileSystem()) return place;
  const whole =
    (await kindOfFile(place)) === "folder" ? process.getBuiltinModule("node:path").join(place, wholeName) : place;
  if ((await kindOfFile(whole)) !== undefined) return whole;
  if ((await kindOfFile(indexOf(whole))) !== undefined) return indexOf(whole);
  if (whole === place) return place;
  throw new CheckpointError(
    place,
    `has neither ${wholeName} nor ${indexOf(wholeName)}`,
    "Name the file, or the index, that the model has.",
  );
}

async function kindOfFile(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await nodeFileSystem().stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return undefined;
  }
}
