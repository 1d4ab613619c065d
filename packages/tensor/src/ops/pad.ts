import { record } from "../autograd/graph.ts";
import { OptionError, ShapeError } from "../core/errors.ts";
import { Fusion, store } from "../core/fusion.ts";
import { formatShape } from "../core/shape.ts";
import { sliceView } from "../core/view.ts";
import { full } from "../creation/full.ts";
import { tensor } from "../creation/tensor.ts";
import { copyOp } from "../primitives/contiguous.ts";
import { padZero } from "../primitives/pad-zero.ts";
import { sourceOf } from "../primitives/pointwise.ts";
import type { Tensor } from "../tensor.ts";

export interface PadOptions {
  /** What the border holds: `value`, the inside mirrored without its edge, its edge, or the other side. @defaultValue "constant" */
  readonly mode?: "constant" | "reflect" | "replicate" | "circular";
  /** @defaultValue 0 */
  readonly value?: number;
}

/**
 * A border around the last dimensions.
 *
 * @param padding - elements before and after the last dimension, then the one before it, ...; negative ones crop (constant mode)
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html | torch.nn.functional.pad}
 * @example
 * tensor([1, 2]).pad([1, 0]).arraySync(); // => [0, 1, 2]
 */
export function pad(x: Tensor, padding: readonly number[], { mode = "constant", value = 0 }: PadOptions = {}): Tensor {
  if (padding.length % 2 === 1 || padding.length / 2 > x.ndim || padding.some((each) => !Number.isInteger(each))) {
    throw new OptionError(
      "pad",
      `padding ${formatShape(padding)} does not fit ${formatShape(x.shape)}`,
      "Give a pair of integers for each of the last dimensions, the last first.",
    );
  }
  const sides = Array.from({ length: padding.length / 2 }, (_, i) => ({
    dim: x.ndim - 1 - i,
    before: padding[2 * i] as number,
    after: padding[2 * i + 1] as number,
  })).filter(({ before, after }) => before !== 0 || after !== 0);
  for (const { dim, before, after } of sides) {
    const size = x.shape[dim] as number;
    if (size + before + after < 0) {
      throw new ShapeError("pad", `dim ${dim} of ${size} elements cannot lose ${-(before + after)}`, "Crop less.");
    }
  }
  if (mode !== "constant" && sides.length > 0)
    return sides.reduce((y, { dim, before, after }) => y.indexSelect(dim, borderIndex(y, dim, before, after, mode)), x);
  const cropped = sides.reduce((y, { dim, before, after }) => {
    const size = y.shape[dim] as number;
    const start = Math.max(0, -before);
    return y.narrow(dim, start, size - start - Math.max(0, -after));
  }, x);
  const grown = sides.map(({ dim, before, after }) => ({
    dim,
    before: Math.max(0, before),
    after: Math.max(0, after),
  }));
  // A result of its own even if nothing is added: never a view.
  if (!grown.some(({ before, after }) => before > 0 || after > 0)) return cropped.clone();
  if (value === 0) return grown.reduce((y, { dim, before, after }) => padZero(y, dim, before, after), cropped);
  return padWith(cropped, grown, value);
}

function padWith(x: Tensor, sides: readonly { dim: number; before: number; after: number }[], value: number): Tensor {
  const shape = x.shape.map((size, d) =>
    sides.reduce((sum, side) => (side.dim === d ? sum + side.before + side.after : sum), size),
  );
  const out = full(shape, value, { dtype: x.dtype, device: x.device });
  const buffer = store(out.cell.value);
  const inside = sides.reduce(
    (view, { dim, before }) => sliceView(view, dim, before, x.shape[dim] as number, 1),
    out.layout,
  );
  const fusion = new Fusion(x.shape);
  const step = fusion.op(copyOp, [fusion.add(sourceOf(x))]);
  fusion.launch(x.device, [{ step, dtype: x.dtype, buffer, view: inside }]);
  return record("pad", [x], out, [], (grad) => [
    sides.reduce((y, { dim, before }) => y.narrow(dim, before, x.shape[dim] as number), grad),
  ]);
}

function borderIndex(
  x: Tensor,
  dim: number,
  before: number,
  after: number,
  mode: "reflect" | "replicate" | "circular",
): Tensor {
  const size = x.shape[dim] as number;
  const most = mode === "reflect" ? size - 1 : mode === "circular" ? size : Infinity;
  if (before > most || after > most || before < 0 || after < 0 || size === 0) {
    throw new OptionError(
      "pad",
      `${mode} padding of ${before} and ${after} around ${size} elements`,
      `Give 0 to ${most}.`,
    );
  }
  const positions = Int32Array.from({ length: size + before + after }, (_, i) => {
    const at = i - before;
    if (mode === "replicate") return Math.min(Math.max(at, 0), size - 1);
    if (mode === "circular") return (at + size) % size;
    return at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
  });
  return tensor(positions, { device: x.device });
}
