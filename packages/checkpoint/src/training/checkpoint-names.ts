/** What the name of a checkpoint's file tells. */
export interface CheckpointName {
  readonly name: string;
  /** Counts from 1: the higher the newer. */
  readonly number: number;
  /** Under which name, and how good it was; undefined where it was not measured. */
  readonly metric?: { readonly name: string; readonly value: number };
}

// All that a manager must know lies in the names, so that it needs no second file that could say something else.
const pattern = /^checkpoint-(\d{8,15})(?:-([^=]+)=(NaN|-?Infinity|-?[\d.]+(?:e[+-]\d+)?))?\.pt$/;

/** `checkpoint-00000012-accuracy=0.98.pt` */
export function nameOfCheckpoint(number: number, metric?: CheckpointName["metric"]): string {
  const measured = metric ? `-${encodeURIComponent(metric.name).replaceAll("*", "%2A")}=${metric.value}` : "";
  return `checkpoint-${String(number).padStart(8, "0")}${measured}.pt`;
}

/** The names that are a checkpoint's, the oldest first. */
export function checkpointsAmong(names: readonly string[]): CheckpointName[] {
  return names.flatMap((name) => parsed(name) ?? []).sort((a, b) => a.number - b.number);
}

function parsed(name: string): CheckpointName | undefined {
  const [, number, metric, value] = pattern.exec(name) ?? [];
  if (number === undefined) return undefined;
  if (metric === undefined) return { name, number: Number(number) };
  try {
    return { name, number: Number(number), metric: { name: decodeURIComponent(metric), value: Number(value) } };
  } catch {
    return undefined; // Somebody else's: we write whole escapes.
  }
}
