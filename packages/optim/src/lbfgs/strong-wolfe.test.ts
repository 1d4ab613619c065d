import { describe, expect, it } from "vitest";
import { cubicInterpolate, type LinePoint } from "./cubic-interpolate.ts";
import { strongWolfe } from "./strong-wolfe.ts";

type Line = (t: number) => LinePoint;

/** a (t - 1)² (t + 2) + 5: a minimum at 1, a maximum at -1. */
const cubic: Line = (t) => ({ t, f: (t - 1) ** 2 * (t + 2) + 5, slope: 3 * (t - 1) * (t + 1) });

describe("cubicInterpolate", () => {
  it("finds the minimum of a cubic from any two points, in either order", () => {
    for (const [a, b] of [
      [0, 2],
      [-0.5, 0.5],
      [1.5, 3],
    ] as const) {
      const bounds = [-10, 10] as const;
      expect(cubicInterpolate(cubic(a), cubic(b), bounds)).toBeCloseTo(1, 14);
      expect(cubicInterpolate(cubic(b), cubic(a), bounds)).toBe(cubicInterpolate(cubic(a), cubic(b), bounds));
    }
  });

  it("stays within its bounds, by default the points", () => {
    expect(cubicInterpolate(cubic(1.5), cubic(3))).toBe(1.5);
    expect(cubicInterpolate(cubic(0), cubic(0.5), [0.6, 0.8])).toBe(0.8);
  });

  it("takes the middle where there is no minimum", () => {
    // t³ + t rises everywhere.
    const rising: Line = (t) => ({ t, f: t ** 3 + t, slope: 3 * t ** 2 + 1 });
    expect(cubicInterpolate(rising(0), rising(4))).toBe(2);
    expect(cubicInterpolate(cubic(0), { t: 1, f: Number.NaN, slope: 0 })).toBe(0.5);
  });
});

describe("strongWolfe", () => {
  const limits = { largest: 1, toleranceChange: 1e-9, maxTries: 25 };
  const lines: Record<string, Line> = {
    "a parabola": (t) => ({ t, f: (t - 3) ** 2, slope: 2 * (t - 3) }),
    // Moré and Thuente 1994, test function 1 with β = 2: a long flat tail behind the minimum.
    "a valley with a flat tail": (t) => ({ t, f: -t / (t * t + 2), slope: (t * t - 2) / (t * t + 2) ** 2 }),
    // And their function 2 with β = 0.004: a steep valley far out.
    "a steep valley": (t) => ({
      t,
      f: (t + 0.004) ** 5 - 2 * (t + 0.004) ** 4,
      slope: 5 * (t + 0.004) ** 4 - 8 * (t + 0.004) ** 3,
    }),
    "ripples on a slope": (t) => ({
      t,
      f: (t * t) / 20 - Math.sin(5 * t) / 5 - t / 2,
      slope: t / 10 - Math.cos(5 * t) - 1 / 2,
    }),
  };

  it.each(Object.entries(lines).flatMap(([name, line]) => [1e-3, 0.1, 1, 10].map((t) => ({ name, line, t }))))(
    "finds a point of $name that fulfils its conditions, from a first step of $t",
    async ({ line, t }) => {
      const start = line(0);
      const found = await strongWolfe(start, { ...limits, t }, async (at) => line(at));
      expect(found.f).toBeLessThanOrEqual(start.f + 1e-4 * found.t * start.slope);
      expect(Math.abs(found.slope)).toBeLessThanOrEqual(-0.9 * start.slope);
    },
  );

  it("gives the best point when its tries run out", async () => {
    const line = lines["a parabola"] as Line;
    const tried: LinePoint[] = [];
    const found = await strongWolfe(line(0), { ...limits, t: 1e-6, maxTries: 2 }, async (t) => {
      tried.push(line(t));
      return line(t);
    });
    expect(tried).toHaveLength(3);
    expect(found).toEqual(tried.at(-1));
    // Steps lengthen ten times at most.
    tried.forEach(({ t }, k) => void expect(t / 10 ** (k - 6)).toBeCloseTo(1, 14));
  });

  it("says which points it has done with", async () => {
    const line = lines["ripples on a slope"] as Line;
    let live: LinePoint[] = [line(0)];
    const found = await strongWolfe(line(0), { ...limits, t: 0.01 }, async (t, kept) => {
      live = live.filter((point) => kept.includes(point) || point.t === 0);
      live.push(line(t));
      expect(live.length).toBeLessThanOrEqual(3);
      return live.at(-1) as LinePoint;
    });
    expect(live).toContain(found);
  });
});
