import { isFloating } from "../core/dtypes.ts";
import { DTypeError } from "../core/errors.ts";
import { arange } from "../creation/arange.ts";
import { checkIndices } from "../primitives/lookup.ts";
import type { Tensor } from "../tensor.ts";

/**
 * A row of zeros with a one at each index: int32, with a new last dimension.
 *
 * @param numClasses - at least the largest index plus one; left out, exactly that (on devices that hand out numbers while you wait)
 * @throws {OptionError} if an index is below 0 or has no class (on devices that hand out numbers while you wait)
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html | torch.nn.functional.one_hot}
 * @example
 * tensor([2, 0], { dtype: "int32" }).oneHot(3).arraySync(); // => [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(index: Tensor, numClasses?: number): Tensor {
  if (isFloating(index.dtype))
    throw new DTypeError("oneHot", `the index is ${index.dtype}`, 'Indices are integers: index.to("int32").');
  const classes = numClasses ?? (index.numel === 0 ? 0 : index.max().itemSync() + 1);
  checkIndices("oneHot", index, 0, classes);
  return index
    .unsqueeze(-1)
    .eq(arange(classes, { dtype: "int32", device: index.device }))
    .to("int32");
}
