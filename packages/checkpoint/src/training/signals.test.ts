import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryStore } from "../stores/directory-store.ts";
import { CheckpointManager } from "./checkpoint-manager.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "anneal-signals-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Saves nothing by itself within an hour, and never ends. */
const program = (training: string): string => `
import { CheckpointManager } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
const manager = new CheckpointManager({
  directory: ${JSON.stringify(directory)}, everyMinutes: 60, onSignal: ["SIGTERM", "SIGINT"],
});
const part = { stateDict: () => ({ x: new Float32Array(1000).fill(7) }), loadStateDict() {} };
let step = 0;
console.log("begins");
${training}
`;

/** Run the program and send it signals. @returns how it ended */
function run(
  code: string,
  ...signals: NodeJS.Signals[]
): Promise<{ signal: string | null; code: number | null; err: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code]);
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdout.once("data", () => {
    for (const [i, signal] of signals.entries()) setTimeout(() => child.kill(signal), 100 * i);
  });
  return new Promise((resolve) => child.on("close", (exit, signal) => resolve({ signal, code: exit, err })));
}

describe("a signal", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "%s saves at the next step, and then ends the process as it would have",
    async (signal) => {
      // The training itself never leaves the event loop a turn.
      const code = program("for (;;) await manager.step({ part, step: ++step });");
      expect(await run(code, signal)).toEqual({ signal, code: null, err: "" });
      const rest = await new CheckpointManager({ directory }).resume({
        part: { stateDict: () => ({}), loadStateDict() {} },
      });
      expect(rest?.step).toBeGreaterThan(0);
      expect(await directoryStore(directory).list()).toEqual(["checkpoint-00000001.pt"]);
    },
  );

  it("that comes a second time ends the process at once", async () => {
    const code = program("for (;;) await new Promise((resolve) => setTimeout(resolve, 10));");
    expect(await run(code, "SIGTERM", "SIGTERM")).toEqual({ signal: "SIGTERM", code: null, err: "" });
    expect(await directoryStore(directory).list()).toEqual([]);
  });

  it("does what it does elsewhere when the manager is closed", async () => {
    const code = program("setInterval(() => {}, 1000);").replace("console.log", "await manager.close(); console.log");
    expect(await run(code, "SIGTERM")).toEqual({ signal: "SIGTERM", code: null, err: "" });
  });

  it("that came before the end of the training ends the process when the manager is closed", async () => {
    const code = program(
      "await new Promise((resolve) => setTimeout(resolve, 1000)); await manager.close(); setInterval(() => {}, 1000);",
    );
    expect(await run(code, "SIGTERM")).toEqual({ signal: "SIGTERM", code: null, err: "" });
  });

  it("that is waited for keeps no process alive", async () => {
    expect(await run(program(""))).toEqual({ signal: null, code: 0, err: "" });
  });
});
