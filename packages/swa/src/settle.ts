/** Run `body`, then `close`: also when `body` throws; if it is async, when its promise settles. */
export function closing<Result>(body: () => Result, close: () => void): Result {
  let result: Result;
  try {
    result = body();
  } catch (error) {
    close();
    throw error;
  }
  if (isPromise(result)) return Promise.resolve(result).finally(close) as Result;
  close();
  return result;
}

/** Will its value come later? */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
