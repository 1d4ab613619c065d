import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Probe, ProbedFamily } from "../family.ts";
import { median } from "../median.ts";
import { peakMemory } from "../peak-memory.ts";
import { settleMemory } from "../settle-memory.ts";
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

/** With the CRC of every byte, which plain files have none of. */
const pt: Format = {
  name: "pt",
  save: async (model, path) => (await import("@anneal/checkpoint")).savePt(Object.fromEntries(model), path),
  load: async (path) => (await import("@anneal/checkpoint")).loadPt(path),
};

const formats: readonly Format[] = [safetensors, pt];

function makeModel(count: number): Model {
  const size = SHAPE[0] * SHAPE[1];
  const numbers = (i: number): Float32Array => new Float32Array(size).fill(i + 1);
  return new Map(Array.from({ length: count }, (_, i) => [`layers.${i}.weight`, { shape: SHAPE, data: numbers(i) }]));
}

/** Seconds that some work takes, in a process without garbage. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  await settleMemory();
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Median seconds of both. Each goes first as often as the other: a disk is still busy with what was written last. */
async function inTurn(
  ours: () => Promise<unknown>,
  plain: () => Promise<unknown>,
): Promise<{ ours: number; plain: number }> {
  const [ofOurs, ofPlain]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) ofPlain.push(await secondsOf(plain));
    ofOurs.push(await secondsOf(ours));
    if (round % 2 === 1) ofPlain.push(await secondsOf(plain));
  }
  return { ours: median(ofOurs), plain: median(ofPlain) };
}

/** Ours and plain files in turn, on one disk, both safe on it before the clock stops; reading, both from the system's cache. */
async function compare(format: Format, count: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "anneal-bench-"));
  const [path, plainPath] = [join(folder, `model.${format.name}`), join(folder, "plain")];
  const [save, load] = [(model: Model) => format.save(model, path), () => format.load(path)];
  try {
    const model = makeModel(count);
    const pieces = [...model.values()].map(({ data }) => new Uint8Array(data.buffer));
    const megabytes = pieces.reduce((sum, piece) => sum + piece.length, 0) / 2 ** 20;
    const written = await inTurn(
      () => save(model),
      () => writePlainly(plainPath, pieces),
    );
    const read = await inTurn(load, () => readPlainly(plainPath));
    const ones: number[] = [];
    for (let i = 0; format.loadOne && i < 20; i++) {
      const name = `layers.${(i * 7) % count}.weight`;
      ones.push(await secondsOf(() => format.loadOne?.(path, name) ?? Promise.resolve()));
    }
    return {
      "plain write, MB/s": megabytes / written.plain,
      "save, % of its speed": (100 * written.plain) / written.ours,
      "save, MB of memory beyond the tensors": await peakMemory(() => save(model)),
      "plain read, MB/s": megabytes / read.plain,
      "load, % of its speed": (100 * read.plain) / read.ours,
      "load, MB of memory beyond the tensors": (await peakMemory(load)) - megabytes,
      ...(format.loadOne && { "one tensor of 4 MiB, ms": 1000 * median(ones) }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A loop of steps of about 10 ms, while a manager saves in the background: how long the loop does not step. */
async function stall(count: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "anneal-bench-"));
  try {
    const { CheckpointManager } = await import("@anneal/checkpoint");
    const manager = new CheckpointManager({ directory: folder, keepLast: 1, everyMinutes: 1000 });
    const model = makeModel(count);
    const state = { model: { stateDict: () => model, loadStateDict() {} } };
    const copies: number[] = [];
    const saves: { readonly blocked: number; readonly whole: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await manager.save(state);
      const copied = performance.now();
      let isWritten = false;
      const written = manager.idle().then(() => {
        isWritten = true;
      });
      let between = 0;
      while (!isWritten) {
        burn(10);
        const stepped = performance.now();
        await manager.step(state);
        between += performance.now() - stepped;
      }
      await written;
      copies.push(copied - start);
      saves.push({ blocked: copied - start + between, whole: performance.now() - start });
    }
    // The first fills memory that the system has yet to hand out.
    const [first = Number.NaN, ...later] = copies;
    const shares = saves.slice(1).map(({ blocked, whole }) => (100 * blocked) / whole);
    return {
      "first copy, ms": first,
      "later copies, ms": median(later),
      "whole save, s": median(saves.map(({ whole }) => whole / 1000)),
      "loop held up, % of the save": median(shares),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function burn(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
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
  probes: [
    ...formats.map(probeOf),
    { id: "background save, 1 GB", probe: ({ quick }) => stall(quick ? TENSORS / 5 : TENSORS) },
  ],
};
