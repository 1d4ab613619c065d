/**
 * Do something for each item, several at a time. After a failure no more are begun, and it is thrown when those under way have ended.
 *
 * @param limit - how many at a time
 */
export async function inParallel<T>(
  items: Iterable<T>,
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const pending = items[Symbol.iterator]();
  let failed = false;
  const work = async (): Promise<void> => {
    while (!failed) {
      const { done, value } = pending.next();
      if (done) return;
      try {
        await task(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  for (const outcome of await Promise.allSettled(Array.from({ length: limit }, work))) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}
