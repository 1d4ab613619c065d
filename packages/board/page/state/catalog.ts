import { computed, signal } from "@preact/signals";
import type { Catalog, Kind, RunInfo, TagInfo } from "../../src/protocol.ts";

/** What the server has; undefined until it has said so. */
export const catalog = signal<Catalog | undefined>(undefined);

/** Whether the server answered when it was last asked. */
export const connected = signal(true);

/** Whether new values are asked for. */
export const live = signal(true);

/** How often the server is asked whether there is something new, in ms. */
const pause = 1000;

export const runs = computed<readonly RunInfo[]>(() => catalog.value?.runs ?? []);

export const tagsOf = (kind: Kind): readonly TagInfo[] => catalog.value?.tags[kind] ?? [];

async function ask(): Promise<void> {
  const known = catalog.value;
  try {
    const response = await fetch(`/api/catalog?known=${known?.version ?? -1}`);
    if (!response.ok) throw new Error(await response.text());
    if (response.status !== 204) {
      const next = (await response.json()) as Catalog;
      // Ids of runs mean others now, and all that was loaded by them is wrong.
      if (known !== undefined && known.board !== next.board) location.reload();
      catalog.value = next;
    }
    connected.value = true;
  } catch {
    connected.value = false;
  }
}

/** Follows the server as long as the page is looked at. */
export function followServer(): void {
  const look = async (): Promise<void> => {
    if ((live.value && !document.hidden) || catalog.value === undefined) await ask();
    setTimeout(look, pause);
  };
  void look();
}
