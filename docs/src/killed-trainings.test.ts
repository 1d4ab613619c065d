// A real process, a real training, SIGKILL at any moment: nothing may be lost but the time since the last checkpoint.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPt } from "@anneal/checkpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = join(import.meta.dirname, "testing", "training-to-kill.ts");
const steps = 300;

/** In ms: every save waits for the disk, and a busy one takes its time. */
const slowDisk = 300_000;

let folder = "";
let expected: unknown;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "anneal-killed-"));
  const whole = join(folder, "whole");
  await live(whole);
  expected = await lastOf(whole);
  expect((expected as { losses: unknown }).losses).toHaveLength(steps);
}, slowDisk);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Life {
  readonly wasKilled: boolean;
  readonly out: string;
  readonly err: string;
}

/**
 * Run the training in `directory`.
 *
 * @param kill - a moment to kill it: so many ms after it has begun, or after its third save has
 */
function live(directory: string, kill?: { readonly after: "begins" | "saves"; readonly ms: number }): Promise<Life> {
  const child = spawn(process.execPath, ["--conditions=@anneal/source", program, directory, String(steps)]);
  let [out, err] = ["", ""];
  let isAimed = false;
  child.stdout.on("data", (chunk) => {
    out += chunk;
    const isTime = kill?.after === "begins" ? out.includes("begins") : out.split("saves").length > 3;
    if (!kill || isAimed || !isTime) return;
    isAimed = true;
    setTimeout(() => child.kill("SIGKILL"), kill.ms);
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) =>
    child.on("close", (_, signal) => resolve({ wasKilled: signal === "SIGKILL", out, err })),
  );
}

const checkpointsIn = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => /^checkpoint-\d+\.pt$/.test(name))
    .sort();

const lastOf = (directory: string): Promise<unknown> =>
  loadPt(join(directory, checkpointsIn(directory).at(-1) ?? "none"));

/** Trains with a kill again and again. @returns what the trainings ended with, how many kills there were, and how many tore a file */
async function killAgainAndAgain(
  name: string,
  kills: number,
): Promise<{ ends: unknown[]; killed: number; torn: number }> {
  const ends: unknown[] = [];
  let [killed, torn] = [0, 0];
  for (let run = 0; killed < kills; run++) {
    const directory = join(folder, `${name}-${run}`);
    mkdirSync(directory);
    for (let isOver = false; !isOver; ) {
      // Half of them anywhere, half of them around a save, which takes a few ms.
      const isAnywhere = Math.random() < 0.5;
      const moment = { after: isAnywhere ? "begins" : "saves", ms: Math.random() * (isAnywhere ? 150 : 8) } as const;
      const { wasKilled, err } = await live(directory, killed < kills ? moment : undefined);
      expect(err).toBe("");
      killed += Number(wasKilled);
      torn += Number(wasKilled && readdirSync(directory).some((file) => file.endsWith(".tmp")));
      isOver = !wasKilled;
    }
    expect(readdirSync(directory).sort(), "leftovers are cleared up").toEqual(checkpointsIn(directory));
    ends.push(await lastOf(directory));
  }
  return { ends, killed, torn };
}

describe("a training that is killed", () => {
  it(
    "50 times and more, at any moment, ends with the weights, states, losses and order of one that ran through, bit for bit",
    async () => {
      const killed = await Promise.all([killAgainAndAgain("a", 26), killAgainAndAgain("b", 26)]);
      for (const { ends } of killed) for (const end of ends) expect(end).toEqual(expected);
      expect(killed.reduce((sum, each) => sum + each.killed, 0)).toBeGreaterThanOrEqual(50);
      // Or the kills have missed what they were for.
      expect(killed.reduce((sum, each) => sum + each.torn, 0)).toBeGreaterThan(0);
    },
    slowDisk,
  );

  it(
    "goes on from the checkpoint before, and says so, where the newest is torn or was changed on the disk",
    async () => {
      const directory = join(folder, "damaged");
      await live(directory, { after: "saves", ms: 100 });
      const [before = "", newest = ""] = checkpointsIn(directory).slice(-2);
      const whole = readFileSync(join(directory, newest));
      // A bit of a weight; then a file that was not written to its end.
      const changed = Buffer.from(whole);
      const middle = Math.floor(changed.length / 2);
      changed[middle] = (changed[middle] ?? 0) ^ 1;
      for (const [name, damaged] of Object.entries({ changed, torn: whole.subarray(0, middle) })) {
        const copy = join(folder, name);
        cpSync(directory, copy, { recursive: true });
        writeFileSync(join(copy, newest), damaged);
        const { err } = await live(copy);
        expect(err).toContain(`CheckpointManager: ${join(copy, newest)}: `);
        expect(err).toContain(`Going on from ${before}, the one before it.`);
        expect(await lastOf(copy)).toEqual(expected);
      }
    },
    slowDisk,
  );
});
