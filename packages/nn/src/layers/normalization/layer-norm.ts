import { ones, type Tensor, zeros } from "@anneal/tensor";
import { checkNumber, shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { layerNorm } from "../../functional/layer-norm.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";
import { checkNormalizedShape } from "./normalized-shape.ts";

export interface LayerNormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
  /** Learn a factor and a shift for each element of the normalized shape. @defaultValue true */
  readonly elementwiseAffine?: boolean;
  /** Learn the shift too. Nothing without `elementwiseAffine`. @defaultValue true */
  readonly bias?: boolean;
}

const defaults = { eps: 1e-5, elementwiseAffine: true, bias: true };

/**
 * Layer normalization: the last dimensions of each sample by their own mean and variance, in training and in eval mode.
 *
 * @param normalizedShape - sizes of the last dimensions of its input, or the size of the last one
 * @throws {OptionError} if an option is out of its range
 * @throws {ShapeError} from `forward`, if its input does not end in the normalized shape
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html | torch.nn.LayerNorm}
 * @example
 * new LayerNorm(16).forward(randn([8, 5, 16])).shape; // => [8, 5, 16]
 * new LayerNorm([3, 4, 4]).forward(randn([8, 3, 4, 4])).shape; // => [8, 3, 4, 4]
 */
export class LayerNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly #normalizedShape: number | readonly number[];
  readonly #options: Required<LayerNormOptions>;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps, elementwiseAffine, bias } = withDefaults(defaults, options);
    const sizes = checkNormalizedShape("LayerNorm", normalizedShape);
    checkNumber("LayerNorm", "eps", eps, { from: 0 });
    this.#normalizedShape = normalizedShape;
    this.#options = { eps, elementwiseAffine, bias };
    this.weight = elementwiseAffine ? new Parameter(ones(sizes)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(sizes)) : null;
  }

  /** @param x - [..., S], S being the normalized shape @returns the same shape */
  forward(x: Tensor): Tensor {
    return layerNorm(x, this.#normalizedShape, { weight: this.weight, bias: this.bias, eps: this.#options.eps });
  }

  protected override extraRepr(): string {
    return shownArguments(shown(this.#normalizedShape), shownOptions(this.#options, defaults));
  }
}
