import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { rolldown } from "rolldown";
import type { pageFileTypes } from "../src/server/page-files.ts";

type PageFile = keyof typeof pageFileTypes;

/** Makes the page's files from its sources. */
export async function bundlePage({ minify }: { minify: boolean }): Promise<Record<PageFile, Uint8Array>> {
  const source = (name: string) => new URL(`./${name}`, import.meta.url);
  const bundle = await rolldown({
    input: source("main.tsx").pathname,
    platform: "browser",
    transform: { target: "es2022" },
    logLevel: "warn",
  });
  const { output } = await bundle.generate({ format: "esm", minify, codeSplitting: false });
  await bundle.close();
  const styles = [createRequire(import.meta.url).resolve("uplot/dist/uPlot.min.css"), source("page.css")];
  return {
    "index.html": await readFile(source("index.html")),
    "page.js": Buffer.from(output[0].code),
    "page.css": Buffer.concat(await Promise.all(styles.map((file) => readFile(file)))),
    "icon.svg": await readFile(source("icon.svg")),
  };
}
