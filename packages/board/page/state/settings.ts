import { computed, effect, type Signal, signal } from "@preact/signals";
import type { XAxis } from "../../src/protocol.ts";

/** A setting that outlives the page. A stored one that does not fit is forgotten. */
function kept<T extends string | number | boolean>(
  name: string,
  fallback: T,
  fits: (value: unknown) => value is T,
): Signal<T> {
  const key = `anneal-board.${name}`;
  let value = fallback;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (fits(stored)) value = stored;
  } catch {
    // Storage may be blocked, or hold what another version wrote.
  }
  const setting = signal(value);
  effect(() => {
    const json = JSON.stringify(setting.value);
    try {
      localStorage.setItem(key, json);
    } catch {
      // Then it lasts as long as the page.
    }
  });
  return setting;
}

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

function isOneOf<Word extends string>(...words: readonly Word[]): (value: unknown) => value is Word {
  return (value): value is Word => words.some((word) => word === value);
}

export type Theme = "system" | "light" | "dark";

export const theme = kept<Theme>("theme", "system", isOneOf<Theme>("system", "light", "dark"));
export const xAxis = kept<XAxis>("x-axis", "step", isOneOf<XAxis>("step", "relative", "wall"));
export const ignoreOutliers = kept("ignore-outliers", true, isBoolean);
export const smoothing = kept(
  "smoothing",
  0.6,
  (value): value is number => typeof value === "number" && value >= 0 && value <= 0.999,
);

const media = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(media.matches);
media.addEventListener("change", () => {
  systemDark.value = media.matches;
});

/** Whether the page is dark now. */
export const dark = computed(() => (theme.value === "system" ? systemDark.value : theme.value === "dark"));

effect(() => {
  document.documentElement.dataset.theme = dark.value ? "dark" : "light";
});
