import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { rolldown } from "rolldown";

/** A page that has loaded a script of ours. */
export interface TestPage {
  readonly page: Page;
  close(): Promise<void>;
}

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium of this machine; `CHROME_PATH` names one that lies elsewhere. */
export const chromiumPath: string | undefined = [process.env.CHROME_PATH ?? "", ...places].find(existsSync);

/** Open a page in Chromium, from this machine (which browsers trust as they trust https), with `script`, a TypeScript file, bundled. */
export async function openTestPage(script: string): Promise<TestPage> {
  const bundle = await rolldown({ input: script, logLevel: "warn" });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const code = output[0].code;
  const server = createServer((request, response) => {
    const isScript = request.url === "/script.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(
      isScript ? code : '<!doctype html><title>test</title><script type="module" src="/script.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  try {
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: "load" });
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}
