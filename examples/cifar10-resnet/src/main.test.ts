import { join } from "node:path";
import { numberIn, runProgram } from "@anneal/examples-shared/testing";
import { describe, expect, it } from "vitest";
import { cifarFile, folderOf } from "./testing/synthetic-files.ts";

const run = runProgram.bind(null, join(import.meta.dirname, "main.ts"));
const data = (count = 40): string =>
  folderOf({ "data_batch_1.bin": cifarFile(count, 1), "test_batch.bin": cifarFile(20, 2) });

describe("the example", () => {
  it("trains, follows, and shows what was learned", async () => {
    const { code, out, err } = await run(["--data", data(), "--epochs", "2", "--batch-size", "10"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^CIFAR-10 in .*: 40 images to learn from, 20 to be tested with\.\n/);
    expect(out.match(/^epoch \d\/2 {2}loss \d\.\d+ {2}accuracy .* % {2}test .* % {2}lr 0\.\d+ .* s$/gm)).toHaveLength(
      2,
    );
    expect(out).toMatch(/^loss .*\n.*┤/m);
    expect(out).toMatch(/^accuracy {3}● training images {3}○ test images\n/m);
    expect(out).toMatch(/^ *airplane +2 +\d/m);
    expect(numberIn(out, /^test accuracy (\S+) %, \d+ of 20, after \d+ s$/m)).toBeGreaterThanOrEqual(0);
    expect(out).not.toContain("\x1b");
  });

  it("goes the same way whatever the number of threads", async () => {
    const args = ["--data", data(), "--epochs", "2", "--batch-size", "20", "--threads"];
    const [one, two] = await Promise.all(["1", "2"].map((threads) => run([...args, threads])));
    const epochs = (out = ""): string[] => out.match(/^epoch .* lr \d\.\d+/gm) ?? [];
    expect(epochs(one?.out)).toHaveLength(2);
    expect(epochs(two?.out)).toEqual(epochs(one?.out));
  });

  it("shows what a leaked eval mode does, with the library's warning and where it comes from", async () => {
    const { code, out, err } = await run([
      ...["--data", data(), "--epochs", "3", "--batch-size", "10", "--demonstrate-mode-bug"],
    ]);
    expect(code).toBe(0);
    // At the first step of the second epoch, and not again: of the first training there is none.
    expect(err.match(/ResNet is in eval mode.*mode-bug\.ts:\d+:\d+.*evaluate\(model, fn\)/g)).toHaveLength(1);
    const epochs = [...out.matchAll(/^epoch (\d)\/3 {2}loss (\d\.\d+)/gm)].map(([, epoch, loss]) => [epoch, loss]);
    expect(epochs.map(([epoch]) => epoch)).toEqual(["1", "2", "3", "1", "2", "3"]);
    const losses = epochs.map(([, loss]) => loss);
    expect(losses[3]).toBe(losses[0]);
    expect(losses.slice(4)).not.toEqual(losses.slice(1, 3));
    expect(out).toMatch(/loss, right {2}loss, leaked {2}test, right {2}test, leaked/);
    expect(out).toMatch(/^test accuracy {3}● right {3}○ leaked eval mode$/m);
  });

  it("lets go at Ctrl-C: no error, exit code 130", async () => {
    let sent = 0;
    const { code, out, err } = await run(["--data", data(100), "--epochs", "1000"], (soFar, kill) => {
      if (sent > 0 || !soFar.includes("epoch    1/1000")) return;
      sent = performance.now();
      kill("SIGINT");
    });
    expect(performance.now() - sent).toBeLessThan(10_000);
    expect({ code, err }).toEqual({ code: 130, err: "" });
    expect(out).toMatch(/stopped in epoch \d+ of 1000\n$/);
  });
});

describe("what cannot be done", () => {
  it("is said in one line, with an exit code for the command line or for the files", async () => {
    const [help, none, option, files] = await Promise.all([
      run(["--help"]),
      run([]),
      run(["--data", "x", "--lr", "0"]),
      run(["--data", folderOf({ "data_batch_1.bin": "<html>" })]),
    ]);
    expect([help.code, help.err]).toEqual([0, ""]);
    expect(help.out).toContain("--demonstrate-mode-bug");
    expect([none.code, none.out]).toEqual([2, ""]);
    expect(none.err).toMatch(
      /^--data DIR is missing: .*cifar-10-binary\.tar\.gz.*www\.cs\.toronto\.edu\/~kriz\/cifar\.html.*\n$/,
    );
    expect([option.code, option.err]).toEqual([2, '--lr is "0". Give it a number above 0, such as 0.002.\n']);
    expect([files.code, files.out]).toEqual([1, ""]);
    expect(files.err).toMatch(/^.*data_batch_1\.bin: is text\. Give a \.bin file of cifar-10-binary\.tar\.gz\.\n$/);
  });
});
