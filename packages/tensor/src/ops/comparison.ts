import { type Expr, expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** Comparisons give a bool tensor; no gradient flows. NaN equals nothing, itself included. */
const comparison = (name: string, build: (a: Expr, b: Expr) => Expr): ((a: Tensor, b: Operand) => Tensor) =>
  binary({ name, build, result: "bool" });

/**
 * `a = b`, bool.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.eq.html | torch.eq}
 * @example
 * tensor([1, 2, 3]).eq(2).arraySync(); // => [0, 1, 0]
 */
export const eq: (a: Tensor, b: Operand) => Tensor = comparison("eq", expr.eq);
/** `a ≠ b`, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.ne.html | torch.ne} */
export const ne: (a: Tensor, b: Operand) => Tensor = comparison("ne", expr.ne);
/** `a < b`, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.lt.html | torch.lt} */
export const lt: (a: Tensor, b: Operand) => Tensor = comparison("lt", expr.lt);
/** `a ≤ b`, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.le.html | torch.le} */
export const le: (a: Tensor, b: Operand) => Tensor = comparison("le", expr.le);
/** `a > b`, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.gt.html | torch.gt} */
export const gt: (a: Tensor, b: Operand) => Tensor = comparison("gt", expr.gt);
/** `a ≥ b`, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.ge.html | torch.ge} */
export const ge: (a: Tensor, b: Operand) => Tensor = comparison("ge", expr.ge);

/** In place: {@link eq}, as 0 and 1 in the tensor's own dtype. */
export const eq_: (x: Tensor, b: Operand) => Tensor = inPlace("eq_", eq);
/** In place: {@link ne}, as 0 and 1 in the tensor's own dtype. */
export const ne_: (x: Tensor, b: Operand) => Tensor = inPlace("ne_", ne);
/** In place: {@link lt}, as 0 and 1 in the tensor's own dtype. */
export const lt_: (x: Tensor, b: Operand) => Tensor = inPlace("lt_", lt);
/** In place: {@link le}, as 0 and 1 in the tensor's own dtype. */
export const le_: (x: Tensor, b: Operand) => Tensor = inPlace("le_", le);
/** In place: {@link gt}, as 0 and 1 in the tensor's own dtype. */
export const gt_: (x: Tensor, b: Operand) => Tensor = inPlace("gt_", gt);
/** In place: {@link ge}, as 0 and 1 in the tensor's own dtype. */
export const ge_: (x: Tensor, b: Operand) => Tensor = inPlace("ge_", ge);
