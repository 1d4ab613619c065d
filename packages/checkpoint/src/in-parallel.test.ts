import { expect, it } from "vitest";
import { inParallel } from "./in-parallel.ts";

it("does everything, and never more than the limit at a time", async () => {
  let [now, most, done] = [0, 0, 0];
  await inParallel(Array.from({ length: 10 }), 3, async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now--;
    done++;
  });
  expect([done, most]).toEqual([10, 3]);
});

it("begins nothing after a failure, and throws it when all has ended", async () => {
  const [begun, ended]: [number[], number[]] = [[], []];
  const doing = inParallel([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error("the first");
    await new Promise((resolve) => setTimeout(resolve, 5));
    ended.push(item);
  });
  await expect(doing).rejects.toThrow("the first");
  expect([begun, ended]).toEqual([[1, 2], [2]]);
});
