import type { Event, SummaryMetadata, SummaryValue } from "@anneal/summary";
import type { Kind } from "../protocol.ts";
import { Series } from "../series/series.ts";
import type { PlacedEvent } from "./event-file.ts";
import { kindOfValue } from "./kind-of-value.ts";
import { tensorNumbers } from "./tensor-values.ts";

/** What a run has under one tag. */
export interface TagData {
  readonly kind: Kind;
  /** Of scalars the values; of all else the places of the records: {@link recordNumbers}. */
  readonly series: Series;
  readonly displayName: string;
  readonly description: string;
}

/** The order of a record's numbers in its series: the file's number in its run, the place in the file, and which of the event's values. */
export const recordNumbers = { file: 0, offset: 1, length: 2, value: 3 } as const;

/** The graph has no tag of its own; this is none that anybody writes. */
export const graphTag = "\0graph";

/** Serialized messages of the hparams plugin. */
export interface HparamsMessages {
  revision: number;
  experiment?: Uint8Array;
  sessionStart?: Uint8Array;
  sessionEnd?: Uint8Array;
}

const hparamsMessages: ReadonlyMap<string, "experiment" | "sessionStart" | "sessionEnd"> = new Map([
  ["_hparams_/experiment", "experiment"],
  ["_hparams_/session_start_info", "sessionStart"],
  ["_hparams_/session_end_info", "sessionEnd"],
] as const);

/** Longer ones are no names that someone reads, and a page of them would be heavy. */
const longestTag = 1000;
const longestDescription = 10_000;
const longestHparams = 1 << 20;

/** How much more a run may still hold. */
export interface Room {
  /** @returns whether one more series fits */
  forSeries(): boolean;
  /** Says that a series is this much longer. */
  points(count: number): void;
}

/** All that the board knows of a run: its scalars, and where in its files the rest is. */
export class RunData {
  readonly hparams: HparamsMessages = { revision: 0 };
  readonly notDrawn = new Map<string, string>();
  readonly #room: Room;
  readonly #tags = new Map<string, TagData>();
  #startTime: number | undefined;

  constructor(room: Room) {
    this.#room = room;
  }

  get tags(): ReadonlyMap<string, TagData> {
    return this.#tags;
  }

  /** Seconds since 1970, of the earliest event. */
  get startTime(): number | undefined {
    return this.#startTime;
  }

  /** @param file - the file's number in its run */
  add({ event, offset, length }: PlacedEvent, file: number): void {
    if (event.wallTime < (this.#startTime ?? Infinity)) this.#startTime = event.wallTime;
    if (event.graphDef !== undefined) {
      const tag =
        this.#tags.get(graphTag) ?? this.#newTag(graphTag, { kind: "graphs", displayName: "", description: "" });
      this.#record(tag, event, [file, offset, length, 0]);
    }
    const values = event.summary?.value ?? [];
    // Twenty million times for a gigabyte of scalars, so nothing is made here that a scalar does not need.
    for (let k = 0; k < values.length; k += 1) {
      const value = values[k];
      if (value === undefined || (value.metadata !== undefined && this.#addHparams(value))) continue;
      const tag = this.#tags.get(value.tag) ?? this.#newTag(value.tag, this.#describe(value));
      if (tag?.kind !== "scalars") this.#record(tag, event, [file, offset, length, k]);
      else {
        const number = value.simpleValue ?? (value.tensor && tensorNumbers(value.tensor)?.[0]);
        if (number !== undefined) this.#room.points(tag.series.add(event.step, event.wallTime, number));
      }
    }
  }

  #record(tag: TagData | undefined, event: Event, place: readonly number[]): void {
    if (tag !== undefined) this.#room.points(tag.series.add(event.step, event.wallTime, ...place));
  }

  #newTag(name: string, description: Omit<TagData, "series"> | undefined): TagData | undefined {
    if (description === undefined || name.length > longestTag || !this.#room.forSeries()) return undefined;
    const tag = { ...description, series: new Series(description.kind === "scalars" ? 1 : 4) };
    this.#tags.set(name, tag);
    return tag;
  }

  #describe(value: SummaryValue): Omit<TagData, "series"> | undefined {
    const { pluginData, displayName = "", summaryDescription = "" }: SummaryMetadata = value.metadata ?? {};
    const kind = kindOfValue(value, pluginData?.pluginName || undefined);
    if (typeof kind !== "string") {
      if (!this.notDrawn.has(value.tag) && this.#room.forSeries())
        this.notDrawn.set(value.tag, kind.notDrawn.slice(0, longestTag));
      return undefined;
    }
    return {
      kind,
      displayName: displayName.slice(0, longestTag),
      description: summaryDescription.slice(0, longestDescription),
    };
  }

  #addHparams({ tag, metadata }: SummaryValue): boolean {
    const { pluginName, content } = metadata?.pluginData ?? {};
    if (pluginName !== "hparams") return false;
    const message = hparamsMessages.get(tag);
    if (message === undefined) return false;
    if (content !== undefined && content.length <= longestHparams) {
      // A copy: the content is a view of the piece of the file that was read.
      this.hparams[message] = content.slice();
      this.hparams.revision += 1;
    }
    return true;
  }
}
