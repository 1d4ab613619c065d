import type { Tensor } from "@anneal/tensor";
import type { Parameter } from "../../module/parameter.ts";
import { asParameter } from "./check-member.ts";
import { type Entries, entriesOf, Keyed } from "./keyed.ts";

/**
 * Parameters by name, in the order in which they were put there; the names are those in the state dict.
 *
 * @param parameters - a map, a list of pairs, or a plain object (which puts keys that are whole numbers first); tensors become parameters
 *   over the same memory
 * @throws {OptionError} if a name is empty or has a dot, or something is no tensor
 * @see {@link https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html | torch.nn.ParameterDict}
 * @example
 * const scales = new ParameterDict({ left: ones([2]), right: ones([3]) });
 * scales.get("right")?.shape; // => [3]
 */
export class ParameterDict extends Keyed<Parameter> {
  constructor(parameters: Entries<Parameter | Tensor> = {}) {
    super();
    for (const [key, parameter] of entriesOf(parameters)) this.set(key, parameter);
  }

  /** Put a parameter under a name; one that is there already keeps its place in the order. */
  set(key: string, parameter: Parameter | Tensor): this {
    return this.put(key, asParameter("ParameterDict", parameter));
  }

  protected override extraRepr(): string {
    return [...this].map(([key, { shape }]) => `${key}: [${shape.join(", ")}]`).join(", ");
  }
}
