// Every function here takes a tensor first and is a method of Tensor too: x.add(y) is add(x, y).
export { add, add_, div, div_, mul, mul_, neg, square, sub, sub_ } from "./ops/arithmetic.ts";
export { exp } from "./ops/exp.ts";
export { sum } from "./ops/sum.ts";
export { to } from "./ops/to.ts";
export { clone, contiguous } from "./primitives/contiguous.ts";
export {
  expand,
  flatten,
  flip,
  narrow,
  permute,
  reshape,
  select,
  sliceDim,
  squeeze,
  transpose,
  unfold,
  unsqueeze,
  view,
} from "./primitives/view.ts";
