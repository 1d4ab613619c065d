import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { SummaryWriter } from "@anneal/summary";
import fc from "fast-check";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { frameRecord, recordData } from "../test/frame-record.ts";
import { pageStub } from "../test/page-stub.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import type { Catalog, Histograms, Kind, PrCurve, Records, ScalarsHeader, TextEntry } from "./protocol.ts";
import { type Board, servePage } from "./serve-board.ts";

const reference = join(import.meta.dirname, "../reference/runs");
const eventFile = "events.out.tfevents.1700000000.tensorboardX";

async function open(logDir: string): Promise<Board> {
  const board = await servePage({ logDir, port: 0 }, await pageStub());
  onTestFinished(() => board.close());
  return board;
}

/** The catalog once everything is read. */
async function settled({ url }: Board): Promise<Catalog> {
  for (;;) {
    const catalog = (await (await fetch(`${url}api/catalog`)).json()) as Catalog;
    const { readBytes, totalBytes } = catalog.loading;
    if (totalBytes > 0 && readBytes === totalBytes) return catalog;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A request with a path as it is: `fetch` and URL would mend it first. */
function rawRequest(
  url: string,
  { path = "/", method = "GET", host = "localhost" },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    request({ port, path, method, headers: { host } }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });
}

describe("the server", () => {
  let board: Board;
  beforeAll(async () => {
    board = await servePage({ logDir: reference, port: 0 }, await pageStub());
    await settled(board);
    return () => board.close();
  });

  const get = (path: string, init: RequestInit = {}) => fetch(`${board.url}${path}`, init);
  const json = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;
  const run = async (name: string) => (await settled(board)).runs.find((each) => each.name === name)?.id ?? -1;

  it("serves the page", async () => {
    const response = await get("");
    expect(await response.text()).toBe("the page's index.html");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  });

  it("forbids the page scripts, styles and data that are not its own", async () => {
    const { headers } = await get("");
    expect(headers.get("content-security-policy")).toMatchInlineSnapshot(
      `"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"`,
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it.each(["localhost", "localhost:6006", "127.0.0.1:8080", "[::1]:6006", "LOCALHOST"])(
    "answers to the host %s",
    async (host) => {
      expect((await rawRequest(board.url, { host })).status).toBe(200);
    },
  );

  it.each([
    "evil.example",
    "evil.example:6006",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "localhost@evil.example",
    "0.0.0.0",
  ])("refuses the host %s, which a page elsewhere may have made point here", async (host) => {
    const { status, body } = await rawRequest(board.url, { host, path: "/api/catalog" });
    expect(status).toBe(403);
    expect(body).not.toContain(reference);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("refuses %s: it only reads", async (method) => {
    expect((await rawRequest(board.url, { method, path: "/api/catalog" })).status).toBe(405);
  });

  it("answers HEAD without a body", async () => {
    const response = await get("", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  it.each([
    "/../package.json",
    "/%2e%2e/package.json",
    "/..%2fpackage.json",
    "/page/../../package.json",
    "//etc/passwd",
    "/api/../../etc/passwd",
    "/api/media?kind=images&run=../../&tag=x",
    "/api/graph?run=%2Fetc%2Fpasswd",
    "/sgd-lr0.1/events.out.tfevents.1700000000.tensorboardX",
    "/index.html%00.js",
    "/\\..\\package.json",
    "http://[",
    "/api/constructor",
    "/api/__proto__",
    "/__proto__",
  ])("has no file at %s", async (path) => {
    const { status, body } = await rawRequest(board.url, { path });
    expect([400, 404]).toContain(status);
    expect(body).not.toMatch(/root:|@anneal\/board"/);
  });

  it("survives what is no HTTP", async () => {
    const socket = connect(Number(new URL(board.url).port), "127.0.0.1");
    socket.write("\x16\x03\x01 no HTTP at all\r\n\r\n");
    await new Promise((resolve) =>
      socket
        .on("close", resolve)
        .on("error", () => {})
        .resume(),
    );
    expect((await get("")).status).toBe(200);
  });

  it("says in the catalog which tags there are, in which runs", async () => {
    const { tags, runs, problems, notDrawn } = await settled(board);
    const names = (kind: Kind) => tags[kind].map(({ tag }) => tag);
    expect(runs.map(({ name }) => name)).toEqual([
      "sgd-lr0.01",
      "sgd-lr0.01/hparams",
      "sgd-lr0.1",
      "sgd-lr0.1/hparams",
    ]);
    expect(names("scalars")).toEqual([
      "accuracy/validation",
      "hparam/accuracy",
      "hparam/loss",
      "loss/high",
      "loss/low",
      "loss/train",
      "loss/validation",
      "lr",
    ]);
    expect(names("images")).toEqual(["featureMaps/conv1", "samples/waves"]);
    expect(names("histograms")).toEqual(["conv1/weight", "fc/weight"]);
    expect([names("audio"), names("text"), names("prCurves")]).toEqual([
      ["tones/sweep"],
      ["notes/text_summary"],
      ["digits/is-a-seven"],
    ]);
    expect([tags.graphs.length, tags.hparams.length, tags.customScalars.length]).toEqual([1, 1, 1]);
    expect([problems, notDrawn]).toEqual([[], {}]);
  });

  it("has nothing to say to a page that knows the catalog", async () => {
    const { version } = await settled(board);
    expect((await get(`api/catalog?known=${version}`)).status).toBe(204);
  });

  it("serves scalars in columns", async () => {
    const body = await (await get(`api/scalars?tag=lr&runs=${await run("sgd-lr0.1")}`)).arrayBuffer();
    const length = new DataView(body).getUint32(0, true);
    const header = JSON.parse(Buffer.from(body, 4, length).toString()) as ScalarsHeader;
    expect(header.runs).toMatchObject([{ length: 61, total: 61 }]);
    const columns = new Float64Array(body, Math.ceil((4 + length) / 8) * 8);
    expect([...columns.subarray(0, 3)]).toEqual([0, 1, 2]);
    expect(columns[61]).toBe(1.7e9);
    // The cosine of make_runs.py at its first step, in float32.
    expect(columns[122]).toBe(Math.fround(0.1));
  });

  it("serves a range of scalars with a neighbour on either side", async () => {
    const body = await (await get(`api/scalars?tag=lr&runs=${await run("sgd-lr0.1")}&from=10&to=12`)).arrayBuffer();
    const length = new DataView(body).getUint32(0, true);
    const columns = new Float64Array(body, Math.ceil((4 + length) / 8) * 8);
    expect([...columns.subarray(0, 5)]).toEqual([9, 10, 11, 12, 13]);
  });

  it("serves pictures and sounds as what they are", async () => {
    const id = await run("sgd-lr0.1");
    const image = await get(`api/media?kind=images&run=${id}&tag=samples/waves&step=60`);
    expect(image.headers.get("content-type")).toBe("image/png");
    expect(
      Buffer.from(await image.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    const sound = await get(`api/media?kind=audio&run=${id}&tag=tones/sweep&step=0`);
    expect(sound.headers.get("content-type")).toBe("audio/wav");
    const part = await get(`api/media?kind=audio&run=${id}&tag=tones/sweep&step=0`, {
      headers: { range: "bytes=0-3" },
    });
    expect([part.status, await part.text()]).toEqual([206, "RIFF"]);
  });

  it("serves the steps of a slider", async () => {
    const records = await json<Records>(`api/records?kind=images&run=${await run("sgd-lr0.1")}&tag=samples/waves`);
    expect(records).toEqual({ steps: [0, 60], wallTimes: [1.7e9, 1.7e9 + 150] });
  });

  it("serves texts, the newest first", async () => {
    const texts = await json<TextEntry[]>(`api/texts?run=${await run("sgd-lr0.1")}&tag=notes/text_summary`);
    expect(texts).toHaveLength(1);
    expect(texts[0]?.texts[0]).toContain("Trained with **sgd** at `lr=0.1`.");
  });

  it("serves histograms in the same bins, without losing a count", async () => {
    const { steps } = await json<Histograms>(`api/histograms?run=${await run("sgd-lr0.1")}&tag=conv1/weight&bins=30`);
    expect(steps.map(({ step }) => step)).toEqual([0, 20, 40, 60]);
    // 200 normal numbers each; the bins' shares are sums of float64, exact to about 1e-13.
    for (const { counts, quantiles } of steps) {
      expect(counts).toHaveLength(30);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(200, 9);
      expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
    }
  });

  it("serves precision and recall", async () => {
    const curve = await json<PrCurve>(`api/pr-curve?run=${await run("sgd-lr0.1")}&tag=digits/is-a-seven&step=60`);
    expect(curve.step).toBe(60);
    expect(curve.precision).toHaveLength(127);
    // Every label is found at threshold 0, and counts are whole.
    expect(curve.recall[0]).toBe(1);
    expect((curve.truePositives[0] ?? 0) + (curve.falsePositives[0] ?? 0)).toBe(400);
  });

  it("serves graphs, hyperparameters and layouts as the messages they are", async () => {
    const graph = await get(`api/graph?run=${await run("sgd-lr0.1")}`);
    expect(Buffer.from(await graph.arrayBuffer()).toString("latin1")).toContain("ResNet/stem");
    expect(await json("api/hparams")).toHaveLength(2);
    expect(await json("api/layouts")).toHaveLength(1);
  });

  it.each([
    "api/scalars",
    "api/scalars?tag=lr&runs=0&axis=week",
    "api/scalars?tag=lr&runs=0&points=1e9",
    "api/media?kind=scripts",
  ])("says what is wrong with the request %s", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/must be|has no/);
  });

  it("never serves a picture as something that runs", async () => {
    const folder = temporaryFolder();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    // Event { summary { value { tag "x", image { encoded_image_string svg } } } }
    const field = (number: number, data: Uint8Array) =>
      Buffer.concat([Buffer.of((number << 3) | 2, data.length), data]);
    const value = Buffer.concat([field(1, Buffer.from("x")), field(4, field(4, svg))]);
    writeFileSync(join(folder, eventFile), frameRecord(field(5, field(1, value))));
    const other = await open(folder);
    const id = (await settled(other)).runs[0]?.id;
    expect((await fetch(`${other.url}api/media?kind=images&run=${id}&tag=x`)).status).toBe(415);
  });
});

it("a value that a training writes is served a moment later", async () => {
  const folder = temporaryFolder();
  const writer = new SummaryWriter(join(folder, "run"));
  writer.addScalar("loss", 1, 0);
  await writer.flush();
  const board = await open(folder);
  expect((await settled(board)).tags.scalars[0]?.series[0]?.[1]).toBe(1);
  writer.addScalar("loss", 0.5, 1);
  await writer.close();
  await expect.poll(async () => (await settled(board)).tags.scalars[0]?.series[0]?.[1], { timeout: 5000 }).toBe(2);
});

it("whatever is in records with right checksums, no request fails for it", async () => {
  const good = recordData(readFileSync(join(reference, "sgd-lr0.1", eventFile)));
  // One of each kind is enough, and quick.
  const chosen = good.filter((data, k) => k < 12 || data.length > 2000).slice(0, 24);
  const paths = ({ runs, tags }: Catalog): string[] =>
    runs.flatMap(({ id }) => [
      ...tags.scalars.map(({ tag }) => `scalars?tag=${encodeURIComponent(tag)}&runs=${id}&smoothing=0.6&points=5`),
      ...tags.images.map(({ tag }) => `media?kind=images&run=${id}&tag=${encodeURIComponent(tag)}`),
      ...tags.audio.map(({ tag }) => `media?kind=audio&run=${id}&tag=${encodeURIComponent(tag)}`),
      ...tags.text.map(({ tag }) => `texts?run=${id}&tag=${encodeURIComponent(tag)}`),
      ...tags.histograms.map(({ tag }) => `histograms?run=${id}&tag=${encodeURIComponent(tag)}`),
      ...tags.prCurves.map(({ tag }) => `pr-curve?run=${id}&tag=${encodeURIComponent(tag)}`),
      ...tags.graphs.map(() => `graph?run=${id}`),
      "hparams",
      "layouts",
    ]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(1000), fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 30 }),
      async (changes) => {
        const records = chosen.map((data) => Buffer.from(data));
        for (const [record, at, byte] of changes) {
          const data = records[record % records.length];
          if (data !== undefined) data[at % data.length] = byte;
        }
        // Each in a file of its own: what comes after a damaged record would not be read.
        const folder = temporaryFolder();
        records.forEach((data, k) => {
          mkdirSync(join(folder, String(k)));
          writeFileSync(join(folder, String(k), eventFile), frameRecord(data));
        });
        const board = await servePage({ logDir: folder, port: 0 }, await pageStub());
        try {
          // Every run is known at once, and each file that could be read counts one more.
          const version = async () => ((await (await fetch(`${board.url}api/catalog`)).json()) as Catalog).version;
          await expect.poll(version, { timeout: 10_000 }).toBeGreaterThan(24);
          const catalog = (await (await fetch(`${board.url}api/catalog`)).json()) as Catalog;
          for (const path of paths(catalog)) {
            const { status } = await fetch(`${board.url}api/${path}`);
            expect([200, 404, 415], path).toContain(status);
          }
        } finally {
          await board.close();
        }
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
});

describe("serveBoard", () => {
  it("takes the next port if the one asked for is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const board = await servePage({ logDir: reference, port }, await pageStub());
    onTestFinished(() => board.close());
    expect(board.portTaken).toBe(true);
    expect(Number(new URL(board.url).port)).toBeGreaterThan(port);
  });

  it("says what is wrong with its options", async () => {
    const page = await pageStub();
    await expect(servePage({ logDir: "/nowhere/at/all" }, page)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: serveBoard: there is no folder /nowhere/at/all. Give the folder that your SummaryWriter writes to, or one above it.]`,
    );
    await expect(
      servePage({ logDir: import.meta.filename.replace(/.*\//, "packages/board/src/") }, page),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: serveBoard: packages/board/src/serve-board.test.ts is a file, and logDir must be the folder that it is in, or one above it.]`,
    );
    await expect(servePage({ logDir: reference, port: 70_000 }, page)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: serveBoard: port must be a whole number from 0 to 65535, got 70000.]`,
    );
    await expect(servePage({ logDir: "" }, page)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: serveBoard: logDir must be the path of a folder, got .]`,
    );
    const typo = { logDir: reference, prot: 1 };
    await expect(servePage(typo, page)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[OptionError: serveBoard: no option prot. There are logDir and port.]`,
    );
  });
});
