import type { Kind } from "../protocol.ts";
import type { LogStore, Run } from "../runs/log-store.ts";
import type { TagData } from "../runs/run-data.ts";
import { RequestError } from "./answer.ts";

/** A parameter that must be there. */
export function text(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) throw new RequestError(400, `The request has no ${name}.`);
  return value;
}

/** A number within bounds; `fallback` where it is missing. */
export function number(query: URLSearchParams, name: string, fallback: number, low: number, high: number): number {
  const given = query.get(name);
  if (given === null || given === "") return fallback;
  const value = Number(given);
  if (!(value >= low && value <= high)) {
    throw new RequestError(400, `${name} must be a number from ${low} to ${high}, and is "${given}".`);
  }
  return value;
}

/** One of a few words; the first where it is missing. */
export function word<Word extends string>(
  query: URLSearchParams,
  name: string,
  ...words: readonly [Word, ...Word[]]
): Word {
  const given = query.get(name) ?? words[0];
  const found = words.find((each) => each === given);
  if (found === undefined)
    throw new RequestError(400, `${name} must be one of ${words.join(", ")}, and is "${given}".`);
  return found;
}

/** The runs whose ids `runs` lists with commas; those that are gone are left out. */
export function runsOf(query: URLSearchParams, store: LogStore): Run[] {
  const ids = new Set(text(query, "runs").split(","));
  return store.runs.filter(({ id }) => ids.has(String(id)));
}

/** The run and the tag that `run` and `tag` name. */
export function tagOf(query: URLSearchParams, store: LogStore, kind: Kind): { run: Run; data: TagData } {
  const run = store.run(number(query, "run", -1, 0, Number.MAX_SAFE_INTEGER));
  const data = store.tag(run, kind, text(query, "tag"));
  if (run === undefined || data === undefined)
    throw new RequestError(404, "There is no such run, or it has no such tag.");
  return { run, data };
}
