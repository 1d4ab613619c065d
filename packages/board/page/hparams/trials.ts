import type { HparamsRun, Latest, RunInfo } from "../../src/protocol.ts";
import { askJson } from "../load/api.ts";
import { fromBase64 } from "../load/base64.ts";
import { type HparamValue, type Metric, readHparams } from "./read-hparams.ts";

/** A column of the table, and an axis of the parallel coordinates. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly metric: boolean;
}

/** One run with its hyperparameters and what came of them. */
export interface Trial {
  readonly run: RunInfo;
  readonly values: ReadonlyMap<string, HparamValue>;
}

export interface Trials {
  readonly columns: readonly Column[];
  readonly trials: readonly Trial[];
}

/** Reads what the runs' hparams messages say, and the last values of the metrics they name. */
export async function loadTrials(runs: readonly RunInfo[], signal: AbortSignal): Promise<Trials> {
  const answer = await askJson<HparamsRun[]>("hparams", {}, signal);
  const metrics = new Map<string, Metric>();
  const names = new Map<string, string>();
  const found: { run: RunInfo; values: Map<string, HparamValue> }[] = [];
  for (const message of answer) {
    const run = runs.find(({ id }) => id === message.run);
    const read = readable(message);
    if (run === undefined || read === undefined) continue;
    for (const { name, displayName } of read.experiment?.hparams ?? []) names.set(name, displayName || name);
    for (const metric of read.experiment?.metrics ?? []) metrics.set(`${metric.group}\0${metric.tag}`, metric);
    // The experiment may stand above the sessions: then it is no trial.
    if (read.session.hparams.size === 0) continue;
    found.push({ run, values: new Map([...read.session.hparams].map(([name, value]) => [`h ${name}`, value])) });
    for (const name of read.session.hparams.keys()) if (!names.has(name)) names.set(name, name);
  }
  const used = new Set<string>();
  for (const { group, tag } of metrics.values()) {
    const latest = await askJson<Latest[]>("latest", { tag }, signal);
    for (const { run, values } of found) {
      const where = group === "" ? run.name : `${run.name === "." ? "" : `${run.name}/`}${group}`;
      const id = runs.find(({ name }) => name === where)?.id;
      const value = latest.find((each) => each.run === id)?.value;
      if (value !== undefined) values.set(`m ${group}\0${tag}`, value);
      if (value !== undefined) used.add(`${group}\0${tag}`);
    }
  }
  const hparams = [...names].filter(([name]) => found.some(({ values }) => values.has(`h ${name}`)));
  return {
    columns: [
      ...hparams.map(([name, label]) => ({ key: `h ${name}`, label, metric: false })),
      ...[...metrics].flatMap(([key, { group, tag, displayName }]) =>
        used.has(key)
          ? { key: `m ${key}`, label: displayName || (group === "" ? tag : `${group}/${tag}`), metric: true }
          : [],
      ),
    ],
    trials: found,
  };
}

/** A damaged message says nothing. */
function readable({ experiment, sessionStart, sessionEnd }: HparamsRun): ReturnType<typeof readHparams> | undefined {
  try {
    return readHparams(
      [experiment, sessionStart, sessionEnd].flatMap((text) => (text === undefined ? [] : fromBase64(text))),
    );
  } catch {
    return undefined;
  }
}
