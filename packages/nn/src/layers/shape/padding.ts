import { OptionError, type PadOptions, ShapeError, type Tensor } from "@anneal/tensor";
import { checkNumber, shown } from "../../check-options.ts";
import { Module } from "../../module/module.ts";

/** How many elements to add: one number for all sides, or one each. */
export type Sides1d = number | readonly [left: number, right: number];
export type Sides2d = number | readonly [left: number, right: number, top: number, bottom: number];
export type Sides3d =
  | number
  | readonly [left: number, right: number, top: number, bottom: number, front: number, back: number];

const inputs = ["[N, C, L] or [C, L]", "[N, C, H, W] or [C, H, W]", "[N, C, D, H, W] or [C, D, H, W]"];

/** What layers share that put a border around the last dimensions. */
export abstract class Padding extends Module {
  readonly #padding: number | readonly number[];
  readonly #sides: readonly number[];
  readonly #options: PadOptions;

  constructor(dims: 1 | 2 | 3, padding: number | readonly number[], options: PadOptions) {
    super();
    const { name } = this.constructor;
    const sides = typeof padding === "object" ? [...padding] : new Array<number>(2 * dims).fill(padding);
    // A border that repeats what is inside cannot crop it; one of a constant can, as in PyTorch.
    const least = options.mode === "constant" ? -Infinity : 0;
    if (sides.length !== 2 * dims || sides.some((each) => !Number.isInteger(each) || each < least)) {
      const integers = least === 0 ? "an integer from 0 on" : "an integer";
      const order = ["left", "right", "top", "bottom", "front", "back"].slice(0, 2 * dims);
      throw new OptionError(
        name,
        `padding is ${shown(padding)}`,
        `Give ${integers}, or one for each side: [${order.join(", ")}].`,
      );
    }
    if ("value" in options) checkNumber(name, "value", options.value);
    this.#padding = typeof padding === "object" ? sides : padding;
    this.#sides = sides;
    this.#options = options;
  }

  /** @throws {ShapeError} if its input has too few dimensions, or for a border that repeats what is inside, too many */
  forward(x: Tensor): Tensor {
    const dims = this.#sides.length / 2;
    const fits = this.#options.mode === "constant" ? x.ndim >= dims : x.ndim === dims + 1 || x.ndim === dims + 2;
    if (!fits) {
      const takes = inputs[dims - 1];
      throw new ShapeError(this.constructor.name, `x has the shape [${x.shape.join(", ")}]`, `It takes ${takes}.`);
    }
    return x.pad(this.#sides, this.#options);
  }

  protected override extraRepr(): string {
    const { value } = this.#options;
    return value === undefined ? shown(this.#padding) : `${shown(this.#padding)}, ${value}`;
  }
}
