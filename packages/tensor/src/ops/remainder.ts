import { type Expr, expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

const isFloatExpr = (x: Expr): boolean => x.type === "f32" || x.type === "f64";

/** Is the remainder on the other side of 0 than the divisor? */
function crosses(rest: Expr, divisor: Expr): Expr {
  const zero = expr.constant(rest.type, 0);
  return expr.and(expr.ne(rest, zero), expr.ne(expr.lt(rest, zero), expr.lt(divisor, zero)));
}

/** PyTorch's: from the remainder, so that a / b rounded up to a whole number does not count one too many. */
export function floored(a: Expr, b: Expr): Expr {
  const rest = expr.rem(a, b);
  const one = expr.constant(a.type, 1);
  if (!isFloatExpr(a)) {
    const quotient = expr.div(a, b);
    return expr.select(crosses(rest, b), expr.sub(quotient, one), quotient);
  }
  const zero = expr.constant(a.type, 0);
  const exact = expr.div(a, b);
  const quotient = expr.div(expr.sub(a, rest), b);
  const lower = expr.select(crosses(rest, b), expr.sub(quotient, one), quotient);
  const floored = expr.floor(lower);
  const near = expr.select(
    expr.gt(expr.sub(lower, floored), expr.constant(a.type, 0.5)),
    expr.add(floored, one),
    floored,
  );
  const signedZero = expr.mul(exact, zero);
  return expr.select(expr.eq(b, zero), exact, expr.select(expr.eq(lower, zero), signedZero, near));
}

/**
 * `⌊a / b⌋`, in the promoted dtype; integers divided by 0 give 0. No gradient flows.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.floor_divide.html | torch.floor_divide}
 * @example
 * tensor([7, -7]).floorDivide(2).arraySync(); // => [3, -4]
 */
export const floorDivide: (a: Tensor, b: Operand) => Tensor = binary({
  name: "floorDivide",
  takes: "numbers",
  build: floored,
  cost: 12,
});

/**
 * What is left of `a` after `⌊a / b⌋` times `b`: it has the sign of `b`, as Python's `%`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.remainder.html | torch.remainder}
 * @example
 * tensor([7, -7]).remainder(3).arraySync(); // => [1, 2]
 */
export const remainder: (a: Tensor, b: Operand) => Tensor = binary({
  name: "remainder",
  takes: "numbers",
  build: (a, b) => {
    const rest = expr.rem(a, b);
    return expr.select(crosses(rest, b), expr.add(rest, b), rest);
  },
  cost: 10,
  gradA: (grad) => grad,
  gradB: (grad, a, b) => grad.mul(a.floorDivide(b)).neg(),
});

/**
 * What is left of `a` after `trunc(a / b)` times `b`: it has the sign of `a`, as JavaScript's and C's `%`.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.fmod.html | torch.fmod}
 * @example
 * tensor([7, -7]).fmod(3).arraySync(); // => [1, -1]
 */
export const fmod: (a: Tensor, b: Operand) => Tensor = binary({
  name: "fmod",
  takes: "numbers",
  build: expr.rem,
  cost: 8,
  gradA: (grad) => grad,
  gradB: (grad, a, b) => grad.mul(a.div(b).trunc()).neg(),
});

/** In place: {@link floorDivide}. */
export const floorDivide_: (x: Tensor, b: Operand) => Tensor = inPlace("floorDivide_", floorDivide);
/** In place: {@link remainder}. */
export const remainder_: (x: Tensor, b: Operand) => Tensor = inPlace("remainder_", remainder);
/** In place: {@link fmod}. */
export const fmod_: (x: Tensor, b: Operand) => Tensor = inPlace("fmod_", fmod);
