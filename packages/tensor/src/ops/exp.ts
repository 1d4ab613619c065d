import { expr } from "@anneal/kernel";
import { unary } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

/** e^x. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.exp.html | torch.exp} */
export const exp: (x: Tensor) => Tensor = unary({
  name: "exp",
  build: expr.exp,
  result: "float",
  cost: 10,
  saves: "output",
  backward: (grad, _, y) => grad.mul(y),
});
