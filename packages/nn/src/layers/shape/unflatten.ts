import { OptionError, type Shape, type Tensor } from "@anneal/tensor";
import { checkDim, shown } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

/**
 * One dimension as several.
 *
 * @param dim - the one
 * @param unflattenedSize - sizes of the several; one may be -1, which is whatever is left
 * @throws {OptionError} if `dim` is no integer, or a size none from 0 on (once -1)
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html | torch.nn.Unflatten}
 * @example
 * new Unflatten(1, [16, -1, 4]).forward(ones([8, 256])).shape; // => [8, 16, 4, 4]
 */
export class Unflatten extends Module {
  readonly #dim: number;
  readonly #sizes: Shape;

  constructor(dim: number, unflattenedSize: Shape) {
    super();
    checkDim("Unflatten", "dim", dim);
    const known = unflattenedSize.filter((size) => size !== -1);
    if (
      unflattenedSize.length === 0 ||
      unflattenedSize.length - known.length > 1 ||
      known.some((size) => !Number.isInteger(size) || size < 0)
    ) {
      throw new OptionError(
        "Unflatten",
        `unflattenedSize is ${shown(unflattenedSize)}`,
        "Give a list of integers from 0 on; one of them may be -1.",
      );
    }
    this.#dim = dim;
    this.#sizes = [...unflattenedSize];
  }

  /** @throws {ShapeError} if the product of the sizes is not the dimension's */
  forward(x: Tensor): Tensor {
    return x.unflatten(this.#dim, this.#sizes);
  }

  protected override extraRepr(): string {
    return `${this.#dim}, ${shown(this.#sizes)}`;
  }
}
