import { parseArgs } from "node:util";

/** What the user wants the program to do. */
export type Command =
  | { readonly do: "help" }
  | { readonly do: "version" }
  | { readonly do: "serve"; readonly logDir: string; readonly port: number; readonly open: boolean };

/** Something on the command line is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const help = `See trainings live: a page that follows the event files under a folder.

  npx @anneal/board DIR [--port N] [--open]

  DIR         where the runs are, such as runs/: what SummaryWriter wrote, or TensorBoard's own writers
  --port N    the port on 127.0.0.1; the next free one if it is taken (6006)
  --open      open the page in the browser
  --version   the version of the board
  --help      this text

Ctrl-C ends it. Nothing is written, and nobody but this machine can see the page.`;

const flags = {
  port: { type: "string" },
  open: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  logdir: { type: "string" },
} as const;

/**
 * Read the command line.
 *
 * @throws {UsageError} that says what is wrong and how to mend it
 */
export function readCommand(args: readonly string[]): Command {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true });
  const folders: string[] = [];
  let port = 6006;
  let open = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") folders.push(token.value);
    else if (token.name === "help") return { do: "help" };
    else if (token.name === "version") return { do: "version" };
    else if (token.name === "open") open = true;
    else if (token.name === "port") port = portOf(token.value);
    // TensorBoard's way of saying it.
    else if (token.name === "logdir" && token.value) folders.push(token.value);
    else throw new UsageError(`There is no option ${token.rawName}. There are --port N, --open, --version and --help.`);
  }
  const [logDir, another] = folders;
  if (logDir === undefined) {
    throw new UsageError("Which folder? Say where the runs are: npx @anneal/board runs/. --help tells more.");
  }
  if (another !== undefined) {
    throw new UsageError(
      `One folder at a time, and there are ${folders.join(", ")}. Give the one above them; the page has a filter for runs.`,
    );
  }
  return { do: "serve", logDir, port, open };
}

function portOf(text = ""): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(
    `--port ${text === "" ? "has no value" : `is "${text}"`}. Give it a whole number from 0 to 65535; 0 is any free port.`,
  );
}
