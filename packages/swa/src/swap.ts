import type { Averageable } from "./averageable.ts";
import type { Pair } from "./averaging/average.ts";
import { hostOf } from "./hosts/host.ts";

const copy = (target: Averageable, source: Averageable): void => hostOf(target).copy(target, source);

/**
 * Put the averages into a model.
 *
 * @returns puts the model's own numbers back; what became of buffers meanwhile, running statistics perhaps, is the averages' then
 */
export function swap(pairs: readonly (Pair & { readonly isBuffer: boolean })[]): () => void {
  const backups = pairs.map(({ value }) => hostOf(value).clone(value));
  for (const { average, value } of pairs) copy(value, average);
  return () => {
    pairs.forEach(({ average, value, isBuffer }, i) => {
      if (isBuffer) copy(average, value);
      const backup = backups[i];
      if (!backup) return;
      copy(value, backup);
      hostOf(backup).dispose(backup);
    });
  };
}
