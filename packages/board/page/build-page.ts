// Builds the page into dist/page: the last step of the package's build.
import { mkdirSync, writeFileSync } from "node:fs";
import { bundlePage } from "./bundle-page.ts";

const folder = new URL("../dist/page/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, bytes] of Object.entries(await bundlePage({ minify: true })))
  writeFileSync(new URL(name, folder), bytes);
