import { readFile } from "node:fs/promises";
import type { Answer } from "../routes/answer.ts";

/** The page, by path. */
export type PageFiles = ReadonlyMap<string, Answer>;

/** The files of the page, by name: all that the server ever serves from its own folder. */
export const pageFileTypes = {
  "index.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
} as const;

/** @param read - the bytes of a file of the page */
export async function pageFiles(read: (name: string) => Promise<Uint8Array>): Promise<PageFiles> {
  const files = new Map<string, Answer>();
  for (const [name, type] of Object.entries(pageFileTypes)) files.set(`/${name}`, { type, body: await read(name) });
  const index = files.get("/index.html");
  if (index !== undefined) files.set("/", index);
  return files;
}

/** The page as it was built: beside the built server, or, when the server runs from its source, in `dist`. */
export function builtPage(): Promise<PageFiles> {
  return pageFiles(async (name) => {
    try {
      return await readFile(new URL(`./page/${name}`, import.meta.url));
    } catch {
      try {
        return await readFile(new URL(`../../dist/page/${name}`, import.meta.url));
      } catch {
        throw new Error(
          `The board's page (${name}) is missing. Reinstall @anneal/board, or in its repository run \`pnpm build\`.`,
        );
      }
    }
  });
}
