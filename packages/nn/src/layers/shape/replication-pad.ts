import { Padding, type Sides1d, type Sides2d, type Sides3d } from "./padding.ts";

/**
 * A border around sequences, [N, C, L] or [C, L] that repeats the edge.
 *
 * @param padding - elements to add, one number or [left, right]
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html | torch.nn.ReplicationPad1d}
 * @example
 * await new ReplicationPad1d(2).forward(tensor([[1, 2, 3]])).array(); // => [[1, 1, 1, 2, 3, 3, 3]]
 */
export class ReplicationPad1d extends Padding {
  constructor(padding: Sides1d) {
    super(1, padding, { mode: "replicate" });
  }
}

/**
 * A border around images, [N, C, H, W] or [C, H, W] that repeats the edge.
 *
 * @param padding - elements to add, one number or [left, right, top, bottom]
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html | torch.nn.ReplicationPad2d}
 * @example
 * await new ReplicationPad2d([1, 0, 1, 0]).forward(tensor([[[1, 2], [3, 4]]])).array(); // => [[[1, 1, 2], [1, 1, 2], [3, 3, 4]]]
 */
export class ReplicationPad2d extends Padding {
  constructor(padding: Sides2d) {
    super(2, padding, { mode: "replicate" });
  }
}

/**
 * A border around volumes, [N, C, D, H, W] or [C, D, H, W] that repeats the edge.
 *
 * @param padding - elements to add, one number or [left, right, top, bottom, front, back]
 * @throws {OptionError} if the padding is no integer from 0 on for each side
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html | torch.nn.ReplicationPad3d}
 * @example
 * new ReplicationPad3d(1).forward(ones([1, 2, 2, 2])).shape; // => [1, 4, 4, 4]
 */
export class ReplicationPad3d extends Padding {
  constructor(padding: Sides3d) {
    super(3, padding, { mode: "replicate" });
  }
}
