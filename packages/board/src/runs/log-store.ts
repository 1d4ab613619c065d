import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Event } from "@anneal/summary";
import type { Kind } from "../protocol.ts";
import type { Series } from "../series/series.ts";
import { thinRecords, thinScalars } from "../series/thin-series.ts";
import { EventFile, readRecord } from "./event-file.ts";
import { findRuns } from "./find-runs.ts";
import { RunData, recordNumbers, type TagData } from "./run-data.ts";

/** A run that was found, by a number that stays its own. */
export interface Run {
  readonly id: number;
  readonly name: string;
  readonly files: EventFile[];
  data: RunData;
}

export interface LogStoreLimits {
  /** Points of all series together. Above it the longest series are thinned. */
  readonly maxPoints: number;
  /** Series, one for each tag of each run. Further ones are left out. */
  readonly maxSeries: number;
}

const roomy: LogStoreLimits = { maxPoints: 5_000_000, maxSeries: 50_000 };

/** Everything found under a log directory, and the reading of it. Memory is bounded: what does not fit stays in the files, or is thinned. */
export class LogStore {
  readonly logDir: string;
  readonly #limits: LogStoreLimits;
  readonly #runs = new Map<string, Run>();
  #nextId = 0;
  #version = 0;
  #points = 0;
  #series = 0;
  #thinned = false;
  #full = false;
  #closed = false;
  #refreshing: Promise<void> | undefined;

  /** @param logDir - a folder */
  constructor(logDir: string, limits: LogStoreLimits = roomy) {
    this.logDir = logDir;
    this.#limits = limits;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** In the order of their names. */
  get runs(): readonly Run[] {
    return [...this.#runs.values()];
  }

  run(id: number): Run | undefined {
    return this.runs.find((run) => run.id === id);
  }

  /** The tag of a run, if what it has is of that kind. */
  tag(run: Run | undefined, kind: Kind, tag: string): TagData | undefined {
    const found = run?.data.tags.get(tag);
    return found?.kind === kind ? found : undefined;
  }

  /** Sentences about what could not be read. */
  get problems(): string[] {
    const problems = this.runs.flatMap((run) =>
      run.files.flatMap((file) =>
        file.problem === undefined ? [] : `${file.path} is ${file.problem}; what is before it is shown.`,
      ),
    );
    if (this.#full)
      problems.push(`There are more than ${this.#limits.maxSeries} series; those found last are left out.`);
    if (this.#thinned) {
      problems.push(
        `There are more than ${this.#limits.maxPoints} points; the longest series are thinned, with their extremes kept.`,
      );
    }
    return problems;
  }

  /** Reads what is new. Called while it is at it, it is the same promise. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** The event of the k-th record of a series. */
  async record(run: Run, series: Series, k: number): Promise<Event | undefined> {
    const number = (which: keyof typeof recordNumbers) => series.numbers(recordNumbers[which])[k];
    const file = run.files[number("file") ?? -1];
    const offset = number("offset");
    const length = number("length");
    if (file === undefined || offset === undefined || length === undefined) return undefined;
    try {
      return await readRecord(await this.#inside(file.path), offset, length);
    } catch {
      // The file went, or is being written anew: the next look finds out.
      return undefined;
    }
  }

  /** Ends reading soon. */
  close(): void {
    this.#closed = true;
  }

  async #refresh(): Promise<void> {
    const found = await findRuns(await realpath(this.logDir));
    this.#adopt(found);
    // All sizes first, so that it can be said how far reading is.
    for (const run of this.runs) {
      const states = await Promise.all(run.files.map((file) => file.look().catch(() => "same" as const)));
      if (states.includes("replaced")) this.#forget(run);
    }
    for (const run of this.runs) await this.#readRun(run);
  }

  /** Takes up new runs and files, and drops those that went. */
  #adopt(found: Awaited<ReturnType<typeof findRuns>>): void {
    const names = new Set(found.map(({ name }) => name));
    for (const run of this.runs) {
      if (names.has(run.name)) continue;
      this.#release(run);
      this.#runs.delete(run.name);
      this.#version += 1;
    }
    let added = false;
    for (const { name, files } of found) {
      let run = this.#runs.get(name);
      if (run === undefined) {
        run = { id: this.#nextId, name, files: [], data: this.#emptyRun() };
        this.#nextId += 1;
        this.#runs.set(name, run);
        added = true;
        this.#version += 1;
      }
      const known = new Set(run.files.map(({ path }) => path));
      run.files.push(...files.filter((path) => !known.has(path)).map((path) => new EventFile(path)));
    }
    if (!added) return;
    const sorted = found.flatMap(({ name }) => this.#runs.get(name) ?? []);
    this.#runs.clear();
    for (const run of sorted) this.#runs.set(run.name, run);
  }

  async #readRun(run: Run): Promise<void> {
    for (const [number, file] of run.files.entries()) {
      if (this.#closed) return;
      if (!file.hasMore) continue;
      try {
        await this.#inside(file.path);
        for await (const events of file.read()) {
          const { data } = run;
          for (const event of events) data.add(event, number);
          this.#version += 1;
          if (this.#closed) return;
          // Between two pieces, requests are answered.
          await setImmediate();
        }
      } catch {
        // The file went, or may not be read: the next look finds out.
      }
    }
  }

  /** A folder on the way may have become a symbolic link since it was found. */
  async #inside(path: string): Promise<string> {
    const real = await realpath(path);
    const way = relative(await realpath(this.logDir), real);
    if (isAbsolute(way) || way.split(sep)[0] === "..") throw new Error(`${path} leads out of the log directory`);
    return real;
  }

  /** Starts a run anew whose files are not what they were. */
  #forget(run: Run): void {
    this.#release(run);
    run.data = this.#emptyRun();
    run.files.splice(0, run.files.length, ...run.files.map(({ path }) => new EventFile(path)));
    this.#version += 1;
  }

  #release(run: Run): void {
    for (const { series } of run.data.tags.values()) this.#points -= series.length;
    this.#series -= run.data.tags.size + run.data.notDrawn.size;
  }

  #emptyRun(): RunData {
    return new RunData({
      forSeries: () => {
        this.#full ||= this.#series >= this.#limits.maxSeries;
        if (this.#series >= this.#limits.maxSeries) return false;
        this.#series += 1;
        return true;
      },
      points: (count) => {
        this.#points += count;
        if (this.#points > this.#limits.maxPoints) this.#thinLongest();
      },
    });
  }

  #thinLongest(): void {
    const tags = this.runs.flatMap(({ data }) => [...data.tags.values()]);
    const longest = tags.reduce((a, b) => (b.series.length > a.series.length ? b : a));
    const before = longest.series.length;
    if (longest.kind === "scalars") thinScalars(longest.series);
    else thinRecords(longest.series);
    this.#points -= before - longest.series.length;
    this.#thinned = true;
  }
}
