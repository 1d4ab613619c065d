import { parseArgs } from "node:util";
import type { Contestant } from "./contestants.ts";

export interface Options {
  /** Names of families; null: all. */
  readonly only: readonly string[] | null;
  readonly peers: ReadonlySet<Contestant["peer"]>;
  readonly rounds: number;
  readonly quick: boolean;
  readonly write: boolean;
  readonly mnist: string | null;
  readonly help: boolean;
}

export const helpText = (families: readonly string[]): string => `Speed of Anneal beside its peers, measured in one run.

  pnpm bench [options]

  --only NAMES    families to measure, with commas between: ${families.join(", ")}
  --peers NAMES   peers to measure beside ours: tfjs, jax, torch, or none (default: all; PyTorch if python3 has it)
  --rounds N      rounds over all contestants; the figures are medians over them (default 3)
  --quick         one short round: for a look, not for quoting
  --mnist DIR     folder of MNIST's IDX files, for the accuracy on it
  --write         also put the tables into bench/README.md
  --help          this text

The JSON of the run is in bench/results/latest.json.`;

const peerNames = ["tfjs", "jax", "torch"] as const;

/** @throws {RangeError} for names and numbers that mean nothing here */
export function parseOptions(args: readonly string[], families: readonly string[]): Options {
  const { values } = parseArgs({
    // pnpm hands its own separator on.
    args: args.filter((arg) => arg !== "--"),
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      mnist: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",") ?? null;
  const unknown = only?.find((name) => !families.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`--only: there is no family "${unknown}". Choose from ${families.join(", ")}.`);
  }
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`--rounds: ${values.rounds} is no whole number above 0.`);
  return {
    only,
    peers: new Set<Contestant["peer"]>(["anneal", ...parsePeers(values.peers)]),
    rounds,
    quick: values.quick,
    write: values.write,
    mnist: values.mnist ?? null,
    help: values.help,
  };
}

function parsePeers(names: string | undefined): readonly (typeof peerNames)[number][] {
  if (names === undefined) return peerNames;
  if (names === "none") return [];
  return names.split(",").map((name) => {
    const peer = peerNames.find((known) => known === name);
    if (peer === undefined)
      throw new RangeError(`--peers: there is no peer "${name}". Choose from ${peerNames.join(", ")}, or none.`);
    return peer;
  });
}
