import { describe, expect, it } from "vitest";
import { hasRelaxedMadd } from "../features.ts";
import { longestBlock } from "../plan.ts";
import { PlanRunner } from "../run-plan.ts";
import { planConv2d } from "./plan-conv2d.ts";
import type { Conv2dSpec } from "./spec.ts";

type Pair = readonly [number, number];

interface Case {
  readonly n?: number;
  readonly groups?: number;
  readonly channels: Pair;
  readonly size: Pair;
  readonly kernel: Pair;
  readonly stride?: Pair;
  readonly dilation?: Pair;
  readonly padding?: Pair;
  /** Below and to the right, where it is not as above and to the left. */
  readonly paddingAfter?: Pair;
}

const kinds = ["forward", "inputGradient", "weightGradient"] as const;

let state = 1;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
}

type Shape = Omit<Conv2dSpec, "kind" | "input" | "weight" | "output">;

function shapeOf(test: Case): Shape {
  const { n = 2, groups = 1, channels, size, kernel, stride = [1, 1], dilation = [1, 1], padding = [0, 0] } = test;
  const { paddingAfter = padding } = test;
  const out = ([0, 1] as const).map((i) =>
    Math.floor((size[i] + padding[i] + paddingAfter[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1),
  ) as [number, number];
  const [height, width] = size;
  const [inChannels, outChannels] = channels;
  const [outHeight, outWidth] = out;
  return { n, groups, inChannels, outChannels, height, width, kernel, stride, padding, dilation, outHeight, outWidth };
}

interface Values {
  readonly input: Float32Array;
  readonly weight: Float32Array;
  readonly output: Float32Array;
}

/** The sum that defines all three, in float64, and the sum of its magnitudes. */
function expected(
  kind: (typeof kinds)[number],
  s: Shape,
  v: Values,
): { sums: Float64Array; sizes: Float64Array; terms: Float64Array } {
  const written = { forward: v.output, inputGradient: v.input, weightGradient: v.weight }[kind];
  const [sums, sizes, terms] = [
    new Float64Array(written.length),
    new Float64Array(written.length),
    new Float64Array(written.length),
  ];
  const [inGroup, outGroup] = [s.inChannels / s.groups, s.outChannels / s.groups];
  const [kh, kw] = s.kernel;
  for (let n = 0; n < s.n; n++)
    for (let o = 0; o < s.outChannels; o++)
      for (let y = 0; y < s.outHeight; y++)
        for (let x = 0; x < s.outWidth; x++)
          for (let i = 0; i < inGroup; i++)
            for (let h = 0; h < kh; h++)
              for (let w = 0; w < kw; w++) {
                const row = y * s.stride[0] + h * s.dilation[0] - s.padding[0];
                const column = x * s.stride[1] + w * s.dilation[1] - s.padding[1];
                if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
                const channel = Math.floor(o / outGroup) * inGroup + i;
                const inputAt = ((n * s.inChannels + channel) * s.height + row) * s.width + column;
                const weightAt = ((o * inGroup + i) * kh + h) * kw + w;
                const outputAt = ((n * s.outChannels + o) * s.outHeight + y) * s.outWidth + x;
                const [a, b, at] = {
                  forward: [v.input[inputAt], v.weight[weightAt], outputAt] as const,
                  inputGradient: [v.output[outputAt], v.weight[weightAt], inputAt] as const,
                  weightGradient: [v.input[inputAt], v.output[outputAt], weightAt] as const,
                }[kind];
                const term = (a as number) * (b as number);
                sums[at] = (sums[at] as number) + term;
                sizes[at] = (sizes[at] as number) + Math.abs(term);
                terms[at] = (terms[at] as number) + 1;
              }
  return { sums, sizes, terms };
}

function check(
  runner: PlanRunner,
  kind: (typeof kinds)[number],
  test: Case,
  cuts?: (items: number) => readonly number[],
): Float32Array {
  const shape = shapeOf(test);
  const filled = (length: number) => new Float32Array(length).map(random);
  const values = {
    input: filled(shape.n * shape.inChannels * shape.height * shape.width),
    weight: filled((shape.outChannels * shape.inChannels * shape.kernel[0] * shape.kernel[1]) / shape.groups),
    output: filled(shape.n * shape.outChannels * shape.outHeight * shape.outWidth),
  };
  const place = (array: Float32Array) => {
    // A guard on both sides: nothing may be written there.
    const guarded = new Float32Array(array.length + 32).fill(Number.NaN);
    guarded.set(array, 16);
    return runner.place(guarded) + 64;
  };
  const addresses = { input: place(values.input), weight: place(values.weight), output: place(values.output) };
  const plan = planConv2d({ kind, ...shape, ...addresses }, { relaxedMadd: runner.target.relaxedMadd });
  for (const step of plan.steps(0))
    if (step.block.length > longestBlock) throw new Error(`block of ${step.block.length} words`);
  runner.run(plan, cuts ? { cuts } : {});

  const name = { forward: "output", inputGradient: "input", weightGradient: "weight" }[kind] as keyof Values;
  const found = new Float32Array(runner.memory.buffer, addresses[name], values[name].length).slice();
  if (cuts) return found; // compared with the uncut one, which has been checked
  const { sums, sizes, terms } = expected(kind, shape, values);
  for (let i = 0; i < found.length; i++) {
    // Each of the roundings, one or two a term and a few where parts are joined, is off by half a unit of a partial sum, never above the
    // sum of magnitudes.
    const bound = ((terms[i] as number) + 8) * 2 ** -24 * (sizes[i] as number) * 1.01;
    const error = Math.abs((found[i] as number) - (sums[i] as number));
    if (!(error <= bound)) {
      throw new Error(
        `${kind} ${JSON.stringify(shape)}: element ${i} is ${found[i]}, expected ${sums[i]} within ${bound}`,
      );
    }
  }
  for (const key of ["input", "weight", "output"] as const) {
    const all = new Float32Array(runner.memory.buffer, addresses[key] - 64, values[key].length + 32);
    for (let i = 0; i < 16; i++) {
      if (!Number.isNaN(all[i]) || !Number.isNaN(all[all.length - 1 - i])) {
        throw new Error(`${kind} ${JSON.stringify(shape)}: wrote around ${key}`);
      }
    }
  }
  return found;
}

const cases: Case[] = [
  // The plain ones, rows of every length
  ...[1, 2, 3, 4, 5, 7, 8, 9, 11, 16].map(
    (width): Case => ({ channels: [3, 7], size: [5, width], kernel: [3, 3], padding: [1, 1] }),
  ),
  ...[3, 4, 6, 8, 10].map((width): Case => ({ channels: [2, 5], size: [4, width], kernel: [3, 3] })),
  ...[1, 4, 6, 13].map((channels): Case => ({ channels: [channels, 9], size: [6, 6], kernel: [1, 1] })),
  ...[1, 3, 5, 12].map(
    (channels): Case => ({ channels: [5, channels], size: [8, 8], kernel: [2, 3], padding: [1, 0] }),
  ),
  { channels: [4, 6], size: [8, 8], kernel: [1, 1], padding: [1, 2] },
  { channels: [2, 3], size: [9, 9], kernel: [5, 5], padding: [2, 2] },
  { channels: [2, 3], size: [9, 12], kernel: [7, 7], padding: [3, 3] },
  { channels: [2, 3], size: [3, 3], kernel: [3, 3], padding: [4, 5] },
  // Strides
  ...[1, 2, 3, 4, 5].flatMap((stride) =>
    [1, 2, 3, 4].flatMap((kernel) =>
      [0, 1, 2].map(
        (padding): Case => ({
          n: 1,
          channels: [2, 3],
          size: [9, 11],
          kernel: [kernel, kernel],
          stride: [stride, stride],
          padding: [padding, padding],
        }),
      ),
    ),
  ),
  { channels: [3, 8], size: [32, 32], kernel: [7, 7], stride: [2, 2], padding: [3, 3] },
  { channels: [3, 8], size: [12, 18], kernel: [3, 5], stride: [1, 3], padding: [1, 2] },
  { n: 1, channels: [3, 4], size: [16, 16], kernel: [8, 8], stride: [8, 8] },
  // Dilation, with and without stride
  ...[2, 3].flatMap((dilation) =>
    [1, 2, 3, 4].map(
      (stride): Case => ({
        channels: [2, 3],
        size: [11, 13],
        kernel: [3, 3],
        dilation: [dilation, dilation],
        stride: [stride, stride],
        padding: [2, 1],
      }),
    ),
  ),
  // Groups
  { groups: 2, channels: [4, 6], size: [6, 7], kernel: [3, 3], padding: [1, 1] },
  { groups: 3, channels: [6, 9], size: [6, 8], kernel: [3, 3], padding: [1, 1], stride: [2, 2] },
  { groups: 5, channels: [5, 5], size: [6, 7], kernel: [3, 3], padding: [1, 1] },
  { groups: 5, channels: [5, 10], size: [6, 7], kernel: [5, 5], padding: [2, 2], stride: [2, 1] },
  { groups: 4, channels: [8, 4], size: [7, 7], kernel: [1, 1] },
  // Padding on one side, and cropping
  { channels: [2, 3], size: [6, 7], kernel: [2, 2], padding: [0, 0], paddingAfter: [1, 1] },
  { channels: [2, 3], size: [7, 7], kernel: [3, 3], padding: [2, 0], paddingAfter: [0, 3], stride: [2, 2] },
  { channels: [2, 3], size: [8, 9], kernel: [3, 3], padding: [-1, -2], paddingAfter: [1, -1] },
  // One dimension
  { channels: [3, 4], size: [1, 50], kernel: [1, 9], padding: [0, 4] },
  { channels: [3, 4], size: [1, 50], kernel: [1, 4], padding: [0, 0], stride: [1, 4], dilation: [1, 3] },
  // Several blocks of channels, of pixels, of k; several strips; several copies
  { n: 1, channels: [40, 50], size: [12, 12], kernel: [3, 3], padding: [1, 1] },
  { n: 1, channels: [100, 8], size: [6, 6], kernel: [3, 3], padding: [1, 1] },
  { n: 1, channels: [3, 5], size: [50, 40], kernel: [3, 3], padding: [1, 1] },
  { n: 9, channels: [3, 5], size: [17, 16], kernel: [3, 3], padding: [1, 1] },
  { n: 5, channels: [20, 3], size: [60, 61], kernel: [2, 2] },
  { n: 2, channels: [5, 4], size: [40, 50], kernel: [1, 1] },
];

const halves = (items: number) => [0, items >> 1, items];
const each = (items: number) => Array.from({ length: items + 1 }, (_, i) => i);

for (const relaxedMadd of hasRelaxedMadd() ? [true, false] : [false]) {
  for (const shared of [false, true]) {
    describe(`planConv2d, ${relaxedMadd ? "relaxed madd" : "mul and add"}, ${shared ? "shared" : "unshared"} memory`, () => {
      it.each(kinds)("%s follows its definition", (kind) => {
        const runner = new PlanRunner({ bytes: 1 << 27, shared, relaxedMadd });
        for (const [i, test] of cases.entries()) if (!shared || i % 3 === 0) check(runner, kind, test);
      });

      it.each(kinds)("%s gives the same bits however the work is cut", (kind) => {
        const runner = new PlanRunner({ bytes: 1 << 27, shared, relaxedMadd });
        for (const test of cases.slice(-8)) {
          const bits = (cuts?: (items: number) => readonly number[]) => {
            state = 11;
            return check(runner, kind, test, cuts);
          };
          const once = bits();
          expect(bits(halves)).toEqual(once);
          expect(bits(each)).toEqual(once);
        }
      });
    });
  }
}

describe("planConv2d", () => {
  it.each(kinds)("%s over nothing is zero, or nothing", (kind) => {
    const runner = new PlanRunner({ bytes: 1 << 20 });
    check(runner, kind, { n: 0, channels: [2, 3], size: [4, 4], kernel: [3, 3] });
    check(runner, kind, { channels: [2, 3], size: [2, 2], kernel: [3, 3] });
    check(runner, kind, { channels: [0, 3], size: [4, 4], kernel: [3, 3] });
  });
});
