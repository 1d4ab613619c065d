// The stores of browsers, in a real one.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openTestPage, type TestPage } from "../../test/browser.ts";
import { storeCases } from "../../test/store-cases.ts";
import type {} from "../../test/store-page.ts";

const because = chromiumPath ? "" : " (skipped: there is no Chromium; CHROME_PATH can name one)";

describe.skipIf(!chromiumPath)(`in Chromium${because}`, () => {
  let opened: TestPage | undefined;
  const page = () => {
    if (!opened) throw new Error("the page did not open");
    return opened.page;
  };
  beforeAll(async () => {
    opened = await openTestPage(join(import.meta.dirname, "../../test/store-page.ts"));
  }, 60_000);
  afterAll(() => opened?.close());

  describe.each(["opfs", "indexedDB", "downloads"] as const)("the store %s", (store) => {
    it.each(storeCases.map(({ title }) => title))("%s", async (title) => {
      const problem = await page().evaluate(([name, which]) => storePage.runCase(name, which), [store, title] as const);
      expect(problem).toBeNull();
    });
  });

  it.each(["opfsStore", "indexedDBStore"] as const)(
    "%s keeps files when the page is left, and clears up after it",
    async (make) => {
      const left = await page().evaluate(async (kind) => {
        const store = storePage[kind]("left");
        await store.write("whole.pt", (sink) => sink.write(Uint8Array.of(1, 2, 3)));
        // Never ends: the page is gone before.
        await new Promise<void>((resolve) => {
          void store.write("half.pt", async (sink) => {
            await sink.write(new Uint8Array(2 ** 20 + 1));
            resolve();
            await new Promise(() => {});
          });
        });
        return store.list();
      }, make);
      expect(left).toEqual(["whole.pt"]);
      await page().reload();
      const found = await page().evaluate(async (kind) => {
        const store = storePage[kind]("left");
        await store.removeLeftovers?.();
        const source = await store.open("whole.pt");
        return { names: await store.list(), bytes: [...(await source.read(0, source.size))] };
      }, make);
      expect(found).toEqual({ names: ["whole.pt"], bytes: [1, 2, 3] });
    },
  );

  it.each(["opfs", "indexedDB", "downloads"] as const)("a training goes on from checkpoints in %s", async (store) => {
    expect(await page().evaluate((kind) => storePage.resume(kind), store)).toEqual({
      numbers: [3, 3, 3],
      rest: { loss: 3 },
      names: ["checkpoint-00000001-loss=0.25.pt", "checkpoint-00000003-loss=2.pt", "checkpoint-00000004-loss=3.pt"],
    });
  });

  it("downloads are files that the user has, and come back when they choose them", async () => {
    const downloading = page().waitForEvent("download");
    await page().evaluate(() =>
      storePage.downloadStore().write("model.pt", async (sink) => {
        await sink.write(Uint8Array.of(7, 8));
        await sink.write(Uint8Array.of(9));
      }),
    );
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("model.pt");
    const path = await download.path();
    expect([...readFileSync(path)]).toEqual([7, 8, 9]);

    const choosing = page().waitForEvent("filechooser");
    const chosen = page().evaluate(async () => {
      const store = storePage.downloadStore();
      const name = await store.choose();
      const source = await store.open(name ?? "");
      return { name, bytes: [...(await source.read(1, 2))] };
    });
    await (await choosing).setFiles({ name: "mine.pt", mimeType: "", buffer: Buffer.from([5, 6, 7]) });
    expect(await chosen).toEqual({ name: "mine.pt", bytes: [6, 7] });
  });

  it("a file that was not chosen is an error that says how to", async () => {
    const message = await page().evaluate(() =>
      storePage
        .downloadStore()
        .open("model.pt")
        .catch((error: Error) => error.message),
    );
    expect(message).toMatchInlineSnapshot(
      `"downloads: has no file "model.pt". It is empty. Let the user choose it: store.choose()."`,
    );
  });
});
