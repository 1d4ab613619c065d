import { expect, it } from "vitest";
import { chart } from "./chart.ts";

const format = (value: number): string => value.toFixed(1);

it("has the largest number at the top and the first epoch at the left; the first curve hides the second", () => {
  const curves = [
    { name: "a", mark: "●", values: [4, 3, 2, 1, 0] },
    { name: "b", mark: "○", values: [0, 1, 2, 3, 4] },
  ];
  expect(chart("loss", curves, { format, height: 5 })).toMatchInlineSnapshot(`
    "loss   ● a   ○ b
    4.0 ┤ ●               ○
        │     ●       ○
    2.0 ┤         ●
        │     ○       ●
    0.0 ┤ ○               ●
        └──────────────────
          1               5"
  `);
});

it("brings many epochs nearer to each other, so that they fit", () => {
  const values = Array.from({ length: 200 }, (_, i) => i);
  const lines = chart("rise", [{ name: "a", mark: "●", values }], { format, columns: 40 }).split("\n");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  expect(lines.at(-1)).toMatch(/ 1 +200$/);
});

it("copes with a single epoch, with equal numbers, and with numbers that are none", () => {
  expect(chart("loss", [{ name: "a", mark: "●", values: [2] }], { format, height: 3 })).toMatchInlineSnapshot(`
    "loss   ● a
    2.0 ┤ ●
        │
        │
        └──
          1"
  `);
  expect(
    chart("loss", [{ name: "a", mark: "●", values: [1, Number.NaN, 2] }], { format, height: 3 }),
  ).toMatchInlineSnapshot(`
    "loss   ● a
    2.0 ┤         ●
    1.5 ┤
    1.0 ┤ ●
        └──────────
          1       3"
  `);
  expect(chart("loss", [{ name: "a", mark: "●", values: [Number.NaN] }], { format, height: 3 })).toMatchInlineSnapshot(`
    "loss   ● a
     │
     │
     │
     └──
       1"
  `);
});
