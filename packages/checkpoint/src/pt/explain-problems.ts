import { CheckpointError } from "../checkpoint-error.ts";
import { PickleProblem } from "../pickle/pickle-problem.ts";

/** Say in which file, and in which part of it, if it has parts, a problem of a pickle is. */
export function explainProblems<T>(file: string, part: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PickleProblem)) throw error;
    throw new CheckpointError(file, part === "" ? error.message : `${part}: ${error.message}`, error.mend, {
      cause: error,
    });
  }
}
