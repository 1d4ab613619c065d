import { useState } from "preact/hooks";
import type { RunInfo, TagInfo } from "../../src/protocol.ts";
import { apiUrl } from "../load/api.ts";
import { Card, Tool, titleOf } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { ExpandIcon, ShrinkIcon } from "../parts/icons.tsx";
import { Lazy } from "../parts/lazy.tsx";
import { RunName } from "../parts/run-name.tsx";
import { StepSlider, useSteps } from "../parts/step-slider.tsx";
import { TagGroups } from "../parts/tag-groups.tsx";
import { shownSeries } from "../state/selection.ts";

export function ImagesTab() {
  return (
    <TagGroups
      kind="images"
      empty={
        <Empty title="No images yet" code={`writer.addImage("samples", pixels, step, { dataformats: "HWC" });`}>
          Log pictures: inputs, feature maps, kernels, figures. Each tag gets a slider over its steps.
        </Empty>
      }
    >
      {(tag) =>
        shownSeries(tag).map(({ run, revision }) => (
          <ImageCard key={`${tag.tag} ${run.id}`} tag={tag} run={run} revision={revision} />
        ))
      }
    </TagGroups>
  );
}

function ImageCard({ tag, run, revision }: { tag: TagInfo; run: RunInfo; revision: number }) {
  const [wide, setWide] = useState(false);
  const tools = (
    <Tool
      label={wide ? "Smaller" : "Larger"}
      icon={wide ? <ShrinkIcon /> : <ExpandIcon />}
      pressed={wide}
      onClick={() => setWide(!wide)}
    />
  );
  return (
    <Card title={titleOf(tag)} hint={tag.description || tag.tag} wide={wide} tools={tools}>
      <RunName run={run} />
      <Lazy height={260}>{() => <ImageAtStep tag={tag} run={run} revision={revision} />}</Lazy>
    </Card>
  );
}

function ImageAtStep({ tag, run, revision }: { tag: TagInfo; run: RunInfo; revision: number }) {
  const [failed, setFailed] = useState("");
  const at = useSteps("images", run.id, tag.tag, revision);
  if (at === undefined) return <div class="picture loading" />;
  const url = apiUrl("media", { kind: "images", run: run.id, tag: tag.tag, step: at.step, at: at.wallTime });
  return (
    <>
      <StepSlider label={`${tag.tag} of ${run.name}`} at={at} />
      <div class="picture">
        {failed === url ? (
          <p class="faint">
            This step's picture cannot be shown: it is damaged, or of a kind that browsers do not know.
          </p>
        ) : (
          <img src={url} alt={`${tag.tag} of ${run.name} at step ${at.step}`} onError={() => setFailed(url)} />
        )}
      </div>
    </>
  );
}
