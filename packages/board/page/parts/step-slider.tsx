import { useState } from "preact/hooks";
import type { Kind, Records } from "../../src/protocol.ts";
import { dateTime, wholeNumber } from "../format.ts";
import { askJson } from "../load/api.ts";
import { useLoaded } from "../load/use-loaded.ts";

export interface StepChoice {
  readonly step: number;
  readonly wallTime: number;
  readonly index: number;
  readonly count: number;
  readonly choose: (index: number) => void;
}

/** The steps of a series, and which one is chosen: the last one, as it comes, until another is. */
export function useSteps(kind: Kind, run: number, tag: string, revision: number): StepChoice | undefined {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const { value } = useLoaded(`${kind} ${run} ${revision} ${tag}`, (signal) =>
    askJson<Records>("records", { kind, run, tag }, signal),
  );
  const count = value?.steps.length ?? 0;
  const index = Math.min(chosen ?? count - 1, count - 1);
  const [step, wallTime] = [value?.steps[index], value?.wallTimes[index]];
  if (step === undefined || wallTime === undefined) return undefined;
  return { step, wallTime, index, count, choose: (k) => setChosen(k === count - 1 ? undefined : k) };
}

export function StepSlider({ label, at }: { label: string; at: StepChoice }) {
  const { step, wallTime, index, count, choose } = at;
  return (
    <div class="step-slider">
      {count > 1 && (
        <input
          type="range"
          min={0}
          max={count - 1}
          value={index}
          aria-label={`Step of ${label}`}
          aria-valuetext={`step ${step}`}
          onInput={(event) => choose(event.currentTarget.valueAsNumber)}
        />
      )}
      <span>
        step <b>{wholeNumber(step)}</b>
      </span>
      <time class="faint" title={dateTime(wallTime)}>
        {new Date(wallTime * 1000).toLocaleTimeString()}
      </time>
    </div>
  );
}
