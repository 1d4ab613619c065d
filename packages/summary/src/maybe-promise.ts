/** Something that may not be there yet: numbers that a device still has. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** `next` of the value: now if it is there, else when it comes. */
export function whenThere<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** The two values, now if both are there, else when they have come. */
export function both<First, Second>(
  first: MaybePromise<First>,
  second: MaybePromise<Second>,
): MaybePromise<readonly [First, Second]> {
  return first instanceof Promise || second instanceof Promise ? Promise.all([first, second]) : [first, second];
}
