import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { RunInfo } from "../../src/protocol.ts";
import type { Zoom } from "../charts/chart-keys.ts";
import { Card, Tool } from "./card.tsx";
import { ExpandIcon, ResetIcon, ShrinkIcon } from "./icons.tsx";
import { Lazy } from "./lazy.tsx";
import { RunName } from "./run-name.tsx";

/** How what is in a card is seen now. */
export interface CardView {
  /** Of the chart, in pixels. */
  readonly height: number;
  readonly zoom: Zoom | undefined;
  readonly onZoom: (zoom: Zoom | undefined) => void;
}

interface ChartCardProps {
  readonly title: string;
  readonly hint?: string;
  /** Whose chart it is, if it is one run's. */
  readonly run?: RunInfo;
  /** Of the chart, in pixels: at first, and when the card is made larger. */
  readonly heights: readonly [number, number];
  /** What else is in the card beside the chart, in pixels. */
  readonly beside?: number;
  readonly tools?: ComponentChildren;
  readonly children: (view: CardView) => ComponentChildren;
}

/** A card that can be made larger, whose chart is made when it comes near the window. */
export function ChartCard({ title, hint, run, heights, beside = 0, tools, children }: ChartCardProps) {
  const [wide, setWide] = useState(false);
  const [zoom, setZoom] = useState<Zoom | undefined>(undefined);
  const height = heights[wide ? 1 : 0];
  const all = (
    <>
      {zoom !== undefined && (
        <Tool label="Show all (or double-click)" icon={<ResetIcon />} onClick={() => setZoom(undefined)} />
      )}
      {tools}
      <Tool
        label={wide ? "Smaller" : "Larger"}
        icon={wide ? <ShrinkIcon /> : <ExpandIcon />}
        pressed={wide}
        onClick={() => setWide(!wide)}
      />
    </>
  );
  return (
    <Card title={title} hint={hint ?? title} wide={wide} tools={all}>
      {run !== undefined && <RunName run={run} />}
      <Lazy height={height + beside}>{() => children({ height, zoom, onZoom: setZoom })}</Lazy>
    </Card>
  );
}
