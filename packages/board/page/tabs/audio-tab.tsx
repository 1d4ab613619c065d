import type { RunInfo, TagInfo } from "../../src/protocol.ts";
import { apiUrl } from "../load/api.ts";
import { Card, titleOf } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { Lazy } from "../parts/lazy.tsx";
import { RunName } from "../parts/run-name.tsx";
import { StepSlider, useSteps } from "../parts/step-slider.tsx";
import { TagGroups } from "../parts/tag-groups.tsx";
import { shownSeries } from "../state/selection.ts";

export function AudioTab() {
  return (
    <TagGroups
      kind="audio"
      empty={
        <Empty title="No sounds yet" code={`writer.addAudio("speech", samples, step, { sampleRate: 16000 });`}>
          Log sounds, and play them here step by step.
        </Empty>
      }
    >
      {(tag) =>
        shownSeries(tag).map(({ run, revision }) => (
          <Card key={`${tag.tag} ${run.id}`} title={titleOf(tag)} hint={tag.description || tag.tag}>
            <RunName run={run} />
            <Lazy height={90}>{() => <Player tag={tag} run={run} revision={revision} />}</Lazy>
          </Card>
        ))
      }
    </TagGroups>
  );
}

function Player({ tag, run, revision }: { tag: TagInfo; run: RunInfo; revision: number }) {
  const at = useSteps("audio", run.id, tag.tag, revision);
  if (at === undefined) return <div class="loading" />;
  return (
    <>
      <StepSlider label={`${tag.tag} of ${run.name}`} at={at} />
      {/* biome-ignore lint/a11y/useMediaCaption: what a training synthesizes has no captions. */}
      <audio
        controls
        preload="metadata"
        aria-label={`${tag.tag} of ${run.name} at step ${at.step}`}
        src={apiUrl("media", { kind: "audio", run: run.id, tag: tag.tag, step: at.step, at: at.wallTime })}
      />
    </>
  );
}
