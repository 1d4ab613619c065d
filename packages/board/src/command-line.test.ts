import { describe, expect, it } from "vitest";
import { help, readCommand } from "./command-line.ts";

describe("the command line", () => {
  it("takes a folder, and TensorBoard's way of naming it", () => {
    expect(readCommand(["runs/"])).toEqual({ do: "serve", logDir: "runs/", port: 6006, open: false });
    expect(readCommand(["--logdir=runs", "--port", "0", "--open"])).toEqual({
      do: "serve",
      logDir: "runs",
      port: 0,
      open: true,
    });
    expect(readCommand(["--logdir", "runs"])).toMatchObject({ logDir: "runs" });
  });

  it("asks for help and the version", () => {
    expect([readCommand(["--help"]), readCommand(["runs", "-h"]), readCommand(["--version"])]).toEqual([
      { do: "help" },
      { do: "help" },
      { do: "version" },
    ]);
    expect(help).toContain("--port");
  });

  it("says what is wrong and how to mend it", () => {
    expect(() => readCommand([])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: Which folder? Say where the runs are: npx @anneal/board runs/. --help tells more.]`,
    );
    expect(() => readCommand(["a", "b"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: One folder at a time, and there are a, b. Give the one above them; the page has a filter for runs.]`,
    );
    expect(() => readCommand(["runs", "--prot", "1"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: There is no option --prot. There are --port N, --open, --version and --help.]`,
    );
    expect(() => readCommand(["runs", "--port"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: --port has no value. Give it a whole number from 0 to 65535; 0 is any free port.]`,
    );
    expect(() => readCommand(["runs", "--port", "80x"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: --port is "80x". Give it a whole number from 0 to 65535; 0 is any free port.]`,
    );
    expect(() => readCommand(["runs", "--port", "65536"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: --port is "65536". Give it a whole number from 0 to 65535; 0 is any free port.]`,
    );
  });
});
