import { OptionError } from "@anneal/tensor";
import { checkSize, shown } from "../../check-options.ts";
import { sizesIn } from "../../functional/layer-norm.ts";

/** @returns the sizes as a list @throws {OptionError} unless they are integers from 1 on, one at least */
export function checkNormalizedShape(where: string, normalizedShape: number | readonly number[]): readonly number[] {
  if (typeof normalizedShape === "number") checkSize(where, "normalizedShape", normalizedShape, 1);
  const sizes = sizesIn(normalizedShape);
  if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new OptionError(
      where,
      `normalizedShape is ${shown(normalizedShape)}`,
      "Give an integer from 1 on, or a list of them.",
    );
  }
  return sizes;
}
