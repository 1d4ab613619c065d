import { useMemo, useState } from "preact/hooks";
import { GraphView } from "../graph/graph-view.tsx";
import { layOut, mostBoxes } from "../graph/lay-out.ts";
import { type GraphNode, readGraph } from "../graph/read-graph.ts";
import { type Box, pathsOf, type Scope, scopesOf, viewOf } from "../graph/scopes.ts";
import { ask } from "../load/api.ts";
import { useLoaded } from "../load/use-loaded.ts";
import { Empty } from "../parts/empty.tsx";
import { runs, tagsOf } from "../state/catalog.ts";
import { runLabel } from "../state/selection.ts";

export function GraphTab() {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const series = tagsOf("graphs")[0]?.series ?? [];
  if (series.length === 0) {
    return (
      <Empty title="No graph yet" code="writer.addGraph(model, input);">
        Log the model once, and see its modules, operators and shapes here.
      </Empty>
    );
  }
  const [run = -1, revision] = series.find(([id]) => id === chosen) ?? series[0] ?? [];
  const named = series.flatMap(([id]) => runs.value.find((each) => each.id === id) ?? []);
  return (
    <>
      <label class="inline">
        Graph of
        <select value={run} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {named.map((each) => (
            <option key={each.id} value={each.id}>
              {runLabel(each)}
            </option>
          ))}
        </select>
      </label>
      <RunGraph key={run} run={run} revision={revision ?? 0} />
    </>
  );
}

function RunGraph({ run, revision }: { run: number; revision: number }) {
  const { value, error } = useLoaded(`${run} ${revision}`, async (signal) => {
    const bytes = new Uint8Array(await (await ask("graph", { run }, signal)).arrayBuffer());
    return scopesOf(readGraph(bytes));
  });
  const [open, setOpen] = useState<ReadonlySet<string> | undefined>(undefined);
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const opened = open ?? (value === undefined ? new Set<string>() : firstOpen(value));
  const view = useMemo(
    () => (value === undefined ? undefined : viewOf(value, opened)),
    [value, [...opened].sort().join("\0")],
  );
  const layout = useMemo(
    () => (view === undefined || view.boxes.length > mostBoxes ? undefined : layOut(view)),
    [view],
  );
  if (error !== undefined) return <p class="faint">The graph cannot be drawn: {error}</p>;
  if (view === undefined || value === undefined) return <div class="loading" />;
  const toggle = (path: string): void => {
    const next = new Set(opened);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  const box = view.boxes.find(({ id }) => id === selected);
  return (
    <div class="graph">
      <div class="graph-main">
        <div class="graph-actions">
          <button type="button" class="button" onClick={() => setOpen(new Set(pathsOf(value)))}>
            Open all
          </button>
          <button type="button" class="button" onClick={() => setOpen(new Set())}>
            Close all
          </button>
          <span class="faint">{value.size} nodes. Double-click a scope to open it; drag to move, wheel to zoom.</span>
        </div>
        {layout === undefined ? (
          <p class="faint">
            {view.boxes.length} boxes are too many to draw. Close some scopes, or{" "}
            <button type="button" class="link" onClick={() => setOpen(new Set())}>
              close all
            </button>
            .
          </p>
        ) : (
          <GraphView layout={layout} selected={selected} onSelect={setSelected} onToggle={toggle} />
        )}
      </div>
      <aside class="graph-details" aria-live="polite">
        {box === undefined ? (
          <p class="faint">Select a node to see its inputs, shapes and attributes.</p>
        ) : (
          <Details box={box} />
        )}
      </aside>
    </div>
  );
}

/** Opens scopes that are alone on their level: nothing is seen otherwise. */
function firstOpen(root: Scope): Set<string> {
  const open = new Set<string>();
  const large = [...root.scopes.values()].sort((a, b) => b.size - a.size)[0];
  // The model itself, among its inputs and outputs.
  if (large !== undefined && large.size > root.size / 2) open.add(large.path);
  let scope: Scope | undefined = large;
  while (scope !== undefined && scope.nodes.length === 0 && scope.scopes.size === 1) {
    scope = [...scope.scopes.values()][0];
    if (scope !== undefined) open.add(scope.path);
  }
  return open;
}

function Details({ box: { label, node, scope, kind } }: { box: Box }) {
  if (node !== undefined) return <NodeDetails node={node} />;
  return (
    <>
      <h3>{label}</h3>
      <dl>
        <dt>Scope</dt>
        <dd>{scope?.path}</dd>
        <dt>Holds</dt>
        <dd>
          {scope?.size} nodes, {kind}
        </dd>
      </dl>
    </>
  );
}

function NodeDetails({ node: { name, op, device, inputs, shapes, attributes } }: { node: GraphNode }) {
  return (
    <>
      <h3>{name.split("/").at(-1)}</h3>
      <dl>
        <dt>Name</dt>
        <dd>{name}</dd>
        <dt>Operator</dt>
        <dd>{op}</dd>
        {shapes.length > 0 && (
          <>
            <dt>Output</dt>
            {shapes.map((shape, k) => (
              <dd key={k}>{shape}</dd>
            ))}
          </>
        )}
        {inputs.length > 0 && (
          <>
            <dt>Inputs</dt>
            {inputs.map((input, k) => (
              <dd key={k}>{input}</dd>
            ))}
          </>
        )}
        {device !== "" && (
          <>
            <dt>Device</dt>
            <dd>{device}</dd>
          </>
        )}
        {[...attributes].map(([key, text]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{text || "–"}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
