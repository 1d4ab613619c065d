#!/usr/bin/env node
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { OptionError } from "@anneal/summary";
import { help, readCommand, UsageError } from "./command-line.ts";
import { serveBoard } from "./serve-board.ts";

try {
  const command = readCommand(process.argv.slice(2));
  if (command.do === "help") console.log(help);
  else if (command.do === "version") console.log(version());
  else {
    const { logDir, port, open } = command;
    const board = await serveBoard({ logDir, port });
    if (board.portTaken) console.log(`Port ${port} is taken, so the board has the next free one.`);
    console.log(`Board of ${logDir}: ${board.url}  (Ctrl-C ends it)`);
    if (open) openPage(board.url);
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        // A second Ctrl-C ends it at once; the first lets what is being read be closed.
        void board.close().then(() => process.exit(0));
      });
    }
  }
} catch (error) {
  if (!(error instanceof UsageError || error instanceof OptionError)) throw error;
  console.error(error.message.replace(/^serveBoard: t/, "T").replace(/^serveBoard: /, ""));
  process.exitCode = 2;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}

/** Opens the page as the system opens addresses; where it cannot, the address is on the screen. */
function openPage(url: string): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["explorer", url]
        : ["xdg-open", url];
  spawn(program ?? "", args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
