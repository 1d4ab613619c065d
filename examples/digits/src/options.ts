import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly seed: number;
  /** As many as the machine has where it is not given. */
  readonly threads?: number;
  /** A folder of IDX files, instead of the digits that come with `@anneal/data`. */
  readonly mnist?: string;
}

/** Something on the command line is wrong. */
export class UsageError extends Error {
  override name = "UsageError";
}

interface Flag {
  readonly value: string;
  readonly about: string;
  readonly fits: (value: number) => boolean;
  readonly wanted: string;
}

const largest = Number.MAX_SAFE_INTEGER;

const whole = (least: number, most = largest) => ({
  fits: (value: number) => Number.isSafeInteger(value) && value >= least && value <= most,
  wanted: most === largest ? `a whole number from ${least} on` : `a whole number from ${least} to ${most}`,
});

const flags = {
  epochs: { value: "N", about: "rounds over the training images (15; 5 with --mnist)", ...whole(1) },
  "batch-size": { value: "N", about: "images in a step (64)", ...whole(1) },
  lr: {
    value: "X",
    about: "learning rate at the start; falls to 0 along a cosine (0.002)",
    fits: (value: number) => Number.isFinite(value) && value > 0,
    wanted: "a number above 0, such as 0.002",
  },
  seed: {
    value: "N",
    about: "where weights, order and dropout come from (0)",
    ...whole(0),
    wanted: "a whole number from 0 to 2^53 - 1",
  },
  threads: { value: "N", about: "threads that compute (as many as the machine has, at most 8)", ...whole(1, 64) },
} satisfies Record<string, Flag>;

export const help = `Trains a small convolutional network on handwritten digits and shows what it learned.

  npm start -- [options]

${Object.entries(flags)
  .map(([name, { value, about }]) => line(`--${name} ${value}`, about))
  .join("\n")}
${line("--mnist DIR", "MNIST, or anything else in its IDX files (gzipped or not), instead")}
${line("", "of the 1,797 digits of 8x8 pixels that come with @anneal/data")}
${line("--help", "this list")}`;

function line(option: string, about: string): string {
  return `  ${option.padEnd(16)} ${about}`;
}

/**
 * Read the command line.
 *
 * @returns null if it asks for help
 * @throws {UsageError} that says what is wrong and how to mend it
 */
export function readOptions(args: string[]): Options | null {
  const names = [...Object.keys(flags), "mnist", "help"];
  const known = Object.fromEntries(
    names.map((name) => [name, { type: name === "help" ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({ args, options: known, strict: false, tokens: true });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      throw new UsageError(`"${token.value}" belongs to no option. Give options as --name value; --help lists them.`);
    }
    const { name, rawName, value } = token;
    if (!names.includes(name) || !rawName.startsWith("--")) {
      const near = names.find((each) => each.startsWith(name) || name.startsWith(each));
      throw new UsageError(
        `There is no option ${rawName}. ${near ? `Did you mean --${near}? ` : ""}--help lists what there is.`,
      );
    }
    if (name === "help") return null;
    if (given.has(name)) throw new UsageError(`--${name} is there twice. Give it once.`);
    given.set(name, value ?? "");
  }
  const number = (name: keyof typeof flags, otherwise: number): number => {
    const text = given.get(name);
    if (text === undefined) return otherwise;
    const { fits, wanted } = flags[name];
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!fits(value)) {
      throw new UsageError(`--${name} ${text === "" ? "has no value" : `is "${text}"`}. Give it ${wanted}.`);
    }
    return value;
  };
  const mnist = given.get("mnist");
  if (mnist === "") throw new UsageError("--mnist has no value. Give it the folder that holds the IDX files.");
  return {
    epochs: number("epochs", mnist === undefined ? 15 : 5),
    batchSize: number("batch-size", 64),
    lr: number("lr", 2e-3),
    seed: number("seed", 0),
    ...(given.has("threads") && { threads: number("threads", 1) }),
    ...(mnist !== undefined && { mnist }),
  };
}
