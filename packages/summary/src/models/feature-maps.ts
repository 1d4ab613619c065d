import { type Grid, type MakeGridOptions, makeGrid } from "../images/make-grid.ts";
import { readPixels } from "../images/pixels.ts";
import { OptionError } from "../options/option-error.ts";
import type { ShapedNumbers } from "../values/numbers.ts";
import { callForward, checkModel, type HookedModel, inEvaluation } from "./hooked-module.ts";

export interface FeatureMapsOptions extends MakeGridOptions {
  /** Which picture of the batch. @defaultValue 0 */
  readonly image?: number;
}

/**
 * What layers make of a picture: for each layer a grid of its channels in gray, each spread over black to white by itself.
 *
 * The model runs once in evaluation mode; each module's own mode is put back. Inside of `noGrad` nothing is recorded.
 *
 * @param model - such as a module of `@anneal/nn`
 * @param input - what its `forward` takes: one tensor, or a list of all inputs
 * @param layers - dotted names of modules that give [N, C, H, W] or [C, H, W], as in `namedModules()`
 * @param options - those of {@link makeGrid}, but `normalize` and `scaleEach` are true if not said otherwise
 * @returns by the layers' names, in their order, what `addImage` takes
 * @throws {OptionError} if there is no such layer, it was not called, or what it gives is no picture
 * @example
 * class Net extends Module {
 *   conv = new Conv2d(3, 16, 3, { padding: 1 });
 *   forward(x: Tensor): Tensor {
 *     return this.conv.forward(x).relu();
 *   }
 * }
 * const maps = await featureMaps(new Net(), ones([1, 3, 32, 32]), ["conv"]);
 * maps.conv?.shape; // => [3, 70, 274]
 */
export async function featureMaps(
  model: HookedModel,
  input: unknown,
  layers: readonly string[],
  options: FeatureMapsOptions = {},
): Promise<Record<string, Grid>> {
  const { image = 0, ...gridOptions } = options;
  checkModel("featureMaps", model);
  const outputs = outputsOf(model, input, layers);
  const grids: [string, Grid][] = [];
  const read = await Promise.all(
    layers.map((name) => readPixels("featureMaps", `what ${name} gives`, outputs.get(name) as ShapedNumbers)),
  );
  for (const [i, { shape, data, dtype }] of read.entries()) {
    const name = layers[i] as string;
    const [count, channels, height, width] = [1, ...shape].slice(-4) as [number, number, number, number];
    if (shape.length < 3 || shape.length > 4) {
      throw new OptionError(
        `featureMaps: ${name} gives [${shape.join(", ")}]. Name layers that give pictures, [N, C, H, W] or [C, H, W].`,
      );
    }
    if (!Number.isInteger(image) || image < 0 || image >= count) {
      throw new OptionError(`featureMaps: image is ${image}, the batch has ${count}. Count from 0.`);
    }
    const size = channels * height * width;
    const maps = {
      shape: [channels, 1, height, width],
      dtype,
      data: Array.prototype.slice.call(data, image * size, (image + 1) * size),
    };
    grids.push([name, makeGrid(maps, { normalize: true, scaleEach: true, ...gridOptions })]);
  }
  return Object.fromEntries(grids);
}

/** What each layer gives; of one that is called several times what it gave last. */
function outputsOf(model: HookedModel, input: unknown, layers: readonly string[]): Map<string, unknown> {
  const modules = new Map(model.namedModules());
  const outputs = new Map<string, unknown>();
  const watched = layers.map((name) => {
    const module = modules.get(name);
    if (!module) {
      const names = [...modules.keys()].filter((each) => each !== "");
      throw new OptionError(`featureMaps: the model has no layer ${JSON.stringify(name)}. It has ${names.join(", ")}.`);
    }
    return { name, module };
  });
  const handles = watched.map(({ name, module }) =>
    module.registerForwardHook((_, __, output) => void outputs.set(name, output)),
  );
  try {
    inEvaluation(model, () => callForward(model, Array.isArray(input) ? input : [input]));
  } finally {
    for (const handle of handles) handle.remove();
  }
  const missing = layers.find((name) => !outputs.has(name));
  if (missing !== undefined) throw new OptionError(`featureMaps: the model did not call its layer ${missing}.`);
  return outputs;
}
