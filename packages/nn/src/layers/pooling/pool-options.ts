import { OptionError } from "@anneal/tensor";
import { shown } from "../../check-options.ts";
import { checkSizes, type Sizes, sizesOf } from "../../check-sizes.ts";

/** What pooling by windows that slide takes. */
export interface SlidingOptions<Size extends Sizes> {
  /** Distance between windows. @defaultValue the kernel size */
  readonly stride?: Size;
  /** Width of the border on both sides, at most half the kernel size. @defaultValue 0 */
  readonly padding?: Size;
  /** Let the last window reach over the end. @defaultValue false */
  readonly ceilMode?: boolean;
}

/** A window of `rank` dimensions, and how it slides. */
export function checkSliding(
  where: string,
  rank: number,
  kernelSize: Sizes,
  { stride, padding }: { readonly stride: Sizes; readonly padding: Sizes },
): void {
  checkSizes(where, "kernelSize", kernelSize, rank, 1);
  checkSizes(where, "stride", stride, rank, 1);
  checkSizes(where, "padding", padding, rank, 0);
  const kernel = sizesOf(kernelSize, rank);
  if (sizesOf(padding, rank).some((each, i) => each > (kernel[i] as number) / 2)) {
    throw new OptionError(
      where,
      `padding ${shown(padding)} is more than half of the kernel size ${shown(kernelSize)}`,
      "Such a window could lie outside. Use less.",
    );
  }
}
