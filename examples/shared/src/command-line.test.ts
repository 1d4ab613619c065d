import { describe, expect, it } from "vitest";
import { folder, helpText, positiveNumber, readFlags, toggle, wholeNumber } from "./command-line.ts";

const flags = {
  count: wholeNumber("how many (3)", { least: 1, most: 9 }),
  rate: positiveNumber("how fast (0.5)", 0.5),
  data: folder("where the files are,\nall of them", "the folder of the files"),
  "dry-run": toggle("only say what would be done"),
};

describe("a command line", () => {
  it("gives the values of what is there, and null for help", () => {
    expect(readFlags([], flags)).toEqual({});
    expect(readFlags(["--rate", "1e-2", "--dry-run", "--count=2", "--data", "a b"], flags)).toEqual({
      rate: 0.01,
      "dry-run": true,
      count: 2,
      data: "a b",
    });
    expect(readFlags(["--count", "1", "--help"], flags)).toBeNull();
  });

  it("says what is wrong and how to mend it", () => {
    const wrong = [["--count", "10"], ["--rate", "0"], ["--data="], ["--dry-run=yes"], ["--dry-run", "yes"], ["--dry"]];
    const said = wrong.map((args) => {
      try {
        return readFlags(args, flags);
      } catch (error) {
        return `${args.join(" ")}: ${String(error)}`;
      }
    });
    expect(said).toMatchInlineSnapshot(`
      [
        "--count 10: UsageError: --count is "10". Give it a whole number from 1 to 9.",
        "--rate 0: UsageError: --rate is "0". Give it a number above 0, such as 0.5.",
        "--data=: UsageError: --data has no value. Give it the folder of the files.",
        "--dry-run=yes: UsageError: --dry-run is "yes". Give it no value.",
        "--dry-run yes: UsageError: "yes" belongs to no option. Give options as --name value; --help lists them.",
        "--dry: UsageError: There is no option --dry. Did you mean --dry-run? --help lists what there is.",
      ]
    `);
  });

  it("lists its options with what they are for", () => {
    expect(helpText("Does something.", "npm run it -- [options]", flags)).toMatchInlineSnapshot(`
      "Does something.

        npm run it -- [options]

        --count N    how many (3)
        --rate X     how fast (0.5)
        --data DIR   where the files are,
                     all of them
        --dry-run    only say what would be done
        --help       this list"
    `);
  });
});
