import { arithmeticType, promoteTypes } from "../core/dtypes.ts";
import { ShapeError } from "../core/errors.ts";
import { broadcastShapes, formatShape, numelOf, type Shape } from "../core/shape.ts";
import { batchedMatmul } from "../primitives/matmul.ts";
import { cast, sameDevice } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

function mismatch(where: string, a: Tensor, b: Tensor): ShapeError {
  return new ShapeError(
    where,
    `a ${formatShape(a.shape)} and b ${formatShape(b.shape)} need a's last size to equal b's ${b.ndim === 1 ? "only one" : "second-to-last"}`,
    b.ndim === 1 ? "Reshape one of them." : "Transpose b with b.T, or reshape one of them.",
  );
}

/**
 * Matrix product. Vectors count as a row (first) or a column (second) and lose that dimension again; dimensions before the last two
 * broadcast.
 *
 * @param a - [..., m, k] or [k]
 * @param b - [..., k, n] or [k]
 * @returns [..., m, n]
 * @throws {ShapeError} if the inner sizes differ or the others do not broadcast
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.matmul.html | torch.matmul}
 * @example
 * tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1])).arraySync(); // => [3, 7]
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  sameDevice("matmul", [a, b]);
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      "matmul",
      `a ${formatShape(a.shape)} and b ${formatShape(b.shape)} need at least one dimension each`,
      "Multiply by a number with mul.",
    );
  }
  if (a.shape.at(-1) !== b.shape.at(b.ndim === 1 ? 0 : -2)) throw mismatch("matmul", a, b);
  const dtype = promoteTypes(a.dtype, b.dtype);
  arithmeticType("matmul", dtype);
  const left = cast(a.ndim === 1 ? a.unsqueeze(0) : a, dtype);
  const right = cast(b.ndim === 1 ? b.unsqueeze(1) : b, dtype);
  const out = matrices(left, right);
  const dropped = [...(a.ndim === 1 ? [out.ndim - 2] : []), ...(b.ndim === 1 ? [out.ndim - 1] : [])];
  return dropped.length === 0 ? out : out.reshape(out.shape.filter((_, d) => !dropped.includes(d)));
}

function matrices(a: Tensor, b: Tensor): Tensor {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1) as number;
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  if (numelOf(batchB) === 1) {
    // One right matrix for all: the rows of all left matrices are one long matrix.
    const rows = numelOf(batchA) * m;
    const out = batchedMatmul(a.reshape([1, rows, k]), b.reshape([1, k, n]));
    const batch = batchA.length >= batchB.length ? batchA : broadcastShapes("matmul", batchA, batchB);
    return out.reshape([...batch, m, n]);
  }
  const batch = broadcastBatches(a, b);
  const count = numelOf(batch);
  const left = a.expand([...batch, m, k]).reshape([count, m, k]);
  const right = b.expand([...batch, k, n]).reshape([count, k, n]);
  return batchedMatmul(left, right).reshape([...batch, m, n]);
}

function broadcastBatches(a: Tensor, b: Tensor): Shape {
  try {
    return broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  } catch {
    throw new ShapeError(
      "matmul",
      `the dimensions before the last two of a ${formatShape(a.shape)} and b ${formatShape(b.shape)} do not broadcast`,
      "Their sizes must be equal or 1; reshape or expand one of them.",
    );
  }
}

/** Matrix products of two batches, [B, m, k] and [B, k, n]. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.bmm.html | torch.bmm} */
export function bmm(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 3 || b.ndim !== 3 || a.shape[0] !== b.shape[0]) {
    throw new ShapeError(
      "bmm",
      `a ${formatShape(a.shape)} and b ${formatShape(b.shape)} are not two batches of as many matrices`,
      "Give [B, m, k] and [B, k, n], or use matmul.",
    );
  }
  if (a.shape[2] !== b.shape[1]) throw mismatch("bmm", a, b);
  return matmul(a, b);
}

/** Every product of an element of `a`, [n], with one of `b`, [m]: [n, m]. @see {@link https://docs.pytorch.org/docs/stable/generated/torch.outer.html | torch.outer} */
export function outer(a: Tensor, b: Tensor): Tensor {
  if (a.ndim !== 1 || b.ndim !== 1) {
    throw new ShapeError(
      "outer",
      `a ${formatShape(a.shape)} and b ${formatShape(b.shape)} are not both vectors`,
      "Flatten them first.",
    );
  }
  return a.unsqueeze(1).mul(b);
}

/**
 * `x · weightᵀ + bias`.
 *
 * @param x - [..., in]
 * @param weight - [out, in]
 * @param bias - [out]
 * @returns [..., out]
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html | torch.nn.functional.linear}
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  if (x.shape.at(-1) !== weight.shape.at(-1)) {
    throw new ShapeError(
      "linear",
      `x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)} need equal last sizes`,
      "The weight is [out, in].",
    );
  }
  const product = matmul(x, weight.ndim === 1 ? weight : weight.T);
  return bias ? product.add(bias) : product;
}
