/** An option outside what it may be: which optimizer, which option, what it needs, what it got. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";

  constructor(where: string, option: string, need: string, got: unknown) {
    super(`${where}: ${option} must be ${need}, got ${typeof got === "number" ? String(got) : JSON.stringify(got)}.`);
  }
}

/** `value >= 0`; NaN is not. */
export function requireNonNegative(where: string, option: string, value: number): void {
  if (!(typeof value === "number" && value >= 0)) throw new OptionError(where, option, "0 or more", value);
}

/** Both of `betas` in [0, 1). */
export function requireBetas(where: string, betas: readonly number[]): void {
  const inside = (beta: unknown): boolean => typeof beta === "number" && beta >= 0 && beta < 1;
  if (!(Array.isArray(betas) && betas.length === 2 && betas.every(inside))) {
    throw new OptionError(where, "betas", "two numbers from 0 up to, but not including, 1", betas);
  }
}

/** Options of PyTorch that choose between its implementations: stored, so that state dicts agree, but only what makes sense here passes. */
export interface ImplementationOptions {
  /** @defaultValue null */
  foreach?: boolean | null;
  /** @defaultValue null */
  fused?: boolean | null;
  /** @defaultValue false */
  differentiable?: boolean;
}

export function requireOneImplementation(
  where: string,
  { foreach, fused, differentiable }: ImplementationOptions,
): void {
  if (differentiable) {
    throw new OptionError(where, "differentiable", "false: a step cannot be differentiated here", differentiable);
  }
  if (foreach && fused) throw new OptionError(where, "foreach", "false or null when fused is true", foreach);
}
