import { hasFileSystem } from "./node-modules.ts";

/**
 * Where something named by a string or URL lies: a path in the file system, or a URL. Where there is no file system a string is a URL,
 * relative to the page.
 */
export function pathOrUrl(place: string | URL): string | URL {
  if (typeof place === "string") {
    if (/^https?:\/\//i.test(place)) return new URL(place);
    return hasFileSystem() ? place : new URL(place, globalThis.location?.href);
  }
  return place.protocol === "file:" && hasFileSystem()
    ? process.getBuiltinModule("node:url").fileURLToPath(place)
    : place;
}
