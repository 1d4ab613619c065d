import { expect, it } from "vitest";
import type { ContestantId } from "./family.ts";
import { checkFigures, promisedFigures } from "./figures.ts";
import { Results } from "./results.ts";

function check(times: readonly (readonly [string, ContestantId, number])[]): Record<string, unknown> {
  const results = new Results();
  for (const [caseId, contestant, seconds] of times) results.add({ case: caseId, contestant, seconds, runs: 1 });
  const checked = checkFigures(
    promisedFigures((id) => (id === "matmul 511" ? 511 ** 3 : 512 ** 3)),
    results,
  );
  return Object.fromEntries(
    checked.filter(({ reached }) => reached !== null).map(({ what, measured, reached }) => [what, [measured, reached]]),
  );
}

it("compares times as how many times faster ours is", () => {
  const times = [
    ["matmul 1024", "anneal-1", 2],
    ["matmul 1024", "tfjs-wasm-1", 3],
    ["matmul 1024", "anneal-2", 1.25],
  ] as const;
  expect(check(times)).toEqual({
    "matmul 1024, one thread, over tfjs wasm": ["1.50x", true],
    "matmul 1024, two threads over one": ["1.60x", false],
  });
});

it("compares different sizes by the work they do in a second", () => {
  const times = [
    ["matmul 512", "anneal-1", 1],
    ["matmul 511", "anneal-1", 1],
    ["multiply-add loop", "yardstick", 0.75],
  ] as const;
  expect(check(times)).toEqual({
    "matmul 511, one thread, of the speed of matmul 512": ["99.4 %", true],
    "matmul 512, one thread, of a pure multiply-add loop": ["75.0 %", false],
  });
});

it("takes the median over the rounds, and has nothing to say where a figure lacks a measurement", () => {
  const times = [3, 1, 2].map((seconds) => ["cold start", "anneal-1", seconds / 100] as const);
  expect(check(times)).toEqual({ "cold start: import to first 64x64 product": ["20.0 ms", true] });
});
