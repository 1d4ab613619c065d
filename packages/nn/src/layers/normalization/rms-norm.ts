import { ones, type Tensor } from "@anneal/tensor";
import { checkNumber, shown, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { rmsNorm } from "../../functional/rms-norm.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";
import { checkNormalizedShape } from "./normalized-shape.ts";

export interface RMSNormOptions {
  /** Added to the mean square; null for the distance from 1 to the next number of the dtype. @defaultValue null */
  readonly eps?: number | null;
  /** Learn a factor for each element of the normalized shape. @defaultValue true */
  readonly elementwiseAffine?: boolean;
}

const defaults: Required<RMSNormOptions> = { eps: null, elementwiseAffine: true };

/**
 * Root mean square normalization: the last dimensions of each sample divided by the root of their mean square.
 *
 * @param normalizedShape - sizes of the last dimensions of its input, or the size of the last one
 * @throws {OptionError} if an option is out of its range
 * @throws {ShapeError} from `forward`, if its input does not end in the normalized shape
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html | torch.nn.RMSNorm}
 * @example
 * new RMSNorm(16).forward(randn([8, 5, 16])).shape; // => [8, 5, 16]
 */
export class RMSNorm extends Module {
  weight: Parameter | null;
  readonly #normalizedShape: number | readonly number[];
  readonly #options: Required<RMSNormOptions>;

  constructor(normalizedShape: number | readonly number[], options: RMSNormOptions = {}) {
    super();
    const { eps, elementwiseAffine } = withDefaults(defaults, options);
    const sizes = checkNormalizedShape("RMSNorm", normalizedShape);
    if (eps !== null) checkNumber("RMSNorm", "eps", eps, { from: 0 });
    this.#normalizedShape = normalizedShape;
    this.#options = { eps, elementwiseAffine };
    this.weight = elementwiseAffine ? new Parameter(ones(sizes)) : null;
  }

  /** @param x - [..., S], S being the normalized shape @returns the same shape */
  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.#normalizedShape, { weight: this.weight, eps: this.#options.eps });
  }

  protected override extraRepr(): string {
    return shownArguments(shown(this.#normalizedShape), shownOptions(this.#options, defaults));
  }
}
