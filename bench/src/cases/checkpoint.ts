import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Probe, ProbedFamily } from "../family.ts";
import { median } from "../median.ts";
import { type Watched, watch } from "../peak-memory.ts";
import { readPlainly, writePlainly } from "../yardsticks/plain-files.ts";

/** What is written and read: 4 MiB each, 1 GB together. */
const TENSORS = 250;
const SHAPE = [1024, 1024] as const;
const ROUNDS = 6;

type Model = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** A format of the package. */
interface Format {
  /** Names it in the tables, and is the end of its files' names. */
  readonly name: string;
  readonly save: (model: Model, path: string) => Promise<unknown>;
  /** Gives what keeps the tensors in memory. */
  readonly load: (path: string) => Promise<unknown>;
  /** Open the file, read one tensor, close it. */
  readonly loadOne?: (path: string, name: string) => Promise<unknown>;
}

const safetensors: Format = {
  name: "safetensors",
  save: async (model, path) => (await import("@anneal/checkpoint")).saveSafetensors(model, path),
  load: async (path) => (await import("@anneal/checkpoint")).loadSafetensors(path),
  async loadOne(path, name) {
    await using file = await (await import("@anneal/checkpoint")).openSafetensors(path);
    return (await file.get(name)).data;
  },
};

const formats: readonly Format[] = [safetensors];

function makeModel(count: number): Model {
  const size = SHAPE[0] * SHAPE[1];
  const numbers = (i: number): Float32Array => new Float32Array(size).fill(i + 1);
  return new Map(Array.from({ length: count }, (_, i) => [`layers.${i}.weight`, { shape: SHAPE, data: numbers(i) }]));
}

const secondsOf = (runs: readonly Watched[]): number => median(runs.map(({ seconds }) => seconds));

/** Each goes first as often as the other: a disk is still busy with what was written last. */
async function inTurn(ours: () => Promise<unknown>, plain: () => Promise<unknown>): Promise<[Watched[], Watched[]]> {
  const [ofOurs, ofPlain]: [Watched[], Watched[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) ofPlain.push(await watch(plain));
    ofOurs.push(await watch(ours));
    if (round % 2 === 1) ofPlain.push(await watch(plain));
  }
  return [ofOurs, ofPlain];
}

/** Ours and plain files in turn, on one disk, both safe on it before the clock stops; reading, both from the system's cache. */
async function compare(format: Format, count: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "anneal-bench-"));
  const [path, plainPath] = [join(folder, `model.${format.name}`), join(folder, "plain")];
  try {
    const model = makeModel(count);
    const pieces = [...model.values()].map(({ data }) => new Uint8Array(data.buffer));
    const [saves, writes] = await inTurn(
      () => format.save(model, path),
      () => writePlainly(plainPath, pieces),
    );
    const [loads, reads] = await inTurn(
      () => format.load(path),
      () => readPlainly(plainPath),
    );
    const ones: Watched[] = [];
    for (let i = 0; format.loadOne && i < 20; i++) {
      const name = `layers.${(i * 7) % count}.weight`;
      ones.push(await watch(() => format.loadOne?.(path, name) ?? Promise.resolve()));
    }
    const megabytes = pieces.reduce((sum, piece) => sum + piece.length, 0) / 2 ** 20;
    const most = (runs: readonly Watched[]): number => Math.max(...runs.map((run) => run.megabytes));
    return {
      "plain write, MB/s": megabytes / secondsOf(writes),
      "save, % of its speed": (100 * secondsOf(writes)) / secondsOf(saves),
      "save, MB of memory beyond the tensors": most(saves),
      "plain read, MB/s": megabytes / secondsOf(reads),
      "load, % of its speed": (100 * secondsOf(reads)) / secondsOf(loads),
      "load, MB of memory beyond the tensors": most(loads) - megabytes,
      ...(format.loadOne && { "one tensor of 4 MiB, ms": 1000 * secondsOf(ones) }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const probeOf = (format: Format): Probe => ({
  id: `${format.name}, 1 GB`,
  probe: ({ quick }) => compare(format, quick ? TENSORS / 5 : TENSORS),
});

/** Checkpoints beside plain files of the same bytes. */
export const checkpointFamily: ProbedFamily = {
  kind: "probed",
  name: "checkpoint",
  title: "Checkpoints: 1 GB of float32 in 250 tensors, beside plain files of the same bytes",
  probes: formats.map(probeOf),
};
