import { spawn } from "node:child_process";

/** How a program ended, and what it printed. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * A program as a user runs it.
 *
 * @param seen - gets what it has printed so far, and a way to send it a signal
 */
export function runProgram(
  main: string,
  args: readonly string[],
  seen?: (out: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Run> {
  const child = spawn(process.execPath, ["--conditions=@anneal/source", main, ...args]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
    seen?.(out, (signal) => child.kill(signal));
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

/** The number in the pattern's first group. */
export const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
