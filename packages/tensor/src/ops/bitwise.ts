import { expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Bits set in both. Integers; for bools it is {@link logicalAnd}.
 *
 * @throws {DTypeError} for floats
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bitwise_and.html | torch.bitwise_and}
 * @example
 * tensor([5, 6], { dtype: "int32" }).bitwiseAnd(3).arraySync(); // => [1, 2]
 */
export const bitwiseAnd: (a: Tensor, b: Operand) => Tensor = binary({
  name: "bitwiseAnd",
  build: expr.and,
  takes: "whole",
});
/** Bits set in either. Integers and bools. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bitwise_or.html | torch.bitwise_or} */
export const bitwiseOr: (a: Tensor, b: Operand) => Tensor = binary({
  name: "bitwiseOr",
  build: expr.or,
  takes: "whole",
});
/** Bits set in one of the two. Integers and bools. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bitwise_xor.html | torch.bitwise_xor} */
export const bitwiseXor: (a: Tensor, b: Operand) => Tensor = binary({
  name: "bitwiseXor",
  build: expr.xor,
  takes: "whole",
});
/** Every bit turned round; for bools {@link logicalNot}. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bitwise_not.html | torch.bitwise_not} */
export const bitwiseNot: (x: Tensor) => Tensor = unary({ name: "bitwiseNot", build: expr.not, takes: "whole" });
/** Bits moved up by `b` places (below the dtype's number of bits). @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bitwise_left_shift.html | torch.bitwise_left_shift} */
export const bitwiseLeftShift: (a: Tensor, b: Operand) => Tensor = binary({
  name: "bitwiseLeftShift",
  build: expr.shl,
  takes: "integers",
});
/** Bits moved down by `b` places (below the dtype's number of bits), the sign kept. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bitwise_right_shift.html | torch.bitwise_right_shift} */
export const bitwiseRightShift: (a: Tensor, b: Operand) => Tensor = binary({
  name: "bitwiseRightShift",
  build: expr.shr,
  takes: "integers",
});

/** In place: {@link bitwiseAnd}. */
export const bitwiseAnd_: (x: Tensor, b: Operand) => Tensor = inPlace("bitwiseAnd_", bitwiseAnd);
/** In place: {@link bitwiseOr}. */
export const bitwiseOr_: (x: Tensor, b: Operand) => Tensor = inPlace("bitwiseOr_", bitwiseOr);
/** In place: {@link bitwiseXor}. */
export const bitwiseXor_: (x: Tensor, b: Operand) => Tensor = inPlace("bitwiseXor_", bitwiseXor);
/** In place: {@link bitwiseNot}. */
export const bitwiseNot_: (x: Tensor) => Tensor = inPlace("bitwiseNot_", bitwiseNot);
