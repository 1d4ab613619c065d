import { useState } from "preact/hooks";
import type { RunInfo, TagInfo, TextEntry } from "../../src/protocol.ts";
import { dateTime, wholeNumber } from "../format.ts";
import { askJson } from "../load/api.ts";
import { useLoaded } from "../load/use-loaded.ts";
import { Card } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { Lazy } from "../parts/lazy.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { RunName } from "../parts/run-name.tsx";
import { TagGroups } from "../parts/tag-groups.tsx";
import { shownSeries } from "../state/selection.ts";

export function TextTab() {
  return (
    <TagGroups
      kind="text"
      empty={
        <Empty title="No texts yet" code={`writer.addText("notes", "Trained with **Adam**", step);`}>
          Log notes, samples of a language model or tables as Markdown.
        </Empty>
      }
    >
      {(tag) =>
        shownSeries(tag).map(({ run, revision }) => (
          <Card
            key={`${tag.tag} ${run.id}`}
            title={tag.displayName || tag.tag.replace(/\/text_summary$/, "")}
            hint={tag.description || tag.tag}
            wide
          >
            <RunName run={run} />
            <Lazy height={160}>{() => <Texts tag={tag} run={run} revision={revision} />}</Lazy>
          </Card>
        ))
      }
    </TagGroups>
  );
}

/** Texts shown at first. */
const few = 5;

function Texts({ tag, run, revision }: { tag: TagInfo; run: RunInfo; revision: number }) {
  const [count, setCount] = useState(few);
  const { value, error } = useLoaded(`${run.id} ${revision} ${count} ${tag.tag}`, (signal) =>
    askJson<TextEntry[]>("texts", { run: run.id, tag: tag.tag, count }, signal),
  );
  if (error !== undefined) return <p class="faint">{error}</p>;
  return (
    <>
      {(value ?? []).map((entry) => (
        <section class="text-entry" key={`${entry.step} ${entry.wallTime}`}>
          <h4>
            step {wholeNumber(entry.step)} <time class="faint">{dateTime(entry.wallTime)}</time>
          </h4>
          <TextValue entry={entry} />
        </section>
      ))}
      {value !== undefined && value.length === count && (
        <button type="button" class="button" onClick={() => setCount(Math.min(200, count * 4))}>
          Show older ones
        </button>
      )}
    </>
  );
}

function TextValue({ entry: { texts, shape } }: { entry: TextEntry }) {
  const columns = shape.length === 2 ? (shape[1] ?? 1) : 1;
  if (texts.length <= 1) return <Markdown text={texts[0] ?? ""} />;
  const rows = Array.from({ length: Math.ceil(texts.length / columns) }, (_, row) =>
    texts.slice(row * columns, (row + 1) * columns),
  );
  return (
    <table class="text-table">
      <tbody>
        {rows.map((row, k) => (
          <tr key={k}>
            {row.map((cell, column) => (
              <td key={column}>
                <Markdown text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
