import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";

const program = join(import.meta.dirname, "cli.ts");

function start(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ["--conditions=@anneal/source", program, ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What a program has said when a line of it matches. */
function said(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (pattern.test(output)) resolve(output);
    });
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("exit", () => reject(new Error(`it ended and said: ${output}`)));
  });
}

/** A program's end: its exit code and what it said. */
function ended(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("the program", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(import.meta.dirname, "../page/build-page.ts")]);
  });

  it("prints the address, serves the page, and ends well by Ctrl-C", async () => {
    const folder = temporaryFolder();
    const child = start(folder, "--port", "0");
    const output = await said(child, /Ctrl-C/);
    expect(output).toMatch(/^Board of .*: http:\/\/127\.0\.0\.1:\d+\/ {2}\(Ctrl-C ends it\)\n$/);
    const url = /http:\S+/.exec(output)?.[0] ?? "";
    expect(await (await fetch(url)).text()).toContain("<title>Anneal board</title>");
    expect(await (await fetch(`${url}page.js`)).text()).toContain("/api/catalog");
    const end = ended(child);
    child.kill("SIGINT");
    expect((await end).code).toBe(0);
  });

  it("says which port it took instead of one that is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const output = await said(start(temporaryFolder(), `--port=${port}`), /Ctrl-C/);
    expect(output).toContain(`Port ${port} is taken, so the board has the next free one.`);
  });

  it("says what is wrong with the folder, without a stack", async () => {
    expect(await ended(start("/nowhere/runs"))).toMatchInlineSnapshot(`
      {
        "code": 2,
        "output": "There is no folder /nowhere/runs. Give the folder that your SummaryWriter writes to, or one above it.
      ",
      }
    `);
    expect((await ended(start())).output).toMatchInlineSnapshot(`
      "Which folder? Say where the runs are: npx @anneal/board runs/. --help tells more.
      "
    `);
  });
});
