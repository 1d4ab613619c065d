import {
  type ImplementationOptions,
  requireBetas,
  requireNonNegative,
  requireOneImplementation,
} from "./option-error.ts";

/** What Adam and its relatives have in common. */
interface AdamLikeOptions extends ImplementationOptions {
  lr: number;
  betas: readonly [beta1: number, beta2: number];
  eps: number;
  weightDecay: number;
}

/** @throws {OptionError} if `lr`, `eps` or `weightDecay` is negative, or one of `betas` is outside [0, 1) */
export function checkAdamOptions(where: string, options: AdamLikeOptions): void {
  requireNonNegative(where, "lr", options.lr);
  requireNonNegative(where, "eps", options.eps);
  requireBetas(where, options.betas);
  requireNonNegative(where, "weightDecay", options.weightDecay);
  requireOneImplementation(where, options);
}
