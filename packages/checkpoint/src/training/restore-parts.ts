import { CheckpointError } from "../checkpoint-error.ts";
import { loadPt } from "../pt/load-pt.ts";
import { encodePt } from "../pt/save-pt.ts";
import type { ReadCheckpoint } from "./load-checkpoint.ts";
import { type PlacedPart, restoreState, type Stateful, stateOf, withoutPrototype } from "./stateful.ts";

/**
 * Restore parts from what a file holds: all of them, or, with an error that lists every reason, none.
 *
 * @returns what else the file holds, by name
 */
export async function restoreParts(
  { file, saved }: ReadCheckpoint,
  parts: readonly PlacedPart[],
): Promise<Record<string, unknown>> {
  const placed = parts.toSorted((a, b) => turnOf(a) - turnOf(b));
  const problems: string[] = [];
  const found = placed.flatMap((each) => {
    const state = stateAt(saved, each.keys);
    if (typeof state === "object" && state !== null) return [{ ...each, state }];
    problems.push(`${each.place} is not in it${state === undefined ? "" : `: there is ${JSON.stringify(state)}`}`);
    return [];
  });
  const undo: (() => unknown)[] = [];
  for (const { place, part, state } of found) {
    try {
      const before = await keptState(part);
      await restoreState(part, state);
      undo.push(() => restoreState(part, before));
    } catch (error) {
      problems.push(`${place} does not fit: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) {
    for (const each of undo.reverse()) await each();
    const names = [...saved.keys()].map((name) => JSON.stringify(name)).join(", ");
    throw new CheckpointError(
      file,
      `cannot be restored; nothing has changed:\n\t${problems.join("\n\t")}\nIt has ${names || "nothing"}`,
      "Ask for what it has, and build each part as it was when it was saved.",
    );
  }
  const restored = new Set(parts.map(({ keys }) => keys[0]));
  return withoutPrototype([...saved].filter(([name]) => !restored.has(name)));
}

/**
 * When a part's turn is: an optimizer's after the schedulers', which write its rate when they are built; a generator's at the end, so that nothing
 * draws from it any more.
 */
const turnOf = ({ part }: PlacedPart): number => ("setState" in part ? 2 : "paramGroups" in part ? 1 : 0);

function stateAt(saved: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (value instanceof Map) return value.has(key) ? value.get(key) : value.get(Number(key));
    const isContainer = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return isContainer ? Reflect.get(value, key) : undefined;
  }, saved);
}

/** The state of a part as it is now, to be given back to it: as a file would give it, for that is what it takes. */
const keptState = async (part: Stateful): Promise<object> => (await loadPt(await encodePt(stateOf(part)))) as object;
