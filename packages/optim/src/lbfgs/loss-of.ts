/**
 * The number in what a closure returned: a number, or anything with `item()` or `itemSync()`.
 *
 * @throws {TypeError} if it is none
 */
export async function lossOf(returned: unknown): Promise<number> {
  const { item, itemSync } = (typeof returned === "object" && returned !== null ? returned : {}) as Record<
    string,
    unknown
  >;
  const read = typeof item === "function" ? item : itemSync;
  const loss: unknown = typeof read === "function" ? await read.call(returned) : returned;
  if (typeof loss === "number") return loss;
  throw new TypeError(
    `LBFGS.step: the closure must return the loss, a number or a tensor of one element, but returned ${describe(returned)}. ` +
      "End it with: return loss.",
  );
}

const describe = (value: unknown): string =>
  typeof value === "object" && value !== null ? "something else" : String(value);
