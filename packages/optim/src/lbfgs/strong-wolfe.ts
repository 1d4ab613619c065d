import { cubicInterpolate, type LinePoint } from "./cubic-interpolate.ts";

/** The loss has fallen by at least this part of what the slope promised (Armijo's condition). */
const sufficientDecrease = 1e-4;
/** The slope has flattened to at most this part of what it was. */
const curvature = 0.9;

export interface SearchLimits {
  /** The first step to try. */
  readonly t: number;
  /** The largest element of the direction: with it a difference in `t` is one in the parameters. */
  readonly largest: number;
  /** The difference in a parameter below which steps are the same. */
  readonly toleranceChange: number;
  /** How many points may be tried after the first. */
  readonly maxTries: number;
}

/**
 * A point along a line at which the strong Wolfe conditions hold: the function has fallen enough, and its slope has flattened. Steps are lengthened
 * until such points lie in between, which are then closed in on, both by cubic interpolation.
 *
 * @param start - where the search starts, at `t` 0, with a falling slope
 * @param probe - the function at `t`; points that are not in `kept` are done with
 * @returns the point, or the best one when tries run out
 * @see Nocedal & Wright, Numerical Optimization, second edition, algorithms 3.5 and 3.6
 */
export async function strongWolfe<Point extends LinePoint>(
  start: Point,
  { t: firstStep, largest, toleranceChange, maxTries }: SearchLimits,
  probe: (t: number, kept: readonly Point[]) => Promise<Point>,
): Promise<Point> {
  const rises = ({ f, t }: Point): boolean => f > start.f + sufficientDecrease * t * start.slope;
  const isFlat = ({ slope }: Point): boolean => Math.abs(slope) <= -curvature * start.slope;

  let tries = 0;
  const bracket = async (): Promise<[Point, Point?]> => {
    let previous = start;
    let current = await probe(firstStep, [start]);
    while (tries < maxTries) {
      if (rises(current) || (tries > 1 && current.f >= previous.f)) return [previous, current];
      if (isFlat(current)) return [current];
      if (current.slope >= 0) return [previous, current];
      const bounds = [current.t + 0.01 * (current.t - previous.t), current.t * 10] as const;
      const t = cubicInterpolate(previous, current, bounds);
      previous = current;
      current = await probe(t, [start, previous]);
      tries++;
    }
    return [start, current];
  };

  const [first, second] = await bracket();
  if (!second) return first;
  const ends: [Point, Point] = [first, second];
  const lower = (): 0 | 1 => (ends[0].f <= ends[1].f ? 0 : 1);
  let low = lower();
  let wasNearEnd = false;
  while (tries < maxTries) {
    const [left, right] = ends.map(({ t }) => t).sort((a, b) => a - b) as [number, number];
    if ((right - left) * largest < toleranceChange) break;
    let t = cubicInterpolate(...ends);
    const margin = 0.1 * (right - left);
    const isNearEnd = Math.min(right - t, t - left) < margin;
    const makesNoProgress: boolean = isNearEnd && (wasNearEnd || t >= right || t <= left);
    if (makesNoProgress) t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
    wasNearEnd = isNearEnd && !makesNoProgress;

    const current = await probe(t, ends);
    tries++;
    const high = low === 0 ? 1 : 0;
    if (rises(current) || current.f >= ends[low].f) {
      ends[high] = current;
      low = lower();
      continue;
    }
    if (isFlat(current)) return current;
    if (current.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
    ends[low] = current;
  }
  return ends[low];
}
