import type { Expr } from "../expr.ts";
import { abs, add, div, exp, f32, f64, lt, madd, mul, neg, select, sub } from "../expr.ts";
import { atMost } from "./clamp.ts";
import { moderateExp } from "./exp.ts";
import { polynomial } from "./polynomial.ts";
import { copySign } from "./sign.ts";

/**
 * The error function in float32: an odd polynomial below 0.93, 1 - e^-(x + x q(x)) above.
 *
 * Maximum error over every float32: 1.3 ulp.
 *
 * @see {@link https://forums.developer.nvidia.com/t/optimized-version-of-single-precision-error-function-erff/40977 | the form with one
 * exponential of a polynomial, N. Juffa}; the coefficients are our own
 */
export function erfF32(x: Expr): Expr {
  // erf rounds to 1 from 3.92 on.
  const size = atMost(abs(x), f32(4));
  const square = mul(size, size);
  // Minimax in x² up to 0.93²: relative error 2^-25.8 (reference/minimax.py erfsmall).
  const small = madd(
    polynomial(
      square,
      0.12837915122509003,
      -0.37612488865852356,
      0.11281730234622955,
      -0.026762915775179863,
      0.004987252876162529,
      -0.0005958977853879333,
    ),
    size,
    size,
  );
  // Minimax on [0.92, 4]: relative error of erf 2^-28.2 (reference/minimax.py erflarge).
  const q = polynomial(
    size,
    -0.128514364361763,
    -0.6357182860374451,
    -0.1052618995308876,
    0.022890008985996246,
    -0.0032149716280400753,
    0.00021398653916548938,
  );
  const large = sub(f32(1), moderateExp(madd(q, size, neg(size))));
  return copySign(select(lt(size, f32(0.925000011920929)), small, large), x);
}

/**
 * erf in float64, which no host's `Math` has: an odd polynomial below 1, 1 - e^-x² q((x - 2) / (x + 2)) above.
 *
 * Maximum relative error, measured at a hundred thousand points: 1.5e-16.
 *
 * @see {@link https://doi.org/10.1090/S0025-5718-1981-0595058-X | the variable of the second: Shepherd & Laframboise 1981}; the
 * coefficients are our own
 */
export function erfF64(x: Expr): Expr {
  // erf rounds to 1 from 5.93 on.
  const size = atMost(abs(x), f64(6));
  // Minimax in x² up to 1: relative error 2^-54.9 (reference/minimax.py erfsmall64).
  const q = polynomial(
    mul(x, x),
    0.12837916709551256,
    -0.37612638903183343,
    0.11283791670936949,
    -0.02686617064195836,
    0.005223977596720179,
    -0.0008548325483464349,
    0.00012055280413996452,
    -1.4924463022291467e-5,
    1.644410048978397e-6,
    -1.6183426485363604e-7,
    1.3613267485607476e-8,
    -7.599183907047273e-10,
  );
  const small = madd(q, x, x);
  // Minimax on [1, 6]: relative error of erf 2^-59.9 (reference/minimax.py erflarge64).
  const t = div(sub(size, f64(2)), add(size, f64(2)));
  const scaled = polynomial(
    t,
    0.25539567631050575,
    -0.4271858474139584,
    0.2416581942424621,
    -0.07897858101536438,
    0.003732892411466843,
    0.006997461736573206,
    -0.0008471439301808485,
    -0.000981980355994417,
    4.35660859987136e-5,
    0.00017448134079651586,
    2.7745105435879763e-5,
    -2.8273488257737964e-5,
    -1.742831291281348e-5,
    -4.043045706347723e-6,
  );
  const large = sub(f64(1), mul(exp(neg(mul(size, size))), scaled));
  return select(lt(abs(x), f64(1)), small, select(lt(x, f64(0)), neg(large), large));
}
