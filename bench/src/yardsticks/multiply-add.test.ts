import { expect, it } from "vitest";
import { moduleBytes, multiplyAddFlops, multiplyAddLoop } from "./multiply-add.ts";

async function total(relaxed: boolean, loops: number): Promise<number> {
  const { instance } = await WebAssembly.instantiate(moduleBytes(relaxed));
  return (instance.exports.run as (loops: number, x: number, y: number) => number)(loops, 0.5, 0.25);
}

it("does every multiply-add it is timed for, in two steps", async () => {
  // s -> s * 0.5 + 0.25 from 0: 0.25, 0.375, 0.4375; twelve sums. All exact in float32.
  expect(await total(false, 3)).toBe(12 * 0.4375);
});

it.runIf(WebAssembly.validate(moduleBytes(true)))("does every multiply-add it is timed for, fused", async () => {
  // s -> 0.5 * 0.25 + s: 0.375 after three loops.
  expect(await total(true, 3)).toBe(12 * 0.375);
});

it("runs", async () => {
  const run = await multiplyAddLoop();
  run();
  expect(multiplyAddFlops).toBe(100_000 * 12 * 4 * 2);
});
