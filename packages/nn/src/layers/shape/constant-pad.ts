import { Padding, type Sides1d, type Sides2d, type Sides3d } from "./padding.ts";

/**
 * A border of one number around sequences, [N, C, L] or [C, L].
 *
 * @param padding - elements to add, one number or [left, right]; negative numbers crop
 * @param value - of the border
 * @throws {OptionError} if the padding is no integer for each side, or the value no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html | torch.nn.ConstantPad1d}
 * @example
 * await new ConstantPad1d([1, 2], 9).forward(tensor([[1, 2]])).array(); // => [[9, 1, 2, 9, 9]]
 */
export class ConstantPad1d extends Padding {
  constructor(padding: Sides1d, value: number) {
    super(1, padding, { mode: "constant", value });
  }
}

/**
 * A border of one number around images, [N, C, H, W] or [C, H, W].
 *
 * @param padding - elements to add, one number or [left, right, top, bottom]; negative numbers crop
 * @param value - of the border
 * @throws {OptionError} if the padding is no integer for each side, or the value no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html | torch.nn.ConstantPad2d}
 * @example
 * await new ConstantPad2d(1, 9).forward(tensor([[[5]]])).array(); // => [[[9, 9, 9], [9, 5, 9], [9, 9, 9]]]
 */
export class ConstantPad2d extends Padding {
  constructor(padding: Sides2d, value: number) {
    super(2, padding, { mode: "constant", value });
  }
}

/**
 * A border of one number around volumes, [N, C, D, H, W] or [C, D, H, W].
 *
 * @param padding - elements to add, one number or [left, right, top, bottom, front, back]; negative numbers crop
 * @param value - of the border
 * @throws {OptionError} if the padding is no integer for each side, or the value no number
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html | torch.nn.ConstantPad3d}
 * @example
 * new ConstantPad3d(1, 9).forward(ones([1, 2, 2, 2])).shape; // => [1, 4, 4, 4]
 */
export class ConstantPad3d extends Padding {
  constructor(padding: Sides3d, value: number) {
    super(3, padding, { mode: "constant", value });
  }
}
