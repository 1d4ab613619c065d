import { CheckpointError } from "@anneal/checkpoint";
import { DataFormatError } from "@anneal/data";
import { UsageError } from "./command-line.ts";

/** Run a program by its command line. What its user can mend is told in a line, with exit code 2 (the command line) or 1 (the files). */
export async function runExample<Options>(
  { readOptions, help }: { readonly readOptions: (args: string[]) => Options | null; readonly help: string },
  run: (options: Options) => Promise<void>,
): Promise<void> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options) await run(options);
    else console.log(help);
  } catch (error) {
    const isMendable = [UsageError, DataFormatError, CheckpointError].some((kind) => error instanceof kind);
    if (!(isMendable && error instanceof Error)) throw error;
    console.error(error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
