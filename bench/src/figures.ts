import type { ContestantId } from "./family.ts";
import { formatRatio, threeDigits } from "./report/units.ts";
import type { Results } from "./results.ts";

/** A figure the project promises, and how to read it off the results. */
export interface Figure {
  readonly what: string;
  readonly required: string;
  /** Null where something it needs was not measured. */
  readonly measure: (results: Results) => number | null;
  readonly reached: (value: number) => boolean;
  readonly format: (value: number) => string;
}

export interface CheckedFigure {
  readonly what: string;
  readonly required: string;
  readonly value: number | null;
  readonly measured: string;
  /** Null where it was not measured. */
  readonly reached: boolean | null;
}

const timesFaster = (
  what: string,
  least: number,
  caseId: string,
  contestant: ContestantId,
  other: ContestantId,
): Figure => ({
  what,
  required: `at least ${formatRatio(least)}`,
  measure: (results) => results.speedup(caseId, contestant, other),
  reached: (value) => value >= least,
  format: formatRatio,
});

const percent = (what: string, least: number, measure: Figure["measure"]): Figure => ({
  what,
  required: `at least ${least} %`,
  measure,
  reached: (value) => value >= least,
  format: (value) => `${value.toFixed(1)} %`,
});

const timesAsLong = (what: string, most: number, measure: Figure["measure"]): Figure => ({
  what,
  required: `at most ${formatRatio(most)}`,
  measure,
  reached: (value) => value <= most,
  format: formatRatio,
});

const units = { ms: 1e-3, µs: 1e-6 };

const atMost = (
  what: string,
  most: number,
  unit: keyof typeof units,
  measure: (results: Results) => number | null,
): Figure => ({
  what,
  required: `under ${most} ${unit}`,
  measure: (results) => ratioOf(measure(results), units[unit]),
  reached: (value) => value < most,
  format: (value) => `${threeDigits(value)} ${unit}`,
});

/** Work per second of one case relative to another's. */
function relativeSpeed(
  results: Results,
  fast: Sized,
  slow: Sized,
  contestants: readonly [ContestantId, ContestantId],
): number | null {
  const [a, b] = [results.seconds(fast.id, contestants[0]), results.seconds(slow.id, contestants[1])];
  return a === null || b === null ? null : (100 * (fast.work / a)) / (slow.work / b);
}

interface Sized {
  readonly id: string;
  readonly work: number;
}

const ratioOf = (over: number | null, under: number | null): number | null =>
  over === null || under === null ? null : over / under;

const difference = (after: number | null, before: number | null): number | null =>
  after === null || before === null ? null : after - before;

/** All figures that are promised. `flopsOf` gives the work of one run of a case. */
export function promisedFigures(flopsOf: (caseId: string) => number): readonly Figure[] {
  const sized = (id: string): Sized => ({ id, work: flopsOf(id) });
  const ofPeak = (id: string): Figure =>
    percent(`${id}, one thread, of a pure multiply-add loop`, 80, (results) =>
      relativeSpeed(results, sized(id), sized("multiply-add loop"), ["anneal-1", "yardstick"]),
    );
  const of512 = (id: string): Figure =>
    percent(`${id}, one thread, of the speed of matmul 512`, 90, (results) =>
      relativeSpeed(results, sized(id), sized("matmul 512"), ["anneal-1", "anneal-1"]),
    );
  const ours = (results: Results, id: string, name: string): number | null => results.value(id, "anneal-1", name);
  const loop = "scoped training loop";
  const conv = "conv 3x3 16->32 on 8x16x32x32";
  return [
    timesFaster("matmul 512, one thread, over tfjs wasm", 1.4, "matmul 512", "anneal-1", "tfjs-wasm-1"),
    timesFaster("matmul 1024, one thread, over tfjs wasm", 1.4, "matmul 1024", "anneal-1", "tfjs-wasm-1"),
    ofPeak("matmul 512"),
    ofPeak("matmul 1024"),
    of512("matmul 511"),
    of512("matmul 512x512x510"),
    of512("matmul 512, a transposed"),
    of512("matmul 512, b transposed"),
    of512("matmul 512, both transposed"),
    timesFaster("matmul 1024, two threads over one", 1.7, "matmul 1024", "anneal-2", "anneal-1"),
    timesFaster("MLP step, one thread, over jax-js in its jit", 1.6, "MLP step", "anneal-1", "jax-jit"),
    timesFaster("MLP step, one thread, over PyTorch", 0.5, "MLP step", "anneal-1", "torch-1"),
    timesFaster("MLP step, two threads over one", 1.5, "MLP step", "anneal-2", "anneal-1"),
    timesFaster(
      "conv 16->32, forward and both gradients, over jax-js eager",
      20,
      `${conv}, forward and both gradients`,
      "anneal-1",
      "jax",
    ),
    timesFaster("conv 16->32, forward, over tfjs wasm", 1.2, `${conv}, forward`, "anneal-1", "tfjs-wasm-1"),
    timesFaster("ResNet step, one thread, over PyTorch", 0.5, "ResNet step", "anneal-1", "torch-1"),
    timesFaster("ResNet step, two threads, over PyTorch", 0.5, "ResNet step", "anneal-2", "torch-2"),
    ...["Adam, 10 M in 1 tensor", "Adam, 10 M in 10 tensors"].flatMap((id) => [
      timesFaster(`${id}, one thread, over PyTorch`, 1, id, "anneal-1", "torch-1"),
      timesFaster(`${id}, two threads, over PyTorch`, 1, id, "anneal-2", "torch-2"),
    ]),
    // More passes than one would move at least twice the bytes.
    timesAsLong("Adam, 10 M in 1 tensor, next to a copy of the bytes that one pass moves", 1.5, (results) =>
      ratioOf(
        results.seconds("Adam, 10 M in 1 tensor", "anneal-1"),
        results.seconds("copy of the bytes of one pass", "yardstick"),
      ),
    ),
    timesAsLong("Adam, 10 M in 1 Float32Array, next to 1 tensor, one thread", 1.5, (results) =>
      ratioOf(
        results.seconds("Adam, 10 M in 1 Float32Array", "anneal-1"),
        results.seconds("Adam, 10 M in 1 tensor", "anneal-1"),
      ),
    ),
    atMost("Adam, 1,000 small tensors", 1, "ms", (results) => results.seconds("Adam, 1,000 small tensors", "anneal-1")),
    atMost("CosineAnnealingLR, 100 groups", 10, "µs", (results) =>
      results.seconds("CosineAnnealingLR, 100 groups", "anneal-1"),
    ),
    // A million scalars a second, of which each holds the caller up for a microsecond.
    atMost("10,000 scalars to a file", 10, "ms", (results) => results.seconds("10,000 scalars", "anneal-1")),
    atMost("histogram of 1 M values", 15, "ms", (results) => results.seconds("histogram of 1 M values", "anneal-1")),
    {
      what: "Adam step, bytes of device memory taken beyond what it holds",
      required: "0",
      measure: (results) => ours(results, "Adam step", "bytes taken"),
      reached: (value) => value === 0,
      format: String,
    },
    timesAsLong("chain of five ops over 10 M, next to one copy of the same bytes", 1.5, (results) =>
      ratioOf(results.seconds("chain of five ops, 10 M", "anneal-1"), results.seconds("copy of 10 M", "yardstick")),
    ),
    {
      what: "scoped training loop, tensors more after step 1,000 than after step 10",
      required: "0",
      measure: (results) =>
        difference(ours(results, loop, "tensors after step 1000"), ours(results, loop, "tensors after step 10")),
      reached: (value) => value === 0,
      format: String,
    },
    {
      what: "scoped training loop, bytes more after step 1,000 than after step 10",
      required: "0",
      measure: (results) =>
        difference(ours(results, loop, "bytes after step 1000"), ours(results, loop, "bytes after step 10")),
      reached: (value) => value === 0,
      format: String,
    },
    {
      what: "scoped training loop, growth of the process from step 100 to step 1,000, without room for garbage",
      // Code that the engine compiles again, and pages it gives back late.
      required: "flat: at most 4 MB",
      measure: (results) =>
        difference(
          ours(results, loop, "process MB in use after step 1000"),
          ours(results, loop, "process MB in use after step 100"),
        ),
      reached: (value) => value <= 4,
      format: (value) => `${value.toFixed(1)} MB`,
    },
    // Of each format: its save and its load beside plain files of the same bytes, and what they take beyond the tensors.
    ...["safetensors, 1 GB", "pt, 1 GB"].flatMap((id): Figure[] => [
      percent(`${id}, save, of the speed of a plain write`, 80, (results) => ours(results, id, "save, % of its speed")),
      percent(`${id}, load, of the speed of a plain read`, 80, (results) => ours(results, id, "load, % of its speed")),
      ...["save", "load"].map((what) => ({
        what: `${id}, ${what}, peak of memory beyond the tensors`,
        required: "under 100 MB",
        measure: (results: Results) => ours(results, id, `${what}, MB of memory beyond the tensors`),
        reached: (value: number) => value < 100,
        format: (value: number) => `${value.toFixed(0)} MB`,
      })),
    ]),
    atMost("safetensors, 1 GB, one tensor of 4 MiB", 5, "ms", (results) => {
      const ms = ours(results, "safetensors, 1 GB", "one tensor of 4 MiB, ms");
      return ms === null ? null : ms / 1000;
    }),
    {
      what: "background save, 1 GB, how long a training loop is held up, of the save's time",
      required: "under 5 %",
      measure: (results) => ours(results, "background save, 1 GB", "loop held up, % of the save"),
      reached: (value) => value < 5,
      format: (value) => `${value.toFixed(1)} %`,
    },
    atMost("cold start: import to first 64x64 product", 60, "ms", (results) =>
      results.seconds("cold start", "anneal-1"),
    ),
    percent("digits, test accuracy with the default seed", 98, (results) => ours(results, "digits", "test accuracy %")),
    {
      what: "digits, difference of the final losses of two runs with one seed",
      required: "0",
      measure: (results) =>
        difference(ours(results, "digits", "final loss, second run"), ours(results, "digits", "final loss")),
      reached: (value) => value === 0,
      format: String,
    },
    percent("MNIST 8,000/2,000, test accuracy after 5 epochs", 97.8, (results) =>
      ours(results, "MNIST, 5 epochs", "test accuracy %"),
    ),
  ];
}

/** Every figure against what was measured. */
export function checkFigures(figures: readonly Figure[], results: Results): CheckedFigure[] {
  return figures.map(({ what, required, measure, reached, format }) => {
    const value = measure(results);
    return {
      what,
      required,
      value,
      measured: value === null ? "not measured" : format(value),
      reached: value === null ? null : reached(value),
    };
  });
}
