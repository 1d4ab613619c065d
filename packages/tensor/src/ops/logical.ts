import { type Expr, expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** Anything but 0 is true, NaN too. */
const truth = (x: Expr): Expr => expr.cast(x, "bool");

const logical = (name: string, build: (a: Expr, b: Expr) => Expr): ((a: Tensor, b: Operand) => Tensor) =>
  binary({ name, build: (a, b) => build(truth(a), truth(b)), result: "bool" });

/**
 * `a ∧ b`, bool; anything but 0 counts as true.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.logical_and.html | torch.logical_and}
 * @example
 * tensor([0, 1, 2]).logicalAnd(tensor([1, 0, 3])).arraySync(); // => [0, 0, 1]
 */
export const logicalAnd: (a: Tensor, b: Operand) => Tensor = logical("logicalAnd", expr.and);
/** `a ∨ b`, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.logical_or.html | torch.logical_or} */
export const logicalOr: (a: Tensor, b: Operand) => Tensor = logical("logicalOr", expr.or);
/** Either but not both, bool. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.logical_xor.html | torch.logical_xor} */
export const logicalXor: (a: Tensor, b: Operand) => Tensor = logical("logicalXor", expr.xor);
/** `¬x`, bool: true where `x` is 0. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.logical_not.html | torch.logical_not} */
export const logicalNot: (x: Tensor) => Tensor = unary({
  name: "logicalNot",
  build: (x) => expr.not(truth(x)),
  result: "bool",
});

/** In place: {@link logicalAnd}, as 0 and 1 in the tensor's own dtype. */
export const logicalAnd_: (x: Tensor, b: Operand) => Tensor = inPlace("logicalAnd_", logicalAnd);
/** In place: {@link logicalOr}, as 0 and 1 in the tensor's own dtype. */
export const logicalOr_: (x: Tensor, b: Operand) => Tensor = inPlace("logicalOr_", logicalOr);
/** In place: {@link logicalXor}, as 0 and 1 in the tensor's own dtype. */
export const logicalXor_: (x: Tensor, b: Operand) => Tensor = inPlace("logicalXor_", logicalXor);
/** In place: {@link logicalNot}, as 0 and 1 in the tensor's own dtype. */
export const logicalNot_: (x: Tensor) => Tensor = inPlace("logicalNot_", logicalNot);
