import { useState } from "preact/hooks";
import type { RunInfo, TagInfo } from "../../src/protocol.ts";
import { apiUrl } from "../load/api.ts";
import { titleOf } from "../parts/card.tsx";
import { ChartCard } from "../parts/chart-card.tsx";
import { Empty } from "../parts/empty.tsx";
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
          <ChartCard
            key={`${tag.tag} ${run.id}`}
            title={titleOf(tag)}
            hint={tag.description || tag.tag}
            run={run}
            heights={[260, 500]}
          >
            {() => <ImageAtStep tag={tag} run={run} revision={revision} />}
          </ChartCard>
        ))
      }
    </TagGroups>
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
