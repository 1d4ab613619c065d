import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { picture } from "../../reference/draw.ts";
import { plainOptimizer } from "../../test/scheduler-suite.ts";
import { cosineAnnealingLR } from "../cosine-annealing-lr.ts";
import { StepLR } from "../step-lr.ts";
import { linearAxis, logAxis, stepAxis } from "./axes.ts";
import { plotSchedule } from "./plot-schedule.ts";

const cosine = cosineAnnealingLR({ lr: 0.1, tMax: 10 });
const twoGroups = () => new StepLR(plainOptimizer([0.05, 0.5]), { stepSize: 3 });

/** The points of each drawn line, which are the wide ones. */
const linesIn = (svg: string): string[] =>
  [...svg.matchAll(/<path d="(M[^"]*)"[^>]*stroke-width="2"/g)].map(([, d = ""]) => d);
const textsIn = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) => text);

describe("the axes", () => {
  it("have round numbers, and room for every rate", () => {
    expect(linearAxis([0.013, 0.07], 6).ticks).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
    expect(linearAxis([0.1], 5).ticks).toEqual([0, 0.02, 0.04, 0.06, 0.08, 0.1]);
    expect(linearAxis([-3, 5], 4).ticks).toEqual([-4, -2, 0, 2, 4, 6]);
    expect(linearAxis([0, 0], 2).ticks).toEqual([0, 0.5]);
    expect(logAxis([0, 0.003, 0.1]).ticks).toEqual([0.001, 0.01, 0.1]);
    expect(logAxis([1]).ticks).toEqual([1, 10]);
    expect(stepAxis(110, 8).ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(stepAxis(3, 8).ticks).toEqual([0, 1, 2, 3]);
  });

  it("place a value by its part of the way", () => {
    expect([0, 2.5, 5].map(linearAxis([5], 5).place)).toEqual([0, 0.5, 1]);
    expect([0.01, 0.1, 1].map(logAxis([0.01, 1]).place)).toEqual([0, 0.5, 1]);
    expect(logAxis([0.01, 1]).place(0)).toBeNaN();
  });
});

describe("plotSchedule in characters", () => {
  it("draws one line in braille", () => {
    expect(
      `\n${plotSchedule(cosine, { steps: 20, format: "text", width: 44, height: 7, title: "cosine" })}\n`,
    ).toMatchInlineSnapshot(`
      "
      cosine
       0.1 ┤⠉⠒⠒⣄⣀                            ⣀⣀⠖⠒⠉
           │     ⠧⠤⡀                       ⡤⠤⠃
           │       ⠓⢢                    ⢰⠒⠁
      0.05 ┤        ⠸⠤⢄                ⢠⠤⠜
           │          ⠸⠤⢄            ⢠⠤⠜
           │            ⠘⠒⢢        ⢰⠒⠊
         0 ┤              ⠈⠉⠦⠤⣀⣀⠤⠤⠋⠁
           └──────────────────────────────────────
            0        5        10       15       20
      "
    `);
  });

  it("draws several with marks, one for each parameter group", () => {
    expect(
      `\n${plotSchedule({ steps: twoGroups(), cosine }, { steps: 10, format: "text", width: 44, height: 7 })}\n`,
    ).toMatchInlineSnapshot(`
      "
      ● steps group 0   ○ steps group 1   ■ cosine
      0.6 ┤
          │○○○○○○○○○○
      0.4 ┤          ○
          │          ○
      0.2 ┤          ○
          │■■■■■■■■■■■■■■■■■■
        0 ┤●●●●●●●●●●○○○○○○○○■■■■■■■■■■■■■■■■■■■■■
          └───────────────────────────────────────
           0       2      4       6      8      10
      "
    `);
  });

  it("is as wide as it should be at most", () => {
    const lines = plotSchedule(cosine, { steps: 1000, format: "text", width: 60, height: 5 }).split("\n");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
  });
});

describe("plotSchedule as SVG", () => {
  it("draws a straight line straight, from axis to axis", () => {
    const [line = ""] = linesIn(plotSchedule((step) => step / 10, { steps: 10, width: 600 }));
    const points = line
      .slice(1)
      .split("L")
      .map((point) => point.split(" ").map(Number));
    expect(points.length).toBe(11);
    const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [points[0], points.at(-1)];
    for (const [k, [x = 0, y = 0]] of points.entries()) {
      // Coordinates are rounded to a tenth of a pixel.
      expect(Math.abs(x - (x0 + ((x1 - x0) * k) / 10))).toBeLessThanOrEqual(0.1);
      expect(Math.abs(y - (y0 + ((y1 - y0) * k) / 10))).toBeLessThanOrEqual(0.1);
    }
    expect(x1).toBe(576);
  });

  it("writes the title, the axes and a legend, whatever the names are", () => {
    const svg = plotSchedule({ "a & <b>": cosine, steps: twoGroups() }, { steps: 10, title: '"Rates"' });
    expect(textsIn(svg)).toEqual([
      "&#34;Rates&#34;",
      "a &#38; &#60;b&#62;",
      "steps group 0",
      "steps group 1",
      ...["0", "0.1", "0.2", "0.3", "0.4", "0.5"],
      ...["0", "2", "4", "6", "8", "10"],
      "step",
      "learning rate",
    ]);
    expect(linesIn(svg).length).toBe(3);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 640 320"/);
  });

  it("leaves a gap where a logarithmic axis has no place", () => {
    const [line = ""] = linesIn(plotSchedule((step) => (step === 2 ? 0 : 0.1), { steps: 4, logScale: true }));
    expect(line.match(/[ML]/g)).toEqual(["M", "L", "M", "L"]);
  });

  it("draws no more points than can be seen", () => {
    const [line = ""] = linesIn(plotSchedule(cosine, { steps: 1e6, width: 200 }));
    expect(line.match(/[ML]/g)?.length).toBe(401);
  });

  it("draws the picture of the README", () => {
    expect(picture()).toBe(readFileSync(new URL("../../schedules.svg", import.meta.url), "utf8"));
  });
});

describe("plotSchedule", () => {
  it("leaves schedulers as they are", () => {
    const scheduler = twoGroups();
    const before = structuredClone([scheduler.stateDict(), scheduler.optimizer.paramGroups]);
    plotSchedule(scheduler, { steps: 10 });
    expect([scheduler.stateDict(), scheduler.optimizer.paramGroups]).toEqual(before);
  });

  it("refuses what it cannot draw", () => {
    expect(() => plotSchedule({}, { steps: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: plotSchedule: schedules must be some that have rates to show, got 0.]`,
    );
    expect(() => plotSchedule(() => Number.NaN, { steps: 5 })).toThrow("schedules must be");
    expect(() => plotSchedule(() => 0, { steps: 5, logScale: true })).toThrow("schedules must be");
    expect(() => plotSchedule(cosine, { steps: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: plotSchedule: steps must be a whole number from 1 up, got 0.]`,
    );
    expect(() =>
      Reflect.apply(plotSchedule, null, [cosine, { steps: 9, heigth: 3 }]),
    ).toThrowErrorMatchingInlineSnapshot(`[OptionError: plotSchedule: no option heigth. Did you mean height?]`);
  });
});
