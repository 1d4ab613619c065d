import { Padding, type Sides1d, type Sides2d, type Sides3d } from "./padding.ts";

/**
 * Zeros around sequences, [N, C, L] or [C, L].
 *
 * @param padding - elements to add, one number or [left, right]; negative numbers crop
 * @throws {OptionError} if the padding is no integer for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html | torch.nn.ZeroPad1d}
 * @example
 * await new ZeroPad1d([1, 2]).forward(tensor([[1, 2]])).array(); // => [[0, 1, 2, 0, 0]]
 */
export class ZeroPad1d extends Padding {
  constructor(padding: Sides1d) {
    super(1, padding, { mode: "constant" });
  }
}

/**
 * Zeros around images, [N, C, H, W] or [C, H, W].
 *
 * @param padding - elements to add, one number or [left, right, top, bottom]; negative numbers crop
 * @throws {OptionError} if the padding is no integer for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html | torch.nn.ZeroPad2d}
 * @example
 * await new ZeroPad2d(1).forward(tensor([[[5]]])).array(); // => [[[0, 0, 0], [0, 5, 0], [0, 0, 0]]]
 */
export class ZeroPad2d extends Padding {
  constructor(padding: Sides2d) {
    super(2, padding, { mode: "constant" });
  }
}

/**
 * Zeros around volumes, [N, C, D, H, W] or [C, D, H, W].
 *
 * @param padding - elements to add, one number or [left, right, top, bottom, front, back]; negative numbers crop
 * @throws {OptionError} if the padding is no integer for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html | torch.nn.ZeroPad3d}
 * @example
 * new ZeroPad3d(1).forward(ones([1, 2, 2, 2])).shape; // => [1, 4, 4, 4]
 */
export class ZeroPad3d extends Padding {
  constructor(padding: Sides3d) {
    super(3, padding, { mode: "constant" });
  }
}
