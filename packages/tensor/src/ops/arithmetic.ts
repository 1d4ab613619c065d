import { expr } from "@anneal/kernel";
import { OptionError } from "../core/errors.ts";
import { zerosLike } from "../creation/like.ts";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";
import { floored } from "./remainder.ts";

/** `a + b`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.add.html | torch.add} */
export const add: (a: Tensor, b: Operand) => Tensor = binary({
  name: "add",
  build: expr.add,
  saves: "nothing",
  gradA: (grad) => grad,
  gradB: (grad) => grad,
});

/** `a - b`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.sub.html | torch.sub} */
export const sub: (a: Tensor, b: Operand) => Tensor = binary({
  name: "sub",
  takes: "numbers",
  build: expr.sub,
  saves: "nothing",
  gradA: (grad) => grad,
  gradB: (grad) => grad.neg(),
});

/** `a * b`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.mul.html | torch.mul} */
export const mul: (a: Tensor, b: Operand) => Tensor = binary({
  name: "mul",
  build: expr.mul,
  gradA: (grad, _, b) => grad.mul(b),
  gradB: (grad, a) => grad.mul(a),
});

const quotient: (a: Tensor, b: Operand) => Tensor = binary({
  name: "div",
  build: expr.div,
  result: "float",
  cost: 4,
  gradA: (grad, _, b) => grad.div(b),
  gradB: (grad, a, b) => grad.mul(a.div(b)).div(b).neg(),
});

/** Whole quotients: steps, whose gradient is 0. */
const truncatedQuotient: (a: Tensor, b: Operand) => Tensor = binary({
  name: "div_trunc",
  takes: "numbers",
  build: (a, b) => expr.trunc(expr.div(a, b)),
  cost: 5,
  saves: "nothing",
  gradA: (grad) => zerosLike(grad),
  gradB: (grad) => zerosLike(grad),
});

const flooredQuotient: (a: Tensor, b: Operand) => Tensor = binary({
  name: "div_floor",
  takes: "numbers",
  build: floored,
  cost: 12,
  saves: "nothing",
  gradA: (grad) => zerosLike(grad),
  gradB: (grad) => zerosLike(grad),
});

/**
 * `a / b`: a float whatever the dtypes, unless it is rounded; then integers stay integers.
 *
 * @param options - `roundingMode`: "trunc" towards 0, "floor" down
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.div.html | torch.div}
 * @example
 * tensor([7, -7]).div(2).arraySync(); // => [3.5, -3.5]
 * tensor([7, -7]).div(2, { roundingMode: "floor" }).arraySync(); // => [3, -4]
 */
export function div(
  a: Tensor,
  b: Operand,
  { roundingMode }: { readonly roundingMode?: "trunc" | "floor" } = {},
): Tensor {
  switch (roundingMode) {
    case undefined:
      return quotient(a, b);
    case "trunc":
      return truncatedQuotient(a, b);
    case "floor":
      return flooredQuotient(a, b);
    default:
      throw new OptionError(
        "div",
        `roundingMode is "${String(roundingMode satisfies never)}"`,
        'Give "trunc" or "floor", or leave it out.',
      );
  }
}

/** `-x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.neg.html | torch.neg} */
export const neg: (x: Tensor) => Tensor = unary({
  name: "neg",
  takes: "numbers",
  build: expr.neg,
  saves: "nothing",
  backward: (grad) => grad.neg(),
});

/** In place: {@link add}. */
export const add_: (x: Tensor, b: Operand) => Tensor = inPlace("add_", add);
/** In place: {@link sub}. */
export const sub_: (x: Tensor, b: Operand) => Tensor = inPlace("sub_", sub);
/** In place: {@link mul}. */
export const mul_: (x: Tensor, b: Operand) => Tensor = inPlace("mul_", mul);
/** In place: {@link div}. */
export const div_: (x: Tensor, b: Operand, options?: { readonly roundingMode?: "trunc" | "floor" }) => Tensor = inPlace(
  "div_",
  div,
);
/** In place: {@link neg}. */
export const neg_: (x: Tensor) => Tensor = inPlace("neg_", neg);
