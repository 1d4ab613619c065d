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

/** All of `betas` in [0, 1). */
export function requireBetas(where: string, betas: readonly number[], count: 2 | 3 = 2): void {
  const inside = (beta: unknown): boolean => typeof beta === "number" && beta >= 0 && beta < 1;
  if (!(Array.isArray(betas) && betas.length === count && betas.every(inside))) {
    const numbers = count === 2 ? "two numbers" : "three numbers";
    throw new OptionError(where, "betas", `${numbers} from 0 up to, but not including, 1`, betas);
  }
}

/** A whole number from 1 on. */
export function requireCount(where: string, option: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1)) throw new OptionError(where, option, "a whole number from 1", value);
}

/** `value > 0`; NaN is not. */
export function requirePositive(where: string, option: string, value: number): void {
  if (!(typeof value === "number" && value > 0)) throw new OptionError(where, option, "above 0", value);
}

/** `0 <= value <= 1`; NaN is not. */
export function requireFraction(where: string, option: string, value: number): void {
  if (!(typeof value === "number" && value >= 0 && value <= 1))
    throw new OptionError(where, option, "from 0 to 1", value);
}

/** Two numbers that `fit` each other. */
export function requirePair(
  where: string,
  option: string,
  pair: readonly number[],
  fit: (a: number, b: number) => boolean,
  need: string,
): void {
  if (!(Array.isArray(pair) && pair.length === 2 && fit(Number(pair[0]), Number(pair[1])))) {
    throw new OptionError(where, option, `two numbers, ${need}`, pair);
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

/** What all of PyTorch's optimizers without a fused implementation take besides their own options. */
export interface UnfusedOptions extends Omit<ImplementationOptions, "fused"> {
  /**
   * Climb instead of descend.
   * @defaultValue false
   */
  maximize?: boolean;
  /**
   * Stored for PyTorch's state dicts; means nothing here.
   * @defaultValue false
   */
  capturable?: boolean;
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
