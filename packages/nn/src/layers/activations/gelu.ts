import { gelu, type Tensor } from "@anneal/tensor";
import { checkChoice } from "../../check-options.ts";
import { Activation } from "./activation.ts";

export interface GELUOptions {
  /** `"tanh"`: the approximation that GPT-2 was trained with. @defaultValue "none" */
  readonly approximate?: "none" | "tanh";
}

/**
 * `x Φ(x)` with the normal distribution's Φ; with `approximate: "tanh"`, `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`.
 *
 * @throws {OptionError} if `approximate` is another word
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html | torch.nn.GELU}
 * @see {@link https://arxiv.org/abs/1606.08415 | GELU, Hendrycks & Gimpel 2016}
 * @example
 * await new GELU({ approximate: "tanh" }).forward(tensor([0, 1000])).array(); // => [0, 1000]
 */
export class GELU extends Activation<GELUOptions> {
  constructor(options: GELUOptions = {}) {
    super({ approximate: "none" }, options);
    checkChoice("GELU", "approximate", this.options.approximate, ["none", "tanh"]);
  }

  forward(x: Tensor): Tensor {
    return gelu(x, this.options);
  }
}
