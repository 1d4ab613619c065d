import { expr } from "@anneal/kernel";
import { inPlace } from "../primitives/assign.ts";
import { binary, type Operand, unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

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

/** `a / b`, a float whatever the dtypes. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.div.html | torch.div} */
export const div: (a: Tensor, b: Operand) => Tensor = binary({
  name: "div",
  build: expr.div,
  result: "float",
  cost: 4,
  gradA: (grad, _, b) => grad.div(b),
  gradB: (grad, a, b) => grad.mul(a).div(b.square()).neg(),
});

/** `-x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.neg.html | torch.neg} */
export const neg: (x: Tensor) => Tensor = unary({ name: "neg", build: expr.neg, saves: "nothing", backward: (grad) => grad.neg() });

/** `x * x`. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.square.html | torch.square} */
export const square: (x: Tensor) => Tensor = unary({
  name: "square",
  build: (x) => expr.mul(x, x),
  backward: (grad, x) => grad.mul(x).mul(2),
});

/** In place: {@link add}. */
export const add_: (x: Tensor, b: Operand) => Tensor = inPlace("add_", add);
/** In place: {@link sub}. */
export const sub_: (x: Tensor, b: Operand) => Tensor = inPlace("sub_", sub);
/** In place: {@link mul}. */
export const mul_: (x: Tensor, b: Operand) => Tensor = inPlace("mul_", mul);
/** In place: {@link div}. */
export const div_: (x: Tensor, b: Operand) => Tensor = inPlace("div_", div);
