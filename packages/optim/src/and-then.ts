export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";

/** `next(value)`: at once, or, where the value is a promise, once it is there. */
export function andThen<Result>(value: unknown, next: (value: unknown) => Result): unknown {
  return isPromise(value) ? value.then(next) : next(value);
}
