import { type DType, type Expr, expr, scalarOf } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { ShapeError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import type { PointwiseOp, Source } from "../core/value.ts";
import { inPlace } from "../primitives/assign.ts";
import { pendingValue, sourceOf } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";

const ops = new Map<string, PointwiseOp>();

function triangleOp(part: "tril" | "triu", dtype: DType): PointwiseOp {
  const name = `${part}_${dtype}`;
  let op = ops.get(name);
  if (!op) {
    const compare = part === "tril" ? expr.le : expr.ge;
    const type = scalarOf[dtype];
    const zero = type === "bool" ? expr.cast(expr.i32(0), "bool") : expr.constant(type, 0);
    op = {
      name,
      argTypes: ["i32"],
      build: ([x, row, column], [diagonal]) =>
        expr.select(compare(expr.sub(column as Expr, row as Expr), diagonal as Expr), x as Expr, zero),
    };
    ops.set(name, op);
  }
  return op;
}

function triangle(part: "tril" | "triu", x: Tensor, diagonal: number): Tensor {
  if (x.ndim < 2)
    throw new ShapeError(part, `a tensor ${formatShape(x.shape)} has no triangle`, "It takes at least two dimensions.");
  const { shape, ndim } = x;
  const counter = (dim: number): Source => ({
    value: null,
    view: { shape, strides: shape.map((_, d) => (d === dim ? 1 : 0)), offset: 0 },
  });
  const sources = [sourceOf(x), counter(ndim - 2), counter(ndim - 1)];
  const out = Tensor.ofValue(pendingValue(x.device, x.dtype, shape, triangleOp(part, x.dtype), sources, [diagonal]));
  return record(part, [x], out, [], (grad) => [triangle(part, grad, diagonal)]);
}

/** The last two dimensions on and below a diagonal (0 the main one), zeros above. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.tril.html | torch.tril} */
export const tril = (x: Tensor, diagonal = 0): Tensor => triangle("tril", x, diagonal);

/** The last two dimensions on and above a diagonal (0 the main one), zeros below. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.triu.html | torch.triu} */
export const triu = (x: Tensor, diagonal = 0): Tensor => triangle("triu", x, diagonal);

/** In place: {@link tril}. */
export const tril_: (x: Tensor, diagonal?: number) => Tensor = inPlace("tril_", tril);
/** In place: {@link triu}. */
export const triu_: (x: Tensor, diagonal?: number) => Tensor = inPlace("triu_", triu);
