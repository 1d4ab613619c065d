import { type Expr, expr, type Rule } from "@anneal/kernel";

/** A rule before its slots and scalars have numbers. */
export interface RuleDefinition<State extends string, Scalar extends string> {
  readonly name: string;
  readonly state: readonly State[];
  readonly scalars: readonly Scalar[];
  /** The new values of the slots that change, from the old values of all. */
  update(
    slots: Readonly<Record<"param" | "grad" | State, Expr>>,
    scalars: Readonly<Record<Scalar, Expr>>,
  ): Partial<Record<"param" | "grad" | State, Expr>>;
}

/**
 * A rule from a formula over named slots and scalars. Make it once: hosts keep what they compile under the rule.
 *
 * @example
 * import { expr } from "@anneal/kernel";
 *
 * const descend = defineRule({
 *   name: "descend",
 *   state: [],
 *   scalars: ["lr"],
 *   update: ({ param, grad }, { lr }) => ({ param: expr.sub(param, expr.mul(lr, grad)) }),
 * });
 * const w = arrayParameter(Float32Array.of(1));
 * w.grad = Float32Array.of(0.5);
 * w.update(descend, [], [0.1]);
 * w.data; // => Float32Array [0.95]
 */
export function defineRule<State extends string, Scalar extends string>(
  definition: RuleDefinition<State, Scalar>,
): Rule {
  const { name, state, scalars } = definition;
  const slots = ["param", "grad", ...state] as const;
  const loads = Object.fromEntries(slots.map((slot, index) => [slot, expr.load(index)])) as Record<
    "param" | "grad" | State,
    Expr
  >;
  const args = Object.fromEntries(scalars.map((scalar, index) => [scalar, expr.arg(index)])) as Record<Scalar, Expr>;
  const values = definition.update(loads, args);
  const updates = slots.flatMap((each, slot) => {
    const value = values[each];
    return value ? [{ slot, value }] : [];
  });
  return { name, state, scalars, updates };
}

/** A value made once for each combination of flags. `first` is bit 0, the next bit 1, and so on. */
export function byFlags<T>(make: (...flags: boolean[]) => T): (...flags: boolean[]) => T {
  const made: T[] = [];
  return (...flags) => {
    let bits = 0;
    for (let i = 0; i < flags.length; i++) if (flags[i]) bits |= 1 << i;
    // biome-ignore lint/suspicious/noAssignInExpressions: the value is made where it is first asked for.
    return (made[bits] ??= make(...flags));
  };
}
