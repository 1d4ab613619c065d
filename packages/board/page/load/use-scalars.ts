import { useRef } from "preact/hooks";
import { loadScalars, type Points, type ScalarsQuery } from "./scalars.ts";
import { useLoaded } from "./use-loaded.ts";

/** A run's series, and what changes whenever it does. */
export interface Wanted {
  readonly id: number;
  readonly revision: number;
}

/** The points of some runs. Those that did not change are not loaded again. */
export function useScalars(query: ScalarsQuery, wanted: readonly Wanted[]): readonly Points[] | undefined {
  const cache = useRef({ query: "", points: new Map<number, Points>() });
  const queryKey = JSON.stringify(query);
  const key = `${queryKey} ${wanted.map(({ id, revision }) => `${id}:${revision}`).join()}`;
  const { value } = useLoaded(key, async (signal) => {
    const known = cache.current.query === queryKey ? cache.current.points : new Map<number, Points>();
    const missing = wanted.filter(({ id, revision }) => known.get(id)?.revision !== revision).map(({ id }) => id);
    if (missing.length > 0) {
      for (const points of await loadScalars(query, missing, signal)) known.set(points.id, points);
    }
    cache.current = { query: queryKey, points: known };
    return wanted.flatMap(({ id }) => known.get(id) ?? []);
  });
  return value;
}
