import { type InterpolateOptions, interpolate, OptionError, type Tensor } from "@anneal/tensor";
import { checkChoice, shown, shownOptions } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

const modes = ["nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic"];

/**
 * Images, signals or volumes in another size.
 *
 * @param options - `size` or `scaleFactor`, and how
 * @throws {OptionError} if an option is out of its range, or not one of `size` and `scaleFactor` is given
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html | torch.nn.Upsample}
 * @example
 * new Upsample({ scaleFactor: 2, mode: "bilinear" }).forward(ones([8, 3, 16, 16])).shape; // => [8, 3, 32, 32]
 */
export class Upsample extends Module {
  readonly #options: InterpolateOptions;

  constructor(options: InterpolateOptions) {
    super();
    const { size, scaleFactor, mode = "nearest", alignCorners = false } = options;
    if ((size === undefined) === (scaleFactor === undefined)) {
      throw new OptionError("Upsample", "size and scaleFactor are both given or both missing", "Give one of them.");
    }
    checkAll("size", size, "an integer from 1 on", (each) => Number.isInteger(each) && each >= 1);
    checkAll("scaleFactor", scaleFactor, "a number above 0", (each) => each > 0 && each < Infinity);
    checkChoice("Upsample", "mode", mode, modes);
    if (alignCorners && mode.startsWith("nearest"))
      throw new OptionError("Upsample", `alignCorners has no meaning for ${mode}`, "Leave it out.");
    this.#options = { ...options };
  }

  /** @param x - [N, C, H, W]; other numbers of dimensions as the mode is for @returns [N, C, OH, OW] */
  forward(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }

  protected override extraRepr(): string {
    return shownOptions(this.#options, { mode: "nearest", alignCorners: false });
  }
}

function checkAll(
  name: string,
  value: number | readonly number[] | undefined,
  what: string,
  holds: (each: number) => boolean,
): void {
  const all = value === undefined ? [] : typeof value === "number" ? [value] : value;
  if (!all.every(holds)) {
    throw new OptionError("Upsample", `${name} is ${shown(value)}`, `Give ${what}, or one for each dimension.`);
  }
}
