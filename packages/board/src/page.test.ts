import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SummaryWriter } from "@anneal/summary";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bundlePage } from "../page/bundle-page.ts";
import { chromiumPath, openBrowser } from "../test/browser.ts";
import { frameRecord } from "../test/frame-record.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { servePage } from "./serve-board.ts";
import { type PageFiles, pageFiles } from "./server/page-files.ts";

const reference = join(import.meta.dirname, "../reference/runs");

if (chromiumPath === undefined)
  console.warn("The board's page is not tested: there is no Chromium. CHROME_PATH names one.");

describe.skipIf(chromiumPath === undefined)("the page, in Chromium", () => {
  let files: PageFiles;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  /** What the page complained of: none of it is expected in any test. */
  const complaints: string[] = [];

  beforeAll(async () => {
    const page = new Map(Object.entries(await bundlePage({ minify: false })));
    files = await pageFiles(async (name) => page.get(name) ?? new Uint8Array());
    browser = await openBrowser();
    return () => browser.close();
  });

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(logDir: string, hash = ""): Promise<Page> {
    const board = await servePage({ logDir, port: 0 }, files);
    const page = await browser.context.newPage();
    onTestFinished(async () => {
      await page.close();
      await board.close();
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${board.url}${hash}`);
    return page;
  }

  /** The picture of the first chart. */
  const pictureOf = (page: Page) =>
    page
      .locator(".chart .chart-frame canvas")
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  it("shows a training's curve, and how it moves while the training goes on", async () => {
    const folder = temporaryFolder();
    const writer = new SummaryWriter(join(folder, "run"));
    onTestFinished(() => writer.close());
    for (let step = 0; step < 10; step += 1) writer.addScalar("loss/train", 1 / (step + 1), step);
    await writer.flush();
    const page = await open(folder);
    const chart = page.getByRole("application", { name: "loss/train" });
    await chart.waitFor();
    await page.getByRole("slider", { name: "Smoothing" }).fill("0");
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.getByRole("status").textContent()).toMatch(/^step 1run/);
    await chart.blur();
    const before = await pictureOf(page);

    for (let step = 10; step < 50; step += 1) writer.addScalar("loss/train", 1 / (step + 1), step);
    await writer.flush();
    await expect.poll(() => pictureOf(page), { timeout: 10_000 }).not.toBe(before);
    await chart.focus();
    await page.keyboard.press("End");
    for (let k = 0; k < 49; k += 1) await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.getByRole("status").textContent()).toMatch(/^step 49run0\.02$/);
  });

  it("says what to do where there is no run, and shows one as soon as it is there", async () => {
    const folder = temporaryFolder();
    const page = await open(folder);
    await page.getByRole("heading", { name: "No runs yet" }).waitFor();
    expect(await page.locator(".empty pre").textContent()).toContain(`new SummaryWriter("${folder}/first")`);
    const writer = new SummaryWriter(join(folder, "first"));
    writer.addScalar("loss", 1, 0);
    await writer.close();
    await page.getByRole("article", { name: "loss" }).waitFor({ timeout: 10_000 });
    await page.getByRole("tab", { name: "Graph" }).click();
    await page.getByRole("heading", { name: "No graph yet" }).waitFor();
  });

  it("zooms into a curve by dragging, and shows all again by a double-click", async () => {
    const page = await open(reference, "#scalars");
    const chart = page.getByRole("application", { name: "loss/train" });
    await page.getByRole("searchbox", { name: "Filter tags" }).fill("loss/train");
    await chart.locator("canvas").first().waitFor();
    const card = page.getByRole("article", { name: "train" });
    const frame = await chart.locator(".u-over").boundingBox();
    if (frame === null) throw new Error("the chart has no frame");
    await page.mouse.move(frame.x + 60, frame.y + 50);
    await page.mouse.down();
    await page.mouse.move(frame.x + 200, frame.y + 55, { steps: 5 });
    await page.mouse.up();
    await card.getByRole("button", { name: "Show all" }).waitFor();
    await page.mouse.dblclick(frame.x + 100, frame.y + 50);
    await card.getByRole("button", { name: "Show all" }).waitFor({ state: "detached" });
  });

  it("shows the runs that the filter and the boxes let through", async () => {
    const page = await open(reference, "#images");
    await expect.poll(() => page.locator(".picture img").count()).toBe(4);
    await page.keyboard.press("/");
    await page.keyboard.type("lr0\\.1$");
    await expect.poll(() => page.locator(".picture img").count()).toBe(2);
    await page.keyboard.type("(");
    await page.getByText("no regular expression yet").waitFor();
    await page.keyboard.press("Backspace");
    await page.getByRole("checkbox", { name: "sgd-lr0.1", exact: true }).uncheck();
    await page.getByRole("heading", { name: "Nothing to show" }).waitFor();
  });

  it("goes through the steps of a picture", async () => {
    const page = await open(reference, "#images");
    const slider = page.getByRole("slider", { name: "Step of samples/waves of sgd-lr0.1" });
    await slider.scrollIntoViewIfNeeded();
    const picture = page.getByAltText("samples/waves of sgd-lr0.1 at step 60");
    await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(64);
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByAltText("samples/waves of sgd-lr0.1 at step 0").waitFor();
  });

  it("plays sounds", async () => {
    const page = await open(reference, "#audio");
    const player = page.getByLabel("tones/sweep of sgd-lr0.1 at step 0");
    // 400 samples at 8 kHz.
    await expect.poll(() => player.evaluate((audio) => (audio as HTMLAudioElement).duration)).toBeCloseTo(0.05, 3);
  });

  it("draws distributions and histograms over the steps", async () => {
    const page = await open(reference, "#histograms");
    await expect
      .poll(() => page.getByRole("application", { name: "conv1/weight of sgd-lr0.1:" }).locator(".ridge").count())
      .toBe(4);
    await page.getByRole("application", { name: "conv1/weight of sgd-lr0.1:" }).focus();
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => page.getByRole("status").textContent()).toMatch(/^step 40\d+ values from/);
    await page.getByRole("tab", { name: "Distributions" }).click();
    await expect.poll(() => page.locator(".chart .u-over").count()).toBe(4);
  });

  it("draws the graph, opens its scopes and tells about its nodes", async () => {
    const page = await open(reference, "#graph");
    const block = page.getByRole("button", { name: "Block[block1], scope of 9 nodes, closed" });
    await block.focus();
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "relu, Relu" }).focus();
    await page.keyboard.press("Enter");
    const details = page.locator(".graph-details");
    await expect.poll(() => details.textContent()).toContain("ResNet/Block[block1]/BatchNorm2d[bn1]/batchNorm");
    expect(await details.textContent()).toContain("32×16×16×16");
    await page.getByRole("button", { name: "Close all" }).click();
    await expect.poll(() => page.locator(".box").count()).toBe(3);
  });

  it("compares hyperparameters in a table and in parallel coordinates", async () => {
    const page = await open(reference, "#hparams");
    await expect.poll(() => page.locator(".trials tbody tr").count()).toBe(2);
    const row = page.locator(".trials tbody tr").first();
    const cells = row.locator("th, td");
    expect(await cells.allTextContents()).toEqual(["sgd-lr0.01/hparams", "sgd", "0.01", "64", "false", "0.85", "0.5"]);
    await page.getByRole("button", { name: "lr", exact: true }).click();
    await page.getByRole("button", { name: "lr", exact: true }).click();
    await expect.poll(() => row.textContent()).toContain("sgd-lr0.1/hparams");
    expect(await page.locator(".trial").count()).toBe(2);
  });

  it("draws precision-recall curves, custom charts and texts", async () => {
    const page = await open(reference, "#pr-curves");
    await page.getByRole("application", { name: "digits/is-a-seven: precision over recall" }).waitFor();
    await page.getByRole("tab", { name: "Custom" }).click();
    await page.getByRole("application", { name: "both losses" }).waitFor();
    await page.getByRole("application", { name: "loss and its band" }).waitFor();
    await page.getByRole("tab", { name: "Text" }).click();
    await expect.poll(() => page.locator(".markdown strong").allTextContents()).toEqual(["sgd", "sgd"]);
    expect(await page.locator(".markdown table td").first().textContent()).toBe("loss");
    const link = page.getByRole("link", { name: "the paper" }).first();
    expect([await link.getAttribute("rel"), await link.getAttribute("target")]).toEqual([
      "noopener noreferrer",
      "_blank",
    ]);
  });

  it("is dark where the system is, and as the switch says", async () => {
    const page = await open(reference);
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(theme).toBe("dark");
    await page.getByRole("button", { name: /^Colours: as the system/ }).click();
    await expect.poll(theme).toBe("light");
    await page.getByRole("button", { name: /^Colours: light/ }).click();
    await expect.poll(theme).toBe("dark");
    await page.getByRole("button", { name: /^Colours: dark/ }).click();
  });

  it("goes from tab to tab by the arrow keys", async () => {
    const page = await open(reference, "#scalars");
    await page.getByRole("tab", { name: "Scalars" }).focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.getByRole("tab", { name: "Text" }).getAttribute("aria-selected")).toBe("true");
    expect(page.url()).toMatch(/#text$/);
  });

  it("runs nothing that tags, runs, texts and graphs of an event file would have run", async () => {
    const folder = temporaryFolder();
    const inject = "window.injected = (window.injected ?? 0) + 1";
    const attacks = [
      `<img src=x onerror="${inject}">`,
      `</script><script>${inject}</script>`,
      `<svg onload="${inject}"></svg>`,
      `<iframe srcdoc="<script>parent.injected=1</script>"></iframe>`,
      `<a href="javascript:${inject}">raw link</a>`,
      `[a link](javascript:${inject.replaceAll(" ", "")})`,
      `[data](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
      `![picture](https://evil.example/pixel.png)`,
      `<style>body { display: none }</style><form action="https://evil.example"><input name=q></form>`,
      `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${inject}&gt;">`,
    ];
    const name = `<img src=x onerror=window.injected=1>`;
    const writer = new SummaryWriter(join(folder, name));
    attacks.forEach((attack, k) => {
      writer.addText(`text${k}`, attack, 0);
      writer.addScalar(attack, k, 0);
      writer.addHistogram(attack.replace("<", "<!"), [1, 2, 3], 0);
    });
    writer.addHparams({ [name]: name }, { [attacks[1] ?? ""]: 1 });
    await writer.close();
    // Event { graph_def GraphDef { node { name, op } } }, each the attack.
    const field = (number: number, data: Uint8Array) =>
      Buffer.concat([Buffer.of((number << 3) | 2, data.length), data]);
    const hostile = Buffer.from(name);
    const graph = field(4, field(1, Buffer.concat([field(1, hostile), field(2, hostile)])));
    mkdirSync(join(folder, "graph"));
    writeFileSync(join(folder, "graph", "events.out.tfevents.1.graph"), frameRecord(graph));

    const requests: string[] = [];
    const page = await open(folder, "#text");
    // Cards are made when they come near the window.
    await page.setViewportSize({ width: 1280, height: 6000 });
    page.on("request", (request) => requests.push(request.url()));
    page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    await expect.poll(() => page.locator(".markdown").count()).toBe(attacks.length);
    expect(
      await page
        .locator(".markdown img, .markdown script, .markdown iframe, .markdown svg, .markdown form, .markdown style")
        .count(),
    ).toBe(0);
    expect(await page.locator(".markdown a[href]").count()).toBe(0);
    for (const tab of ["Scalars", "Histograms", "Graph", "HParams", "Images", "Text"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.waitForTimeout(300);
    }
    expect(await page.evaluate(() => Reflect.get(window, "injected"))).toBeUndefined();
    expect(await page.locator("main").isVisible()).toBe(true);
    // DOMPurify parses a text before it cleans it, and Chromium says of each style in it that the policy keeps it from working.
    expect(complaints.splice(0).filter((message) => !message.startsWith("Applying inline style violates"))).toEqual([]);
    const origin = new URL(page.url()).origin;
    expect(requests.filter((url) => !url.startsWith(origin))).toEqual([]);
  });
});
