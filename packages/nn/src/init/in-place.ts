import { noGrad, scope, type Tensor } from "@anneal/tensor";

/** Change a tensor without a graph; afterwards its numbers are in memory, and what the change made on the way is freed. */
export function inPlace<T extends Tensor>(x: T, change: () => Tensor): T {
  scope(() => noGrad(() => void change().realize()));
  return x;
}
