/** Something entered and left in the manner of brackets. */
export interface Guard extends Disposable {
  close(): void;
}

/**
 * A stack of states that are entered and left in the manner of brackets, by functions (async ones too) or by `using`. States that overlap
 * in time without nesting would silently apply to each other's work, so leaving them is an error that says what happened.
 */
export class Nesting<State> {
  readonly #what: string;
  readonly #stack: { state: State; leave: (result: unknown) => void }[] = [];

  constructor(what: string) {
    this.#what = what;
  }

  get current(): State | undefined {
    return this.#stack.at(-1)?.state;
  }

  /** Enter a state until the guard is closed; `leave` gets the function's result, or undefined. */
  enter(state: State, leave: (result: unknown) => void = () => {}): Guard & { closeWith(result: unknown): void } {
    const entry = { state, leave };
    this.#stack.push(entry);
    let open = true;
    const closeWith = (result: unknown): void => {
      if (!open) return;
      open = false;
      const top = this.#stack.at(-1) === entry;
      const at = this.#stack.lastIndexOf(entry);
      if (at >= 0) this.#stack.splice(at, 1);
      leave(result);
      if (!top) {
        throw new Error(
          `${this.#what}: two of them overlap in time without nesting, so each was in force during the other's work. ` +
            "Await one before you start the next, or run the work that overlaps in a worker of its own.",
        );
      }
    };
    return { closeWith, close: () => closeWith(undefined), [Symbol.dispose]: () => closeWith(undefined) };
  }

  /** Run a function inside a state; for an async one the state lasts until its promise settles. */
  run<Result>(state: State, body: () => Result, leave?: (result: unknown) => void): Result {
    const guard = this.enter(state, leave);
    let result: Result;
    try {
      result = body();
    } catch (error) {
      closeQuietly(guard);
      throw error;
    }
    if (!isThenable(result)) {
      guard.closeWith(result);
      return result;
    }
    return result.then(
      (value) => {
        guard.closeWith(value);
        return value;
      },
      (error: unknown) => {
        closeQuietly(guard);
        throw error;
      },
    ) as Result;
  }
}

/** The body's own error matters more than how its bracket closed. */
function closeQuietly(guard: Guard): void {
  try {
    guard.close();
  } catch {}
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
