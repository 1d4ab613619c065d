import { useEffect, useRef, useState } from "preact/hooks";

export interface Loaded<T> {
  /** What was loaded last; it stays while something newer is loaded. */
  readonly value: T | undefined;
  /** Why the last try failed. */
  readonly error: string | undefined;
}

/**
 * What `load` gives, anew whenever `key` changes. One load runs at a time; of the keys that came meanwhile only the last is loaded after it,
 * so that what is shown keeps changing however fast the key does.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: undefined, error: undefined });
  const wanted = useRef({ key, load });
  const running = useRef(false);
  const controller = useRef(new AbortController());
  wanted.current = { key, load };

  useEffect(() => {
    const { signal } = controller.current;
    const run = async (): Promise<void> => {
      if (running.current) return;
      running.current = true;
      let done: string | undefined;
      while (done !== wanted.current.key && !signal.aborted) {
        done = wanted.current.key;
        try {
          const value = await wanted.current.load(signal);
          if (!signal.aborted) setLoaded({ value, error: undefined });
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          if (!signal.aborted) setLoaded(({ value }) => ({ value, error: message }));
        }
      }
      running.current = false;
    };
    void run();
  }, [key]);
  useEffect(() => () => controller.current.abort(), []);
  return loaded;
}
