import type { ComponentChildren } from "preact";

/** Says that there is nothing, and what to do about it. */
export function Empty({ title, code, children }: { title: string; code?: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {code !== undefined && <pre>{code}</pre>}
    </div>
  );
}
