import { type Expr, expr } from "@anneal/kernel";

const { add, mul, neg } = expr;

/** How a step takes the gradient. */
interface WeightDecay {
  readonly maximize: boolean;
  readonly decays: boolean;
  readonly decoupled?: boolean;
}

/**
 * What a step starts from: the parameter `θ` and its gradient `g`, turned round to climb, with weight decay in one of them.
 *
 * @param decay - the L2 coefficient, or, decoupled, what the parameter is multiplied by before anything else: `decayCoefficient` of them
 */
export function withWeightDecay(
  param: Expr,
  grad: Expr,
  decay: Expr,
  { maximize, decays, decoupled = false }: WeightDecay,
): { θ: Expr; g: Expr } {
  const signed = maximize ? neg(grad) : grad;
  return {
    θ: decays && decoupled ? mul(param, decay) : param,
    g: decays && !decoupled ? add(signed, mul(decay, param)) : signed,
  };
}

export const decayCoefficient = (lr: number, weightDecay: number, decoupled: boolean): number =>
  decoupled ? 1 - lr * weightDecay : weightDecay;
