import { CheckpointError } from "../checkpoint-error.ts";

/** @throws {CheckpointError} if a file of a store cannot be called `name` */
export function checkFileName(store: string, name: string): void {
  // No slashes and no dots alone: a name from elsewhere must not lead out of the folder.
  if (typeof name === "string" && /^[^/\\\0]+$/.test(name) && name !== "." && name !== "..") return;
  throw new CheckpointError(
    store,
    `a file cannot be called ${JSON.stringify(name)}`,
    "Give a name without slashes, such as checkpoint.pt.",
  );
}

/** What `open` throws where there is no such file. */
export const noSuchFile = (store: string, name: string, there: readonly string[], mend = ""): CheckpointError =>
  new CheckpointError(
    store,
    `has no file ${JSON.stringify(name)}`,
    `${there.length === 0 ? "It is empty." : `It has ${there.join(", ")}.`}${mend}`,
  );
