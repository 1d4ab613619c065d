import { noGrad, OptionError, randn, scope, type Tensor } from "@anneal/tensor";
import { checkNumber, checkSize, shownOptions, withDefaults } from "../check-options.ts";
import { normalize } from "../functional/normalize.ts";
import { TransposedConvolution } from "../layers/convolution/transposed-convolution.ts";
import { Module } from "../module/module.ts";
import { currentValue, registerParametrization } from "./register.ts";

export interface SpectralNormOptions {
  /** Of the parameter. @defaultValue "weight" */
  readonly name?: string;
  /** Steps of the power iteration at each reading in training mode. @defaultValue 1 */
  readonly nPowerIterations?: number;
  /** Smaller norms count as this. @defaultValue 1e-12 */
  readonly eps?: number;
  /** The dimension of the outputs; the others together are the columns of a matrix. @defaultValue 0, of transposed convolutions 1 */
  readonly dim?: number;
}

const defaults = { nPowerIterations: 1, eps: 1e-12, dim: 0 };

/** `original / σ`, with σ from vectors that follow the largest singular ones. */
class SpectralNorm extends Module {
  readonly #options: typeof defaults;

  constructor(weight: Tensor, options: typeof defaults) {
    super();
    this.#options = options;
    if (weight.ndim < 2) return;
    noGrad(() => {
      const matrix = this.#asMatrix(weight);
      for (const [d, name] of ["_u", "_v"].entries()) {
        const drawn = randn([matrix.shape[d] as number], { dtype: weight.dtype, device: weight.device });
        this.registerBuffer(name, this.#unit(drawn));
      }
      // From anywhere to near the largest singular vectors; each later step follows the training.
      this.#iterate(matrix, 15);
    });
  }

  forward(weight: Tensor): Tensor {
    const matrix = weight.ndim < 2 ? weight : this.#asMatrix(weight);
    if (this.training) this.#iterate(matrix, this.#options.nPowerIterations);
    // Copies: the gradient needs them as they are now, and the next forward pass changes them.
    const [u, v] = [this.buffer("_u")?.clone(), this.buffer("_v")?.clone()];
    return u && v ? weight.div(u.matmul(matrix.matmul(v))) : this.#unit(weight);
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }

  #asMatrix(weight: Tensor): Tensor {
    const { dim } = this.#options;
    const others = weight.shape.flatMap((_, d) => (d === dim ? [] : [d]));
    return weight.permute([dim, ...others]).flatten(1);
  }

  #unit(vector: Tensor): Tensor {
    return normalize(vector, { dim: 0, eps: this.#options.eps });
  }

  /** Turn `_u` and `_v` towards the left and the right singular vector of the largest singular value. */
  #iterate(matrix: Tensor, steps: number): void {
    const [left, right] = [this.buffer("_u"), this.buffer("_v")];
    if (!left || !right) return;
    scope(() =>
      noGrad(() => {
        for (let step = 0; step < steps; step++) {
          left.copy_(this.#unit(matrix.matmul(right))).realize();
          right.copy_(this.#unit(matrix.T.matmul(left))).realize();
        }
      }),
    );
  }

  protected override extraRepr(): string {
    return shownOptions(this.#options, defaults);
  }
}

/**
 * Spectral normalization: `weight = original / σ(original)`, σ being the largest singular value, so that a layer makes no difference
 * between two inputs larger. (A vector is divided by its norm.)
 *
 * σ is estimated by power iteration, whose vectors `_u` and `_v` are kept from one time to the next: each time the weight is read in
 * training mode, that is once for each forward pass of most layers, they go `nPowerIterations` further. In eval mode they stay. In the
 * state dict stand `parametrizations.weight.original`, `parametrizations.weight.0._u` and `parametrizations.weight.0._v`.
 *
 * @param module - changed, and returned
 * @throws {OptionError} if there is no such parameter, or an option is out of its range
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html | torch.nn.utils.parametrizations.spectral_norm}
 * @see {@link https://arxiv.org/abs/1802.05957 | Spectral Normalization for Generative Adversarial Networks, Miyato et al. 2018}
 * @example
 * const layer = spectralNorm(new Linear(20, 40));
 * layer.forward(ones([20])).shape; // => [40]
 */
export function spectralNorm<M extends Module>(module: M, options: SpectralNormOptions = {}): M {
  const { name = "weight", ...given } = options;
  const usual = module instanceof TransposedConvolution ? { ...defaults, dim: 1 } : defaults;
  const { nPowerIterations, eps, dim } = withDefaults(usual, given);
  const weight = currentValue("spectralNorm", module, name);
  checkSize("spectralNorm", "nPowerIterations", nPowerIterations, 1);
  checkNumber("spectralNorm", "eps", eps, { from: 0 });
  const rank = weight.ndim;
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    throw new OptionError("spectralNorm", `dim is ${dim}`, `Give an integer from ${-rank} to ${rank - 1}.`);
  }
  const settings = { nPowerIterations, eps, dim: dim < 0 ? dim + rank : dim };
  return registerParametrization(module, name, new SpectralNorm(weight, settings));
}
