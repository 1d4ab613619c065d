import { computed, signal } from "@preact/signals";
import type { RunInfo, TagInfo } from "../../src/protocol.ts";
import { runColour } from "../colours.ts";
import { catalog, runs } from "./catalog.ts";
import { dark } from "./settings.ts";

/** What is typed into the filter of runs: a regular expression. */
export const runFilter = signal("");

/** What is typed into the filter of tags: a regular expression. */
export const tagFilter = signal("");

/** The names of the runs whose box is not ticked. */
export const hiddenRuns = signal<ReadonlySet<string>>(new Set());

/** The pattern as a regular expression: undefined if it is none. */
export function pattern(text: string): RegExp | undefined {
  try {
    return new RegExp(text, "i");
  } catch {
    return undefined;
  }
}

/** The runs that the filter lets through. A pattern that is no regular expression (yet) lets all through. */
export const listedRuns = computed<readonly RunInfo[]>(() => {
  const wanted = pattern(runFilter.value);
  return wanted === undefined ? runs.value : runs.value.filter(({ name }) => wanted.test(name));
});

/** The runs that are shown. */
export const shownRuns = computed<readonly RunInfo[]>(() =>
  listedRuns.value.filter(({ name }) => !hiddenRuns.value.has(name)),
);

const shownById = computed(() => new Map(shownRuns.value.map((run) => [run.id, run])));

/** A tag's series in the runs that are shown. */
export function shownSeries(tag: TagInfo): { run: RunInfo; revision: number }[] {
  return tag.series.flatMap(([id, revision]) => {
    const run = shownById.value.get(id);
    return run === undefined ? [] : [{ run, revision }];
  });
}

/** What a run is called: the log directory itself by its folder's name. */
export function runLabel({ name }: RunInfo): string {
  return name === "." ? (catalog.value?.logDir.split(/[\\/]/).at(-1) ?? name) : name;
}

/** A run's colour in the theme of now. Ids follow the order of the names, so neighbours in the list differ. */
export const colourOf = (run: number): string => runColour(run, dark.value);

export function toggleRun(name: string): void {
  const hidden = new Set(hiddenRuns.value);
  if (!hidden.delete(name)) hidden.add(name);
  hiddenRuns.value = hidden;
}

/** Shows one run alone; all of them if it is alone already. */
export function onlyRun(name: string): void {
  const alone = shownRuns.value.length === 1 && shownRuns.value[0]?.name === name;
  hiddenRuns.value = new Set(alone ? [] : runs.value.map((run) => run.name).filter((other) => other !== name));
}

export function showAll(shown: boolean): void {
  const hidden = new Set(hiddenRuns.value);
  for (const { name } of listedRuns.value) {
    if (shown) hidden.delete(name);
    else hidden.add(name);
  }
  hiddenRuns.value = hidden;
}
