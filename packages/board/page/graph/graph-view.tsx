import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Tool } from "../parts/card.tsx";
import { FitIcon, MinusIcon, PlusIcon } from "../parts/icons.tsx";
import type { Layout, PlacedBox, PlacedLink } from "./lay-out.ts";

interface GraphViewProps {
  readonly layout: Layout;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
  readonly onToggle: (path: string) => void;
}

/** What is seen: how large, and where the drawing's corner is, in pixels of the window. */
interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** The graph: drag to move, wheel or buttons to zoom, double-click or the space bar to open a scope. */
export function GraphView({ layout, selected, onSelect, onToggle }: GraphViewProps) {
  const place = useRef<SVGSVGElement>(null);
  const [camera, setCamera] = useState<Camera>({ scale: 1, x: 0, y: 0 });
  const drag = useRef<{ x: number; y: number } | undefined>(undefined);

  const fit = (smallest = 0): void => {
    const { width = 1, height = 1 } = place.current?.getBoundingClientRect() ?? {};
    const scale = Math.max(smallest, Math.min(1.25, width / (layout.width || 1), height / (layout.height || 1)));
    setCamera({ scale, x: (width - layout.width * scale) / 2, y: Math.max(0, (height - layout.height * scale) / 2) });
  };
  /** The layout before this one, and the box that was opened or closed since, whose upper edge stays where it was. */
  const before = useRef<{ layout: Layout; toggled: string } | undefined>(undefined);
  useLayoutEffect(() => {
    const was = before.current?.layout.boxes.find(({ id }) => id === before.current?.toggled);
    const is = layout.boxes.find(({ id }) => id === was?.id);
    // At first as large as can be read, however long the graph is.
    if (was === undefined || is === undefined) {
      fit(0.75);
      return;
    }
    const up = (box: PlacedBox) => box.y - box.height / 2;
    setCamera(({ scale, x, y }) => ({ scale, x: x + (was.x - is.x) * scale, y: y + (up(was) - up(is)) * scale }));
  }, [layout]);
  const toggle = (path: string): void => {
    before.current = { layout, toggled: `scope ${path}` };
    onToggle(path);
  };

  /** Moves a box into the middle that is reached by Tab and lies outside. */
  const reveal = ({ x, y }: PlacedBox): void => {
    const { width = 0, height = 0 } = place.current?.getBoundingClientRect() ?? {};
    setCamera((old) => {
      const [at, down] = [old.x + x * old.scale, old.y + y * old.scale];
      const seen = at > 20 && at < width - 20 && down > 20 && down < height - 20;
      return seen ? old : { ...old, x: width / 2 - x * old.scale, y: height / 2 - y * old.scale };
    });
  };

  const zoom = (factor: number, at?: { x: number; y: number }): void => {
    const { width = 0, height = 0 } = place.current?.getBoundingClientRect() ?? {};
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    setCamera((old) => {
      const scale = Math.min(4, Math.max(0.05, old.scale * factor));
      const by = scale / old.scale;
      return { scale, x: x - (x - old.x) * by, y: y - (y - old.y) * by };
    });
  };
  // As a property, Preact would listen passively, and the page would scroll.
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, []);

  const keys = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (by !== undefined) setCamera((old) => ({ ...old, x: old.x + (by[0] ?? 0), y: old.y + (by[1] ?? 0) }));
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  };
  const near = new Set(
    layout.links.flatMap(({ from, to }) => (from === selected || to === selected ? [`${from}\0${to}`] : [])),
  );
  return (
    <div class="graph-view">
      <div class="graph-tools">
        <Tool label="Larger" icon={<PlusIcon />} onClick={() => zoom(1.3)} />
        <Tool label="Smaller" icon={<MinusIcon />} onClick={() => zoom(1 / 1.3)} />
        <Tool label="Show all" icon={<FitIcon />} onClick={() => fit()} />
      </div>
      <svg
        ref={place}
        role="application"
        aria-label="Graph: arrow keys move it, plus and minus zoom, 0 shows all; Tab goes from node to node, Enter selects, the space bar opens and closes a scope"
        tabindex={0}
        onKeyDown={keys}
        onPointerDown={(event) => {
          if (event.target instanceof Element && event.target.closest(".box:not(.open)") === null) {
            drag.current = { x: event.clientX - camera.x, y: event.clientY - camera.y };
            event.currentTarget.setPointerCapture(event.pointerId);
          }
        }}
        onPointerMove={(event) => {
          const from = drag.current;
          if (from !== undefined)
            setCamera((old) => ({ ...old, x: event.clientX - from.x, y: event.clientY - from.y }));
        }}
        onPointerUp={() => (drag.current = undefined)}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 .8 7 4 0 7.2Z" />
          </marker>
        </defs>
        <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.scale})`}>
          {layout.boxes
            .filter(({ kind }) => kind === "open")
            .map((box) => (
              <BoxView
                key={box.id}
                box={box}
                selected={selected === box.id}
                onSelect={onSelect}
                onToggle={toggle}
                onReveal={reveal}
              />
            ))}
          {layout.links.map((link) => (
            <LinkView key={`${link.from}\0${link.to}`} link={link} near={near.has(`${link.from}\0${link.to}`)} />
          ))}
          {layout.boxes
            .filter(({ kind }) => kind !== "open")
            .map((box) => (
              <BoxView
                key={box.id}
                box={box}
                selected={selected === box.id}
                onSelect={onSelect}
                onToggle={toggle}
                onReveal={reveal}
              />
            ))}
        </g>
      </svg>
    </div>
  );
}

function LinkView({ link: { points, sources, shape }, near }: { link: PlacedLink; near: boolean }) {
  const middle = points[points.length >> 1];
  const count = sources.size;
  const label = count > 1 ? `${count} tensors` : shape;
  return (
    <g class={near ? "link near" : "link"}>
      <path
        d={curve(points)}
        marker-end="url(#arrow)"
        style={{ strokeWidth: `${Math.min(4, 1.2 + Math.log2(count) * 0.6)}px` }}
      />
      {middle !== undefined && label !== "" && (
        <text x={middle.x + 5} y={middle.y + 3}>
          {label}
        </text>
      )}
    </g>
  );
}

/** Through the middles of the pieces, so that corners are round. */
function curve(points: PlacedLink["points"]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let path = `M${first.x},${first.y}`;
  rest.forEach((point, k) => {
    const next = rest[k + 1];
    if (next === undefined) path += `L${point.x},${point.y}`;
    else path += `Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`;
  });
  return path;
}

interface BoxViewProps {
  readonly box: PlacedBox;
  readonly selected: boolean;
  readonly onSelect: (id: string | undefined) => void;
  readonly onToggle: (path: string) => void;
  readonly onReveal: (box: PlacedBox) => void;
}

function BoxView({ box, selected, onSelect, onToggle, onReveal }: BoxViewProps) {
  const { id, label, kind, node, scope, x, y, width, height } = box;
  const left = x - width / 2;
  const top = y - height / 2;
  const toggle = (): void => {
    if (scope !== undefined) onToggle(scope.path);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === " ") toggle();
    else if (event.key === "Enter") onSelect(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const source = node !== undefined && node.inputs.length === 0;
  const held = `${scope?.size} ${scope?.size === 1 ? "node" : "nodes"}`;
  const below = node?.op ?? (kind === "closed" ? held : "");
  const name = `${label}, ${kind === "node" ? (node?.op ?? "") : `scope of ${held}, ${kind}`}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons in a drawing.
    <g
      class={`box ${kind}${source ? " source" : ""}${selected ? " selected" : ""}`}
      role="button"
      tabindex={0}
      aria-label={name}
      aria-expanded={kind === "node" ? undefined : kind === "open"}
      onClick={() => onSelect(id)}
      onDblClick={toggle}
      onKeyDown={keys}
      onFocus={(event) => {
        if (event.currentTarget.matches(":focus-visible") && kind !== "open") onReveal(box);
      }}
    >
      <rect x={left} y={top} width={width} height={height} rx={kind === "node" ? (source ? 21 : 6) : 10} />
      {kind === "open" ? (
        <text class="label" x={left + 12} y={top + 17}>
          {cut(label)}
        </text>
      ) : (
        <>
          <text class="label" x={x} y={y - 2} text-anchor="middle">
            {cut(label)}
          </text>
          <text class="op" x={x} y={y + 13} text-anchor="middle">
            {cut(below)}
          </text>
        </>
      )}
      {kind !== "node" && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the space bar does the same on the box itself.
        <g
          class="toggle"
          onClick={(event) => {
            event.stopPropagation();
            toggle();
          }}
        >
          <circle cx={left + width - 13} cy={top + 13} r="8" />
          <path d={`M${left + width - 17},${top + 13}h8${kind === "closed" ? `m-4,-4v8` : ""}`} />
        </g>
      )}
    </g>
  );
}

const cut = (text: string): string => (text.length > 28 ? `${text.slice(0, 27)}…` : text);
