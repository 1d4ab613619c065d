import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberIn, type Run, runProgram } from "@anneal/examples-shared/testing";
import { readEvents } from "@anneal/summary";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "main.ts");
const run = runProgram.bind(null, main);
const finalLoss = ({ out }: Run): string | undefined => /final loss (\S+),/.exec(out)?.[1];

describe("the digits", () => {
  it("are recognised, 98 % and more of those it has never seen, and shown", async () => {
    const { code, out, err } = await run([]);
    expect(err).toBe("");
    expect(code).toBe(0);
    // PyTorch with this network and schedule: 98.9 to 99.7 % over seeds.
    expect(numberIn(out, /test accuracy (\S+) %/)).toBeGreaterThanOrEqual(98);
    expect(out).toMatch(/^epoch {2}1\/15 {2}loss \d/m);
    expect(out.match(/^epoch .* test .* s$/gm)).toHaveLength(15);
    expect(out).toMatch(/class {2}images {2}right {2}accuracy/);
    expect(out).toMatch(/█.*\n[\s\S]*\d ✓/);
    // No colour and no cursor movement where nobody looks.
    expect(out).not.toContain("\x1b");
  });

  it("lead to the same loss with the same seed, bit for bit, whatever the threads, and to another with another", async () => {
    const args = ["--epochs", "1", "--batch-size", "128"];
    const runs = await Promise.all(
      [
        ["--threads", "1"],
        ["--threads", "2"],
        ["--threads", "1", "--seed", "1"],
      ].map((more) => run([...args, ...more])),
    );
    const [one, two, other] = runs.map(finalLoss);
    expect(one).toMatch(/^\d\.\d{10,}$/);
    expect(two).toBe(one);
    expect(other).not.toBe(one);
    for (const { out } of runs) expect(numberIn(out, /test accuracy (\S+) %/)).toBeGreaterThan(50);
  });

  it("let go at Ctrl-C: no error, exit code 130", async () => {
    let sent = 0;
    const { code, out, err } = await run(["--epochs", "1000"], (soFar, kill) => {
      if (sent > 0 || !soFar.includes("epoch    2/1000")) return;
      sent = performance.now();
      kill("SIGINT");
    });
    expect(performance.now() - sent).toBeLessThan(5000);
    expect({ code, err }).toEqual({ code: 130, err: "" });
    expect(out).toMatch(/stopped in epoch \d+ of 1000\n$/);
  });
});

describe("a training that is saved", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "anneal-digits-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const args = (...more: string[]) => ["--epochs", "6", "--batch-size", "128", "--threads", "1", ...more];

  it("and killed goes on to the numbers of one that ran through", async () => {
    const whole = run(args());
    // As soon as there is a checkpoint: the training is an epoch further at most, for it waits with the next one.
    let waiting: NodeJS.Timeout | undefined;
    const killed = await run(args("--checkpoint", folder), (_, kill) => {
      waiting ??= setInterval(() => {
        if (readdirSync(folder).some((name) => name.endsWith(".pt"))) kill("SIGKILL");
      }, 5);
    });
    clearInterval(waiting);
    expect(killed.code).toBeNull();
    const resumed = await run(args("--checkpoint", folder, "--resume"));
    expect(resumed.err).toBe("");
    expect(resumed.out).toMatch(/^Going on after epoch [123], from /m);
    expect(finalLoss(resumed)).toBe(finalLoss(await whole));
    expect(numberIn(resumed.out, /test accuracy (\S+) %/)).toBe(numberIn((await whole).out, /test accuracy (\S+) %/));
    // When all is done, it is only told.
    const again = await run(args("--checkpoint", folder, "--resume"));
    expect(again.out).toMatch(/^Going on after epoch 6, from /m);
    expect(finalLoss(again)).toBe(finalLoss(resumed));
  });

  it("is not mixed with another", async () => {
    const files = ["--checkpoint", folder];
    await run(args("--epochs=1", ...files).slice(2));
    const [anew, other] = await Promise.all([
      run(args(...files)),
      run(args("--lr", "0.1", ...files, "--resume", "--seed", "0")),
    ]);
    expect([anew.code, anew.err]).toEqual([
      2,
      `${folder} has checkpoints. Add --resume to go on from them, or give another folder.\n`,
    ]);
    expect([other.code, other.err]).toEqual([
      2,
      "The training there was begun with --epochs 1. Go on the same way, or begin another in another folder.\n",
    ]);
  });
});

describe("a training that is logged", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "anneal-digits-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The steps of each tag, in the files of a folder. */
  async function stepsIn(logDir: string): Promise<Map<string, number[]>> {
    const steps = new Map<string, number[]>();
    for (const file of readdirSync(logDir).filter((name) => name.includes("tfevents"))) {
      for await (const { step, graphDef, summary } of readEvents(join(logDir, file))) {
        const tags = graphDef ? ["the graph"] : (summary?.value ?? []).map(({ tag }) => tag);
        for (const tag of tags) steps.set(tag, [...(steps.get(tag) ?? []), step]);
      }
    }
    return steps;
  }

  it("has curves, weights, pictures, the graph and hyperparameters, and the same numbers", async () => {
    const args = ["--epochs", "2", "--batch-size", "479", "--threads", "1"];
    const [logged, plain] = await Promise.all([run([...args, "--logdir", folder]), run(args)]);
    expect(logged.err).toBe("");
    expect(finalLoss(logged)).toBe(finalLoss(plain));
    const steps = await stepsIn(folder);
    expect(steps.get("loss/batch")).toEqual([1, 2, 3, 4, 5, 6]);
    expect([steps.get("the graph"), steps.get("input")]).toEqual([[0], [0]]);
    const each = ["loss/epoch", "accuracy/training images", "accuracy/test images", "learning rate", "conv1/weight"];
    for (const tag of [...each, "decide/bias", "feature maps/conv1", "feature maps/conv2", "kernels"]) {
      expect([tag, steps.get(tag)]).toEqual([tag, [3, 6]]);
    }
    expect([...(await stepsIn(join(folder, "hparams"))).keys()]).toEqual(
      expect.arrayContaining(["_hparams_/experiment", "hparam/test accuracy"]),
    );
  });
});

describe("what cannot be done", () => {
  it("is said without a stack, and ends with an exit code for the command line or for the files", async () => {
    const [help, option, files] = await Promise.all([run(["--help"]), run(["--epochs", "0"]), run(["--mnist", main])]);
    expect([help.code, help.err]).toEqual([0, ""]);
    expect(help.out).toContain("--batch-size N");
    expect([option.code, option.out, option.err]).toEqual([
      2,
      "",
      '--epochs is "0". Give it a whole number from 1 on.\n',
    ]);
    expect([files.code, files.out]).toEqual([1, ""]);
    expect(files.err).toBe(`${main}: is no folder. Give the folder that holds the IDX files.\n`);
  });
});
