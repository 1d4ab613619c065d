import { Padding, type Sides1d, type Sides2d, type Sides3d } from "./padding.ts";

/**
 * A border around sequences, [N, C, L] or [C, L] that continues on the other side.
 *
 * @param padding - elements to add, one number or [left, right], each at most the size of its dimension
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html | torch.nn.CircularPad1d}
 * @example
 * await new CircularPad1d(2).forward(tensor([[1, 2, 3]])).array(); // => [[2, 3, 1, 2, 3, 1, 2]]
 */
export class CircularPad1d extends Padding {
  constructor(padding: Sides1d) {
    super(1, padding, { mode: "circular" });
  }
}

/**
 * A border around images, [N, C, H, W] or [C, H, W] that continues on the other side.
 *
 * @param padding - elements to add, one number or [left, right, top, bottom], each at most the size of its dimension
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html | torch.nn.CircularPad2d}
 * @example
 * await new CircularPad2d([1, 0, 1, 0]).forward(tensor([[[1, 2], [3, 4]]])).array(); // => [[[4, 3, 4], [2, 1, 2], [4, 3, 4]]]
 */
export class CircularPad2d extends Padding {
  constructor(padding: Sides2d) {
    super(2, padding, { mode: "circular" });
  }
}

/**
 * A border around volumes, [N, C, D, H, W] or [C, D, H, W] that continues on the other side.
 *
 * @param padding - elements to add, one number or [left, right, top, bottom, front, back], each at most the size of its dimension
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html | torch.nn.CircularPad3d}
 * @example
 * new CircularPad3d(1).forward(ones([1, 2, 2, 2])).shape; // => [1, 4, 4, 4]
 */
export class CircularPad3d extends Padding {
  constructor(padding: Sides3d) {
    super(3, padding, { mode: "circular" });
  }
}
