import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Event } from "../protos/messages.ts";
import { readEvents } from "../records/read-events.ts";
import { SummaryWriter } from "../summary-writer.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "summary-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function eventsIn(directory: string): Promise<Event[][]> {
  const files: Event[][] = [];
  for (const name of readdirSync(directory).filter((each) => each.includes("tfevents"))) {
    const events: Event[] = [];
    for await (const event of readEvents(join(directory, name))) events.push(event);
    files.push(events);
  }
  return files;
}

const stepsOf = (events: readonly Event[] | undefined): (number | string)[] =>
  events?.map(({ step, fileVersion, sessionLog }) => fileVersion ?? (sessionLog ? `START ${step}` : step)) ?? [];

/** Runs a program that has SummaryWriter and the folder. */
function run(program: string): ReturnType<typeof spawnSync> {
  const path = join(folder, "program.ts");
  const source = new URL("../summary-writer.ts", import.meta.url);
  writeFileSync(
    path,
    `import { SummaryWriter } from ${JSON.stringify(source)};\nconst folder = ${JSON.stringify(folder)};\n${program}`,
  );
  return spawnSync(process.execPath, [path], { encoding: "utf8" });
}

describe("the files of a SummaryWriter", () => {
  it("are named as PyTorch's, and there at once with their first record", async () => {
    const writer = new SummaryWriter(folder, { filenameSuffix: ".mine" });
    const [name = ""] = readdirSync(folder);
    const pattern = /^events\.out\.tfevents\.(\d{10})\.(.+)\.(\d+)\.(\d+)\.mine$/;
    const [, seconds, host, pid] = pattern.exec(name) ?? [];
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
    expect([host, pid]).toEqual([hostname(), String(process.pid)]);
    const [events] = await eventsIn(folder);
    expect(events?.[0]).toEqual({
      wallTime: expect.closeTo(Date.now() / 1000, -2),
      step: 0,
      fileVersion: "brain.Event:2",
      sourceMetadata: { writer: "tensorboard.summary.writer.event_file_writer" },
    });
    await writer.close();
  });

  it("are in PyTorch's default directory", () => {
    const result = run(`
      process.chdir(folder);
      const writer = new SummaryWriter(undefined, { comment: "-lr0.1" });
      console.log(writer.logDir);
    `);
    const logDir = String(result.stdout).trim();
    expect(logDir).toMatch(/^runs\/[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_.+-lr0\.1$/);
    expect(existsSync(join(folder, logDir))).toBe(true);
  });

  it("may be asked for by URL", async () => {
    const writer = new SummaryWriter(pathToFileURL(join(folder, "with space")));
    await writer.close();
    expect(readdirSync(join(folder, "with space"))).toHaveLength(1);
  });

  it("are never shared by two writers", async () => {
    const writers = Array.from({ length: 20 }, () => new SummaryWriter(folder));
    await Promise.all(writers.map((writer) => writer.close()));
    expect(readdirSync(folder)).toHaveLength(20);
  });

  it("have a START at step 0 in a new run, and no other", async () => {
    await new SummaryWriter(folder).close();
    expect((await eventsIn(folder)).map(stepsOf)).toEqual([["brain.Event:2", "START 0"]]);
    await new SummaryWriter(folder).close();
    expect((await eventsIn(folder)).map(stepsOf)).toContainEqual(["brain.Event:2"]);
  });

  it("have PyTorch's two events of purgeStep, once", async () => {
    const writer = new SummaryWriter(folder, { purgeStep: 7.5 });
    writer.addScalar("a", 1, 8);
    await writer.close();
    writer.addScalar("a", 1, 9);
    await writer.close();
    expect((await eventsIn(folder)).map(stepsOf)).toEqual([
      ["brain.Event:2", "brain.Event:2", "START 7", 8],
      ["brain.Event:2", 9],
    ]);
  });

  it("go on in a new one after close", async () => {
    const writer = new SummaryWriter(folder);
    writer.addScalar("a", 1, 1);
    await writer.close();
    await writer.close();
    writer.addScalar("a", 2, 2);
    await writer.close();
    expect((await eventsIn(folder)).map(stepsOf)).toEqual([
      ["brain.Event:2", "START 0", 1],
      ["brain.Event:2", 2],
    ]);
  });

  it("are complete after using and await using", async () => {
    {
      await using writer = new SummaryWriter(join(folder, "a"));
      writer.addScalar("a", { shape: [1], data: () => Promise.resolve([1]) }, 1);
    }
    {
      using writer = new SummaryWriter(join(folder, "b"));
      writer.addScalar("a", 1, 1);
    }
    expect((await eventsIn(join(folder, "a"))).map(stepsOf)).toEqual([["brain.Event:2", "START 0", 1]]);
    expect((await eventsIn(join(folder, "b"))).map(stepsOf)).toEqual([["brain.Event:2", "START 0", 1]]);
  });

  it("take what the user's buffer was at the call", async () => {
    const writer = new SummaryWriter(folder);
    const values = Float32Array.of(1, 2);
    writer.addTensor("t", { shape: [1], data: () => Promise.resolve([0]) }, 0);
    writer.addTensor("t", values, 1);
    values.fill(9);
    await writer.close();
    const [events] = await eventsIn(folder);
    expect(events?.at(-1)?.summary?.value[0]?.tensor?.floatVal).toEqual([1, 2]);
  });
});

describe("a process that ends", () => {
  const adds = `
    const writer = new SummaryWriter(folder + "/run", { maxQueue: 4 });
    for (let step = 0; step < 11; step++) writer.addScalar("a", step, step);
  `;
  const all = ["brain.Event:2", "START 0", ...Array.from({ length: 11 }, (_, i) => i)];

  it.each([
    ["by itself", ""],
    ["by process.exit", "process.exit(3)"],
    ["by an error", 'throw new Error("crash")'],
    ["by a rejection", 'await Promise.reject(new Error("crash"))'],
  ])("%s has written all that was added", async (_, end) => {
    run(`${adds}\n${end}`);
    expect((await eventsIn(join(folder, "run"))).map(stepsOf)).toEqual([all]);
  });

  it("by a kill has lost less than maxQueue events, and nothing is torn", async () => {
    const result = run(
      `${adds}\nprocess.kill(process.pid, "SIGKILL");\nawait new Promise(() => setInterval(() => {}, 1000));`,
    );
    expect(result.signal).toBe("SIGKILL");
    const [events] = await eventsIn(join(folder, "run"));
    const kept = stepsOf(events);
    expect(kept).toEqual(all.slice(0, kept.length));
    expect(all.length - kept.length).toBeLessThan(4);
  });

  it("is not kept alive by a writer", () => {
    const began = Date.now();
    expect(run(`${adds}\nwriter.addScalar("b", 1);`).status).toBe(0);
    expect(Date.now() - began).toBeLessThan(30_000);
  });
});

it("says which directory cannot be made", () => {
  writeFileSync(join(folder, "file"), "");
  const logDir = join(folder, "file", "run");
  expect(() => new SummaryWriter(logDir)).toThrow(
    `SummaryWriter: no directory ${logDir} could be made. Give a logDir below one that may be written to.`,
  );
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("");
});
