import { type Expr, expr } from "@anneal/kernel";
import { zerosLike } from "../creation/like.ts";
import { inPlace } from "../primitives/assign.ts";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** Steps: the gradient is 0 wherever there is one. Integers stay as they are. */
const step = (name: string, build: (x: Expr) => Expr): ((x: Tensor) => Tensor) =>
  unary({ name, takes: "numbers", build, saves: "nothing", backward: (grad) => zerosLike(grad) });

/** `⌊x⌋`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.floor.html | torch.floor} */
export const floor: (x: Tensor) => Tensor = step("floor", expr.floor);
/** `⌈x⌉`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.ceil.html | torch.ceil} */
export const ceil: (x: Tensor) => Tensor = step("ceil", expr.ceil);
/**
 * To the nearest integer, halves to the even one.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.round.html | torch.round}
 * @example
 * tensor([0.5, 1.5, -0.7]).round().arraySync(); // => [0, 2, -1]
 */
export const round: (x: Tensor) => Tensor = step("round", expr.round);
/** Without the part behind the point. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.trunc.html | torch.trunc} */
export const trunc: (x: Tensor) => Tensor = step("trunc", expr.trunc);
/** `x - trunc(x)`: the part behind the point, with x's sign. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.frac.html | torch.frac} */
export const frac: (x: Tensor) => Tensor = unary({
  name: "frac",
  takes: "floats",
  build: (x) => expr.sub(x, expr.trunc(x)),
  saves: "nothing",
  backward: (grad) => grad,
});

/** In place: {@link floor}. */
export const floor_: (x: Tensor) => Tensor = inPlace("floor_", floor);
/** In place: {@link ceil}. */
export const ceil_: (x: Tensor) => Tensor = inPlace("ceil_", ceil);
/** In place: {@link round}. */
export const round_: (x: Tensor) => Tensor = inPlace("round_", round);
/** In place: {@link trunc}. */
export const trunc_: (x: Tensor) => Tensor = inPlace("trunc_", trunc);
/** In place: {@link frac}. */
export const frac_: (x: Tensor) => Tensor = inPlace("frac_", frac);
