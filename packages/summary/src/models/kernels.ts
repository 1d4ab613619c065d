import { type Grid, type MakeGridOptions, makeGrid } from "../images/make-grid.ts";
import { readPixels } from "../images/pixels.ts";
import { OptionError } from "../options/option-error.ts";
import type { ShapedNumbers } from "../values/numbers.ts";

/** A layer with kernels: the weight of a convolution, [out, in, H, W]. */
export interface HasKernels {
  readonly weight: ShapedNumbers;
}

export interface KernelsOptions extends MakeGridOptions {
  /** Show the kernels of each three input channels in colors. @defaultValue true if there are three */
  readonly color?: boolean;
}

/**
 * The kernels of a convolution as a grid, each spread over black to white by itself: a row for each output channel with a kernel for each
 * input channel; of one input channel, or of red, green and blue, a gray or colored kernel for each output channel, 8 in a row.
 *
 * @param options - those of {@link makeGrid}, but `normalize` and `scaleEach` are true if not said otherwise
 * @returns what `addImage` takes
 * @throws {OptionError} if the weight is not [out, in, H, W]
 * @example
 * const { shape } = await kernels(new Conv2d(3, 16, 3));
 * shape; // => [3, 12, 42]
 */
export async function kernels(layer: HasKernels, options: KernelsOptions = {}): Promise<Grid> {
  const { shape, data, dtype } = await readPixels("kernels", "weight", layer.weight);
  const [out, input, height, width] = shape;
  if (shape.length !== 4 || !out || !input || !height || !width) {
    throw new OptionError(
      `kernels: the weight has the shape [${shape.join(", ")}]. Give a convolution over pictures, whose weight is [out, in, H, W].`,
    );
  }
  const { color = input === 3, ...gridOptions } = options;
  if (color && input !== 3) {
    throw new OptionError(`kernels: a kernel of ${input} input channels has no color. Leave out color, or say false.`);
  }
  return color
    ? makeGrid({ shape, data, dtype }, { normalize: true, scaleEach: true, ...gridOptions })
    : makeGrid(
        { shape: [out * input, 1, height, width], data, dtype },
        { normalize: true, scaleEach: true, nrow: input === 1 ? 8 : input, ...gridOptions },
      );
}
