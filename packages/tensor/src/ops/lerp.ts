import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { arithmeticType, promoteOperands } from "../core/dtypes.ts";
import type { Shape } from "../core/shape.ts";
import type { PointwiseOp } from "../core/value.ts";
import { inPlace } from "../primitives/assign.ts";
import { cast, checkTakes, type Operand, pointwise } from "../primitives/pointwise.ts";
import { sumTo } from "../primitives/sum-to.ts";
import { Tensor } from "../tensor.ts";

const ops = new Map<string, PointwiseOp>();

function lerpOp(dtype: DType, byNumber: boolean): PointwiseOp {
  const name = `lerp_${dtype}_${byNumber}`;
  let op = ops.get(name);
  if (!op) {
    const type = scalarOf[dtype];
    op = {
      name,
      cost: 5,
      ...(byNumber && { argTypes: [type] }),
      build: ([a, b, weights], [number]) => {
        const [from, to, weight] = [a, b, byNumber ? number : weights] as [Expr, Expr, Expr];
        // From the nearer end, so that weight 1 gives exactly b.
        const difference = expr.sub(to, from);
        const near = expr.add(from, expr.mul(weight, difference));
        const far = expr.sub(to, expr.mul(difference, expr.sub(expr.constant(type, 1), weight)));
        return expr.select(expr.lt(expr.abs(weight), expr.constant(type, 0.5)), near, far);
      },
    };
    ops.set(name, op);
  }
  return op;
}

/**
 * `a + weight * (b - a)`: `a` at weight 0, `b` at 1. Floats; the three broadcast together.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.lerp.html | torch.lerp}
 * @example
 * tensor([0, 10]).lerp(tensor([10, 20]), 0.5).arraySync(); // => [5, 15]
 */
export function lerp(a: Tensor, b: Tensor, weight: Operand): Tensor {
  const given: [Tensor, ...Tensor[]] = weight instanceof Tensor ? [a, b, weight] : [a, b];
  const dtype = promoteOperands(given);
  checkTakes("lerp", "floats", dtype);
  arithmeticType("lerp", dtype);
  const inputs = given.map((tensor) => cast(tensor, dtype)) as [Tensor, ...Tensor[]];
  const byNumber = typeof weight === "number";
  const y = pointwise("lerp", dtype, lerpOp(dtype, byNumber), inputs, byNumber ? [weight] : []);
  const shapes = inputs.map(({ shape }) => shape);
  const fixed = byNumber ? weight : 0;
  return record("lerp", inputs, y, byNumber ? [] : inputs, (grad, saved, needs) => {
    const [from, to, savedWeight] = saved;
    const portion = savedWeight ?? fixed;
    const rest = portion instanceof Tensor ? portion.neg().add(1) : 1 - portion;
    const parts = [
      needs[0] ? grad.mul(rest) : null,
      needs[1] ? grad.mul(portion) : null,
      ...(byNumber ? [] : [needs[2] ? grad.mul((to as Tensor).sub(from as Tensor)) : null]),
    ];
    return parts.map((part, i) => part && sumTo(part, shapes[i] as Shape));
  });
}

/** In place: {@link lerp}. */
export const lerp_: (x: Tensor, b: Tensor, weight: Operand) => Tensor = inPlace("lerp_", lerp);
