import { Padding, type Sides1d, type Sides2d, type Sides3d } from "./padding.ts";

/**
 * A border around sequences, [N, C, L] or [C, L] that mirrors what is inside, without the edge itself.
 *
 * @param padding - elements to add, one number or [left, right], each below the size of its dimension
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html | torch.nn.ReflectionPad1d}
 * @example
 * await new ReflectionPad1d(2).forward(tensor([[1, 2, 3]])).array(); // => [[3, 2, 1, 2, 3, 2, 1]]
 */
export class ReflectionPad1d extends Padding {
  constructor(padding: Sides1d) {
    super(1, padding, { mode: "reflect" });
  }
}

/**
 * A border around images, [N, C, H, W] or [C, H, W] that mirrors what is inside, without the edge itself.
 *
 * @param padding - elements to add, one number or [left, right, top, bottom], each below the size of its dimension
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html | torch.nn.ReflectionPad2d}
 * @example
 * await new ReflectionPad2d([1, 0, 1, 0]).forward(tensor([[[1, 2], [3, 4]]])).array(); // => [[[4, 3, 4], [2, 1, 2], [4, 3, 4]]]
 */
export class ReflectionPad2d extends Padding {
  constructor(padding: Sides2d) {
    super(2, padding, { mode: "reflect" });
  }
}

/**
 * A border around volumes, [N, C, D, H, W] or [C, D, H, W] that mirrors what is inside, without the edge itself.
 *
 * @param padding - elements to add, one number or [left, right, top, bottom, front, back], each below the size of its dimension
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html | torch.nn.ReflectionPad3d}
 * @example
 * new ReflectionPad3d(1).forward(ones([1, 2, 2, 2])).shape; // => [1, 4, 4, 4]
 */
export class ReflectionPad3d extends Padding {
  constructor(padding: Sides3d) {
    super(3, padding, { mode: "reflect" });
  }
}
