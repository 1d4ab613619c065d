import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Kind } from "../src/protocol.ts";
import { byteSize } from "./format.ts";
import { Empty } from "./parts/empty.tsx";
import { MoonIcon, SunIcon, SystemIcon } from "./parts/icons.tsx";
import { Sidebar } from "./sidebar.tsx";
import { catalog, connected, live, runs, tagsOf } from "./state/catalog.ts";
import { theme } from "./state/settings.ts";
import { AudioTab } from "./tabs/audio-tab.tsx";
import { CustomScalarsTab } from "./tabs/custom-scalars-tab.tsx";
import { GraphTab } from "./tabs/graph-tab.tsx";
import { DistributionsTab, HistogramsTab } from "./tabs/histograms-tab.tsx";
import { HparamsTab } from "./tabs/hparams-tab.tsx";
import { ImagesTab } from "./tabs/images-tab.tsx";
import { PrCurvesTab } from "./tabs/pr-curves-tab.tsx";
import { ScalarsTab } from "./tabs/scalars-tab.tsx";
import { TextTab } from "./tabs/text-tab.tsx";

interface Tab {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  readonly content: () => ComponentChildren;
}

const tabs: readonly Tab[] = [
  { name: "scalars", title: "Scalars", kind: "scalars", content: () => <ScalarsTab /> },
  { name: "custom", title: "Custom", kind: "customScalars", content: () => <CustomScalarsTab /> },
  { name: "images", title: "Images", kind: "images", content: () => <ImagesTab /> },
  { name: "audio", title: "Audio", kind: "audio", content: () => <AudioTab /> },
  { name: "distributions", title: "Distributions", kind: "histograms", content: () => <DistributionsTab /> },
  { name: "histograms", title: "Histograms", kind: "histograms", content: () => <HistogramsTab /> },
  { name: "graph", title: "Graph", kind: "graphs", content: () => <GraphTab /> },
  { name: "pr-curves", title: "PR curves", kind: "prCurves", content: () => <PrCurvesTab /> },
  { name: "hparams", title: "HParams", kind: "hparams", content: () => <HparamsTab /> },
  { name: "text", title: "Text", kind: "text", content: () => <TextTab /> },
];

/** The tab that the address names. */
const current = signal(location.hash.slice(1));

addEventListener("hashchange", () => {
  current.value = location.hash.slice(1);
});

/** The tab the address names, or else the first with something in it. */
function currentTab(): Tab | undefined {
  return tabs.find(({ name }) => name === current.value) ?? tabs.find(({ kind }) => tagsOf(kind).length > 0) ?? tabs[0];
}

export function App() {
  const tab = currentTab();
  useEffect(() => {
    document.title = `${tab?.title} · Anneal board`;
  }, [tab]);
  return (
    <>
      <Header tab={tab} />
      <Progress />
      <div class="body">
        <Sidebar tab={tab?.name ?? ""} />
        <main id="content" tabIndex={-1}>
          <Problems />
          {catalog.value === undefined ? (
            <Waiting />
          ) : runs.value.length === 0 ? (
            <NoRuns />
          ) : (
            <div key={tab?.name} id="panel" role="tabpanel" aria-labelledby={`tab-${tab?.name}`}>
              {tab?.content()}
            </div>
          )}
        </main>
      </div>
    </>
  );
}

function Header({ tab }: { tab: Tab | undefined }) {
  const keys = (event: KeyboardEvent): void => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = tab === undefined ? -1 : tabs.indexOf(tab);
    const next = way === undefined ? undefined : tabs[(at + way + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    location.hash = next.name;
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <header class="bar">
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        Skip to the charts
      </button>
      <h1>
        <img src="/icon.svg" alt="" width="22" height="22" /> Anneal board
      </h1>
      <div class="tabs" role="tablist" aria-label="What to see" onKeyDown={keys}>
        {tabs.map(({ name, title, kind }) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={tab?.name === name}
            aria-controls="panel"
            tabIndex={tab?.name === name ? 0 : -1}
            class={tagsOf(kind).length > 0 ? "" : "none"}
            onClick={() => (location.hash = name)}
          >
            {title}
          </button>
        ))}
      </div>
      <div class="bar-tools">
        <button
          type="button"
          class={`live ${!connected.value ? "lost" : live.value ? "on" : ""}`}
          aria-pressed={live.value}
          title={
            live.value ? "New values are shown as they are written. Click to pause." : "Paused. Click to follow again."
          }
          onClick={() => (live.value = !live.value)}
        >
          <i aria-hidden="true" />
          {!connected.value ? "Server gone" : live.value ? "Live" : "Paused"}
        </button>
        <ThemeSwitch />
      </div>
    </header>
  );
}

const themes = {
  system: { next: "light", icon: <SystemIcon /> },
  light: { next: "dark", icon: <SunIcon /> },
  dark: { next: "system", icon: <MoonIcon /> },
} as const;

function ThemeSwitch() {
  const { next, icon } = themes[theme.value];
  const label = `Colours: ${theme.value === "system" ? "as the system" : theme.value}. Click for ${next === "system" ? "those of the system" : next}.`;
  return (
    <button type="button" class="tool" title={label} aria-label={label} onClick={() => (theme.value = next)}>
      {icon}
    </button>
  );
}

/** How far the event files are read, as long as they are not. */
function Progress() {
  const { readBytes = 0, totalBytes = 0 } = catalog.value?.loading ?? {};
  // The record that is being written is never there to its end.
  if (totalBytes - readBytes < 1 << 20) return null;
  return (
    <div class="progress" role="status">
      <progress max={totalBytes} value={readBytes} aria-label="Reading event files" />
      <span>
        Reading event files: {byteSize(readBytes)} of {byteSize(totalBytes)}
      </span>
    </div>
  );
}

function Problems() {
  const { problems = [], notDrawn = {} } = catalog.value ?? {};
  const others = Object.entries(notDrawn).map(([plugin, count]) => `${count} of ${plugin}`);
  if (problems.length === 0 && others.length === 0) return null;
  return (
    <details class="problems">
      <summary>
        {problems.length > 0 ? `${problems.length} things to know about the files` : "Some tags are not drawn here"}
      </summary>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
        {others.length > 0 && <li>Tags that the board does not draw: {others.join(", ")}.</li>}
      </ul>
    </details>
  );
}

function Waiting() {
  return connected.value ? (
    <div class="loading" role="status" aria-label="Loading" />
  ) : (
    <Empty title="The server does not answer" code="npx @anneal/board runs/">
      It has been ended, most likely. Start it again; this page finds it by itself.
    </Empty>
  );
}

function NoRuns() {
  return (
    <Empty
      title="No runs yet"
      code={`import { SummaryWriter } from "@anneal/summary";

const writer = new SummaryWriter("${catalog.value?.logDir ?? "runs"}/first");
for (let step = 0; step < 100; step++) writer.addScalar("loss", 1 / (step + 1), step);
await writer.close();`}
    >
      There is no event file under <code>{catalog.value?.logDir}</code>. This page shows one as soon as it is written:
    </Empty>
  );
}
