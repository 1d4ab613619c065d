import { readFileSync } from "node:fs";
import { manualSeed } from "@anneal/tensor";
import { describe, expect, it } from "vitest";
import { build, type Spec } from "../test/vectors.ts";

interface Moments {
  readonly mean: number;
  readonly std: number;
  readonly kurtosis: number;
  readonly min: number;
  readonly max: number;
}

interface Drawn {
  /** Drawn for each parameter, about. */
  readonly numbers: number;
  readonly cases: readonly {
    readonly layer: Spec;
    readonly parameters: Readonly<Record<string, Moments & { readonly shape: readonly number[] }>>;
  }[];
}

// ../reference/families/initial.py draws them with PyTorch.
const { numbers, cases }: Drawn = JSON.parse(
  readFileSync(new URL("../reference/initial.json", import.meta.url), "utf8"),
);

function momentsOf(values: readonly number[]): Moments {
  const average = (of: (x: number) => number) => values.reduce((sum, x) => sum + of(x), 0) / values.length;
  const mean = average((x) => x);
  const std = Math.sqrt(average((x) => (x - mean) ** 2));
  const kurtosis = std > 0 ? average((x) => (x - mean) ** 4) / std ** 4 : 0;
  const [min, max] = values.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [Infinity, -Infinity]);
  return { mean, std, kurtosis, min: min as number, max: max as number };
}

describe("Layers start from PyTorch's distributions:", () => {
  it.each(cases.map(({ layer, parameters }) => [JSON.stringify(layer), layer, parameters] as const))(
    "%s",
    (_, layer, parameters) => {
      manualSeed(0);
      const drawn = new Map<string, number[]>(Object.keys(parameters).map((name) => [name, []]));
      const wanted = (name: string) => numbers - (drawn.get(name)?.length ?? 0) > 0;
      while ([...drawn.keys()].some(wanted)) {
        const found = [...build(layer, "float32").namedParameters()];
        expect(found.map(([name, { shape }]) => [name, shape])).toEqual(
          Object.entries(parameters).map(([name, { shape }]) => [name, shape]),
        );
        for (const [name, parameter] of found) {
          if (wanted(name)) drawn.get(name)?.push(...Array.from(parameter.dataSync(), Number));
        }
      }
      for (const [name, theirs] of Object.entries(parameters)) {
        const ours = momentsOf(drawn.get(name) as number[]);
        // Of n numbers the mean strays by std / √n, the deviation by at most 0.4 % and the kurtosis by 0.025 (normal numbers; less for uniform
        // ones): six times that, for two samples, is never met by chance. What is constant is the same.
        const slack = (6 * Math.SQRT2 * theirs.std) / Math.sqrt(numbers);
        expect(Math.abs(ours.mean - theirs.mean), `mean of ${name}`).toBeLessThanOrEqual(slack);
        expect(Math.abs(ours.std - theirs.std), `deviation of ${name}`).toBeLessThanOrEqual(0.03 * theirs.std);
        expect(Math.abs(ours.kurtosis - theirs.kurtosis), `kurtosis of ${name}`).toBeLessThanOrEqual(0.25);
        if (theirs.kurtosis > 2.5) continue;
        // Uniform numbers come within a thousandth of their bounds, and never over them.
        expect(Math.abs(ours.max - theirs.max), `bound of ${name}`).toBeLessThanOrEqual(2e-3 * theirs.std);
        expect(Math.abs(ours.min - theirs.min), `bound of ${name}`).toBeLessThanOrEqual(2e-3 * theirs.std);
      }
    },
  );
});
