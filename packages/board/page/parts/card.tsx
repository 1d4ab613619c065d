import type { ComponentChildren } from "preact";
import type { TagInfo } from "../../src/protocol.ts";

interface CardProps {
  readonly title: string;
  /** Shown when the pointer rests on the title. */
  readonly hint?: string;
  readonly wide?: boolean;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Card({ title, hint, wide = false, tools, children }: CardProps) {
  return (
    <article class={wide ? "card wide" : "card"} aria-label={title}>
      <header>
        <h3 title={hint ?? title}>{title}</h3>
        <div class="tools">{tools}</div>
      </header>
      {children}
    </article>
  );
}

/** A tag's name for people, without the group that stands above it. */
export function titleOf({ tag, displayName }: TagInfo): string {
  if (displayName !== "" && displayName !== tag) return displayName;
  return tag.includes("/") ? tag.slice(tag.indexOf("/") + 1) : tag;
}

interface ToolProps {
  readonly label: string;
  readonly icon: ComponentChildren;
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

/** A small button with a picture; its label is what screen readers and the pointer tell. */
export function Tool({ label, icon, pressed, onClick }: ToolProps) {
  return (
    <button type="button" class="tool" title={label} aria-label={label} aria-pressed={pressed} onClick={onClick}>
      {icon}
    </button>
  );
}
