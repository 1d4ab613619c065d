/** A function of one number at a point: its value there and its slope. */
export interface LinePoint {
  readonly t: number;
  readonly f: number;
  readonly slope: number;
}

/**
 * Where the cubic through two points with their slopes is least, within bounds; the middle of the bounds where it has no minimum.
 *
 * @param bounds - by default the two points
 * @see Nocedal & Wright, Numerical Optimization, second edition, formula 3.59
 */
export function cubicInterpolate(
  a: LinePoint,
  b: LinePoint,
  bounds: readonly [least: number, most: number] = [Math.min(a.t, b.t), Math.max(a.t, b.t)],
): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = left.slope + right.slope - (3 * (left.f - right.f)) / (left.t - right.t);
  const square = d1 ** 2 - left.slope * right.slope;
  const [least, most] = bounds;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return Math.min(Math.max(t, least), most);
}
