import type { DType } from "@anneal/kernel";
import { record } from "../autograd/graph.ts";
import { promoteTypes } from "../core/dtypes.ts";
import { OptionError, ShapeError } from "../core/errors.ts";
import { Fusion } from "../core/fusion.ts";
import { formatShape, normalizeDim } from "../core/shape.ts";
import { allocateFor, Value } from "../core/value.ts";
import { sliceView, wholeView } from "../core/view.ts";
import { copyOp } from "../primitives/contiguous.ts";
import { cast, sameDevice, sourceOf } from "../primitives/pointwise.ts";
import { Tensor } from "../tensor.ts";

/**
 * Tensors one after the other along `dim`; their other sizes are equal, their dtypes are promoted to one. (As in PyTorch, an empty
 * tensor of shape [0] is passed over.)
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.cat.html | torch.cat}
 * @example
 * cat([tensor([1, 2]), tensor([3])]).arraySync(); // => [1, 2, 3]
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const [head] = tensors;
  if (!head) throw new OptionError("cat", "the list is empty", "Give at least one tensor.");
  const device = sameDevice("cat", tensors);
  const used = tensors.filter((each) => !(each.ndim === 1 && each.numel === 0));
  const [first = head] = used;
  const d = normalizeDim("cat", dim, first.ndim);
  for (const [i, each] of used.entries()) {
    if (
      each.ndim !== first.ndim ||
      each.ndim === 0 ||
      each.shape.some((size, k) => k !== d && size !== first.shape[k])
    ) {
      throw new ShapeError(
        "cat",
        `tensor ${i} has the shape ${formatShape(each.shape)}, the first ${formatShape(first.shape)}`,
        first.ndim === 0 ? "Scalars are stacked: stack(list)." : `They may differ only in dim ${d}.`,
      );
    }
  }
  const dtype = tensors.reduce<DType>((type, each) => promoteTypes(type, each.dtype), head.dtype);
  const parts = used.map((each) => cast(each, dtype));
  const sizes = parts.map((each) => each.shape[d] as number);
  const shape = first.shape.map((size, k) => (k === d ? sizes.reduce((a, b) => a + b, 0) : size));
  const buffer = allocateFor(device, dtype, shape);
  const whole = wholeView(shape);
  let start = 0;
  parts.forEach((part, i) => {
    const size = sizes[i] as number;
    if (part.numel > 0) {
      const fusion = new Fusion(part.shape);
      const step = fusion.op(copyOp, [fusion.add(sourceOf(part))]);
      fusion.launch(device, [{ step, dtype, buffer, view: sliceView(whole, d, start, size, 1) }]);
    }
    start += size;
  });
  const out = Tensor.ofValue(new Value(device, dtype, shape, { buffer }));
  return record("cat", parts, out, [], (grad) => {
    let from = 0;
    return sizes.map((size) => {
      from += size;
      return grad.narrow(d, from - size, size);
    });
  });
}

/**
 * Tensors of one shape along a new dimension.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.stack.html | torch.stack}
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]).shape; // => [2, 2]
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (!first) throw new OptionError("stack", "the list is empty", "Give at least one tensor.");
  const d = normalizeDim("stack", dim, first.ndim + 1);
  for (const [i, each] of tensors.entries()) {
    if (formatShape(each.shape) !== formatShape(first.shape)) {
      throw new ShapeError(
        "stack",
        `tensor ${i} has the shape ${formatShape(each.shape)}, the first ${formatShape(first.shape)}`,
        "They must be equal.",
      );
    }
  }
  return cat(
    tensors.map((each) => each.unsqueeze(d)),
    d,
  );
}

/**
 * Pieces of `size` along `dim` (the last may be smaller), or of the sizes given. Views.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.split.html | torch.split}
 */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const d = normalizeDim("split", dim, x.ndim);
  const length = x.shape[d] ?? 0;
  if (typeof size === "number" && !(Number.isInteger(size) && size > 0)) {
    throw new OptionError("split", `the size is ${size}`, "Give an integer from 1 on, or a list of sizes.");
  }
  const sizes =
    typeof size === "number"
      ? Array.from({ length: Math.max(1, Math.ceil(length / size)) }, (_, i) => Math.min(size, length - i * size))
      : size;
  if (sizes.reduce((a, b) => a + b, 0) !== length) {
    throw new ShapeError(
      "split",
      `the sizes ${formatShape(sizes)} do not add up to the ${length} elements of dim ${d}`,
      "They must.",
    );
  }
  let start = 0;
  return sizes.map((each) => {
    start += each;
    return x.narrow(d, start - each, each);
  });
}

/**
 * At most `chunks` pieces of equal size along `dim` (the last may be smaller). Views.
 *
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.chunk.html | torch.chunk}
 */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1)
    throw new OptionError("chunk", `chunks is ${chunks}`, "Give an integer from 1 on.");
  const length = x.shape[normalizeDim("chunk", dim, x.ndim)] ?? 0;
  return split(x, Math.max(1, Math.ceil(length / chunks)), dim);
}
