import { eye, OptionError, ShapeError, type Tensor, tensor } from "@anneal/tensor";
import { checkSize } from "../check-options.ts";
import { inPlace } from "./in-place.ts";

/**
 * In place: the identity matrix, so that a `Linear` layer passes on as many of its inputs as it can.
 *
 * @param x - [rows, columns]
 * @throws {ShapeError} unless it has two dimensions
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.eye_ | torch.nn.init.eye_}
 * @example
 * init.eye_(empty([2, 3])).arraySync(); // => [[1, 0, 0], [0, 1, 0]]
 */
export function eye_<T extends Tensor>(x: T): T {
  const [rows = 0, columns = 0] = x.shape;
  if (x.ndim !== 2) {
    throw new ShapeError("eye_", `x has the shape [${x.shape.join(", ")}]`, "Give a matrix, [rows, columns].");
  }
  return inPlace(x, () => x.copy_(eye(rows, columns, { dtype: x.dtype, device: x.device })));
}

export interface DiracOptions {
  /** Output channels are split into so many groups, each of which passes on its inputs. @defaultValue 1 */
  readonly groups?: number;
}

/**
 * In place: a 1 in the middle of the kernel from each input channel to the output channel of its number, else 0, so that a convolution
 * passes on as many of its inputs as it can.
 *
 * @param x - the weight of a convolution, [out, in / groups, ...] with one to three sizes of the kernel
 * @throws {ShapeError} if it has fewer or more dimensions
 * @throws {OptionError} if `groups` does not divide the output channels
 * @see {@link https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_ | torch.nn.init.dirac_}
 * @example
 * init.dirac_(empty([2, 1, 3])).arraySync(); // => [[[0, 1, 0]], [[0, 0, 0]]]
 */
export function dirac_<T extends Tensor>(x: T, { groups = 1 }: DiracOptions = {}): T {
  if (x.ndim < 3 || x.ndim > 5) {
    throw new ShapeError(
      "dirac_",
      `x has the shape [${x.shape.join(", ")}]`,
      "Give the weight of a convolution, of 3 to 5 dimensions.",
    );
  }
  const [out, perGroup, ...kernel] = x.shape as [number, number, ...number[]];
  checkSize("dirac_", "groups", groups, 1);
  if (out % groups !== 0) {
    throw new OptionError("dirac_", `groups ${groups} does not divide ${out} output channels`, "It must divide them.");
  }
  const numbers = new Float32Array(x.numel);
  const size = kernel.reduce((product, each) => product * each, 1);
  const middle = kernel.reduce((place, each) => place * each + Math.floor(each / 2), 0);
  for (let i = 0; i < out && size > 0; i++) {
    const channel = i % (out / groups);
    if (channel < perGroup) numbers[(i * perGroup + channel) * size + middle] = 1;
  }
  return inPlace(x, () => x.copy_(tensor(numbers, { shape: x.shape, device: x.device })));
}
