import { ones, ShapeError, type Tensor, zeros } from "@anneal/tensor";
import { checkNumber, checkSize, shownArguments, shownOptions, withDefaults } from "../../check-options.ts";
import { checkGroups, groupNorm } from "../../functional/group-norm.ts";
import { Module } from "../../module/module.ts";
import { Parameter } from "../../module/parameter.ts";

export interface GroupNormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly eps?: number;
  /** Learn a factor and a shift for each channel. @defaultValue true */
  readonly affine?: boolean;
  /** Learn the shift too. Nothing without `affine`. @defaultValue true */
  readonly bias?: boolean;
}

const defaults = { eps: 1e-5, affine: true, bias: true };

/**
 * Group normalization: each group of channels of each sample by its own mean and variance, in training and in eval mode.
 *
 * @param numGroups - the channels are split into so many groups
 * @param numChannels - C of its input
 * @throws {OptionError} if an option is out of its range, or numGroups does not divide numChannels
 * @throws {ShapeError} from `forward`, if there is one value for each group, which has no variance
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html | torch.nn.GroupNorm}
 * @example
 * new GroupNorm(2, 6).forward(randn([8, 6, 4, 4])).shape; // => [8, 6, 4, 4]
 */
export class GroupNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly #numGroups: number;
  readonly #numChannels: number;
  readonly #options: Required<GroupNormOptions>;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    const { eps, affine, bias } = withDefaults(defaults, options);
    checkSize("GroupNorm", "numChannels", numChannels, 1);
    checkGroups("GroupNorm", numGroups, numChannels);
    checkNumber("GroupNorm", "eps", eps, { from: 0 });
    this.#numGroups = numGroups;
    this.#numChannels = numChannels;
    this.#options = { eps, affine, bias };
    this.weight = affine ? new Parameter(ones([numChannels])) : null;
    this.bias = affine && bias ? new Parameter(zeros([numChannels])) : null;
  }

  /** @param x - [N, C, ...] @returns the same shape */
  forward(x: Tensor): Tensor {
    if (x.ndim < 2 || x.shape[1] !== this.#numChannels) {
      throw new ShapeError(
        "GroupNorm",
        `x has the shape [${x.shape.join(", ")}]`,
        `It takes [N, C, ...] with C = ${this.#numChannels}.`,
      );
    }
    return groupNorm(x, this.#numGroups, { weight: this.weight, bias: this.bias, eps: this.#options.eps });
  }

  protected override extraRepr(): string {
    return shownArguments(String(this.#numGroups), String(this.#numChannels), shownOptions(this.#options, defaults));
  }
}
