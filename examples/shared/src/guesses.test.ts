import { expect, it } from "vitest";
import { classTable, shareOfEqual } from "./guesses.ts";

it("counts what was recognised, class by class, and names what each was taken for, the most frequent first", () => {
  const truth = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2];
  const guesses = [0, 0, 2, 1, 2, 3, 4, 1, 0, 2];
  const names = (label: number): string => ["ant", "bee", "cow", "dog", "eel"][label] ?? "";
  expect(classTable(truth, guesses, names)).toMatchInlineSnapshot(`
    "class  images  right  accuracy    taken for
    ───────────────────────────────────────────
      ant       7      2    28.6 %  cow bee dog
      bee       2      1    50.0 %          ant
      cow       1      1   100.0 %"
  `);
  expect(shareOfEqual(guesses, truth)).toBe(0.4);
});
