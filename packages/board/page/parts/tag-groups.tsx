import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Kind, TagInfo } from "../../src/protocol.ts";
import { tagsOf } from "../state/catalog.ts";
import { pattern, shownSeries, tagFilter } from "../state/selection.ts";
import { Empty } from "./empty.tsx";

/** The groups that are folded, by kind and name. */
const folded = signal<ReadonlySet<string>>(new Set());

/** Cards made at once in a group; the rest comes on request. */
const firstCards = 60;
const opened = signal<ReadonlySet<string>>(new Set());

function toggled(set: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(name)) next.add(name);
  return next;
}

interface TagGroupsProps {
  readonly kind: Kind;
  /** Shown where there is nothing of this kind at all. */
  readonly empty: ComponentChildren;
  readonly children: (tag: TagInfo) => ComponentChildren;
}

/** The tags of a kind that the filter lets through, grouped by what is before their first `/`. */
export function TagGroups({ kind, empty, children }: TagGroupsProps) {
  const all = tagsOf(kind);
  if (all.length === 0) return <>{empty}</>;
  const wanted = pattern(tagFilter.value);
  const tags = all.filter((tag) => (wanted === undefined || wanted.test(tag.tag)) && shownSeries(tag).length > 0);
  const groups = grouped(tags);
  return (
    <>
      <div class="tag-filter">
        <input
          type="search"
          placeholder="Filter tags by regex"
          aria-label="Filter tags by a regular expression"
          value={tagFilter.value}
          onInput={(event) => (tagFilter.value = event.currentTarget.value)}
          aria-invalid={wanted === undefined}
        />
        <span class="faint">
          {tags.length < all.length && `${tags.length} of `}
          {all.length} {all.length === 1 ? "tag" : "tags"}
        </span>
      </div>
      {tags.length === 0 && (
        <Empty title="Nothing to show">No tag is let through: tick a run on the left, or change the filters.</Empty>
      )}
      {[...groups].map(([group, members]) => {
        const name = `${kind} ${group}`;
        const closed = folded.value.has(name);
        const cards = opened.value.has(name) ? members : members.slice(0, firstCards);
        return (
          <section class="group" key={name}>
            <h2>
              <button
                type="button"
                aria-expanded={!closed}
                onClick={() => (folded.value = toggled(folded.value, name))}
              >
                <span class="chevron" aria-hidden="true" />
                {group === "" ? "(no group)" : group}
                <span class="count">{members.length}</span>
              </button>
            </h2>
            {!closed && <div class="cards">{cards.map((tag) => children(tag))}</div>}
            {!closed && cards.length < members.length && (
              <button type="button" class="button" onClick={() => (opened.value = toggled(opened.value, name))}>
                Show {members.length - cards.length} more
              </button>
            )}
          </section>
        );
      })}
    </>
  );
}

function grouped(tags: readonly TagInfo[]): Map<string, TagInfo[]> {
  const groups = new Map<string, TagInfo[]>();
  for (const info of tags) {
    const name = info.tag.includes("/") ? info.tag.slice(0, info.tag.indexOf("/")) : "";
    groups.set(name, [...(groups.get(name) ?? []), info]);
  }
  return groups;
}
