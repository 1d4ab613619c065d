import { DTypeError, rand, record, type Shape, type Tensor } from "@anneal/tensor";
import { checkProbability } from "../check-options.ts";

/** What is multiplied with `x` and what is then added, from 1 where it is kept and 0 where it is dropped. */
type Effect = (kept: Tensor) => readonly [factor: Tensor, shift?: Tensor];

/**
 * What all dropouts share: `x · factor + shift` in training, `x` itself otherwise.
 *
 * @param shape - of the mask: that of `x`, with a size of 1 where what lies along it is dropped together
 */
export function dropping(
  where: string,
  x: Tensor,
  shape: Shape,
  { p, training }: { readonly p: number; readonly training: boolean },
  effect: Effect,
): Tensor {
  checkProbability(where, "p", p);
  if (!training || p === 0) return x;
  if (!x.dtype.startsWith("float")) {
    throw new DTypeError(where, `x is ${x.dtype}`, 'What is kept would be no whole number: x.to("float32").');
  }
  if (p === 1) return x.mul(0);
  const kept = rand(shape, { device: x.device }).ge(p).to(x.dtype);
  // A mask as large as x is drawn again where it is needed; a small one would be drawn again for each element that it is spread over.
  const [factor, shift] = effect(shape === x.shape ? kept : kept.realize());
  const scaled = x.detach().mul(factor);
  const out = shift ? scaled.add(shift) : scaled;
  return record(where, [x], out, [factor], (grad, [saved]) => [grad.mul(saved as Tensor)]);
}

/** The shape of a mask for whole channels: they are what lies behind the first `count` dimensions. */
export const channelsOf = (x: Tensor, count: number): Shape => x.shape.map((size, d) => (d < count ? size : 1));
