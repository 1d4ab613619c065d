import type { Expr } from "../expr.ts";
import { abs, f32, gt, lt, madd, mul, select, sqrt, sub } from "../expr.ts";
import { polynomial } from "./polynomial.ts";
import { copySign } from "./sign.ts";

const HALF_PI_HIGH = 1.5707963705062866;
const HALF_PI_LOW = -4.371138828673793e-8;

/** asin(a), where a is |x| up to 0.625 and √((1 - |x|) / 2) beyond: asin(|x|) = π/2 - 2 asin(√((1 - |x|) / 2)). */
function reduced(x: Expr): { isLarge: Expr; angle: Expr } {
  const size = abs(x);
  const isLarge = gt(size, f32(0.625));
  const square = select(isLarge, mul(sub(f32(1), size), f32(0.5)), mul(size, size));
  const a = select(isLarge, sqrt(square), size);
  // Minimax in a² up to 0.625²: relative error 2^-29.7 (reference/minimax.py asin).
  const q = polynomial(
    square,
    0.1666668951511383,
    0.07498565316200256,
    0.04494486376643181,
    0.027409762144088745,
    0.03763369098305702,
    -0.023617330938577652,
    0.06399881839752197,
  );
  return { isLarge, angle: madd(mul(q, square), a, a) };
}

/**
 * asin in float32; NaN outside [-1, 1].
 *
 * Maximum error over every float32: 1.4 ulp.
 */
export function asinF32(x: Expr): Expr {
  const { isLarge, angle } = reduced(x);
  const turned = sub(f32(HALF_PI_HIGH), madd(angle, f32(2), f32(-HALF_PI_LOW)));
  return copySign(select(isLarge, turned, angle), x);
}

/**
 * acos in float32; NaN outside [-1, 1].
 *
 * Maximum error over every float32: 1.2 ulp.
 */
export function acosF32(x: Expr): Expr {
  const { isLarge, angle } = reduced(x);
  const middle = sub(f32(HALF_PI_HIGH), sub(copySign(angle, x), f32(HALF_PI_LOW)));
  const twice = mul(angle, f32(2));
  const left = sub(f32(2 * HALF_PI_HIGH), sub(twice, f32(2 * HALF_PI_LOW)));
  return select(isLarge, select(lt(x, f32(0)), left, twice), middle);
}
