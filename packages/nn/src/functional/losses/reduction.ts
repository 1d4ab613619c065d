import type { Tensor } from "@anneal/tensor";
import { checkChoice } from "../../check-options.ts";

/** What becomes of the losses of a batch. */
export type Reduction = "none" | "mean" | "sum";

export interface LossOptions {
  /** The losses as they are, their mean, or their sum. @defaultValue "mean" */
  readonly reduction?: Reduction;
}

/** @throws {OptionError} if the reduction is none */
export function lossOptions(where: string, { reduction = "mean" }: LossOptions): Required<LossOptions> {
  checkReduction(where, reduction);
  return { reduction };
}

/** @throws {OptionError} if it is no reduction, nor another one that this loss has */
export const checkReduction = (where: string, reduction: string, ...others: string[]): void =>
  checkChoice(where, "reduction", reduction, ["none", "mean", ...others, "sum"]);

/** The result of a loss from those of its elements or samples. */
export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  switch (reduction) {
    case "none":
      return losses;
    case "mean":
      return losses.mean();
    case "sum":
      return losses.sum();
    default:
      return reduction satisfies never;
  }
}
