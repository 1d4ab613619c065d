import { describe, expect, it } from "vitest";
import { type Answer, serve, withoutRanges, withRanges } from "../../test/file-server.ts";
import { openSource, type Source } from "./open-source.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251);
const name = "model.safetensors";

/** The message of the error, without the port of the server. */
async function failure(
  source: Source,
  use: (source: Awaited<ReturnType<typeof openSource>>) => unknown = () => {},
): Promise<string> {
  try {
    await use(await openSource(source));
    return "none";
  } catch (error) {
    return String(error).replaceAll(/:\d{4,5}\b/g, ":PORT");
  }
}

/** A server that answers in `answer`'s way from the second request on. */
const later = (answer: Answer): Answer => {
  let count = 0;
  return (...all) => (count++ === 0 ? withRanges : answer)(...all);
};

describe("a URL", () => {
  it("is read by ranges: the first request brings the beginning and the size", async () => {
    await using server = await serve({ [name]: bytes });
    const source = await openSource(new URL(name, server.url));
    expect([source.name, source.size]).toEqual([`${server.url}${name}`, 300_000]);
    expect(await source.read(0, 8)).toEqual(bytes.slice(0, 8));
    expect(await source.read(8, 100_000)).toEqual(bytes.slice(8, 100_008));
    expect(await source.read(200_000, 5)).toEqual(bytes.slice(200_000, 200_005));
    expect(server.requests).toEqual([`/${name} bytes=0-131071`, `/${name} bytes=200000-200004`]);
  });

  it("may be a string, and a Request with headers of its own", async () => {
    await using server = await serve({ [name]: bytes }, (request, response, file) =>
      request.headers.authorization === "Bearer me"
        ? withRanges(request, response, file)
        : response.writeHead(401).end(),
    );
    const url = `${server.url}${name}`;
    expect(await failure(url)).toMatchInlineSnapshot(
      `"CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered 401 Unauthorized. Give a Request with the headers that prove who asks."`,
    );
    const source = await openSource(new Request(url, { headers: { authorization: "Bearer me" } }));
    expect(await source.read(299_999, 1)).toEqual(bytes.slice(299_999));
  });

  it("that is short takes one request, that is empty too", async () => {
    await using server = await serve({ short: bytes.slice(0, 3), empty: new Uint8Array(0) });
    expect(await (await openSource(new URL("short", server.url))).read(1, 2)).toEqual(bytes.slice(1, 3));
    expect((await openSource(new URL("empty", server.url))).size).toBe(0);
    expect(server.requests.length).toBe(2);
  });

  it("of a server that does not know ranges is read whole", async () => {
    await using server = await serve({ [name]: bytes }, withoutRanges);
    const source = await openSource(new URL(name, server.url));
    expect(source.size).toBe(300_000);
    expect(await source.read(250_000, 10)).toEqual(bytes.slice(250_000, 250_010));
    expect(server.requests.length).toBe(1);
  });

  it("is read whole, too, where the page may not see the size", async () => {
    const hidden: Answer = (request, response, file) => {
      if (request.headers.range === undefined) return withRanges(request, response, file);
      response.writeHead(206).end(file?.subarray(0, 131_072));
    };
    await using server = await serve({ [name]: bytes }, hidden);
    expect((await openSource(new URL(name, server.url))).size).toBe(300_000);
  });

  it("that does not answer as it should is an error that says how it answered", async () => {
    const answers: Record<string, Answer> = {
      "is not there": (_, response) => void response.writeHead(404).end("<html>"),
      "hangs up": (request) => void request.socket.destroy(),
      "stops halfway": later((_, response) => {
        response.writeHead(206, { "content-range": "bytes 200000-200009/300000", "content-length": 10 });
        response.write("abc", () => response.destroy());
      }),
      "gives less": later((_, response) =>
        response.writeHead(206, { "content-range": "bytes 200000-200002/300000" }).end("abc"),
      ),
      "gives more": later((_, response) =>
        response.writeHead(206, { "content-range": "bytes 200000-200011/300000" }).end("abcdefghijkl"),
      ),
      "forgets ranges": later(withoutRanges),
      "has become longer": later((_, response) =>
        response.writeHead(206, { "content-range": "bytes 200000-200009/300001" }).end("abcdefghij"),
      ),
      "has another version": later((_, response) =>
        response.writeHead(206, { "content-range": "bytes 200000-200009/300000", etag: '"2"' }).end("abcdefghij"),
      ),
      "claims to be huge": (_, response) =>
        void response.writeHead(206, { "content-range": "bytes 0-131071/9007199254740990" }).end("abc"),
    };
    const messages: Record<string, string> = {};
    for (const [title, answer] of Object.entries(answers)) {
      await using server = await serve({ [name]: bytes }, answer);
      messages[title] = await failure(new URL(name, server.url), (source) => source.read(200_000, 10));
    }
    expect(messages).toMatchInlineSnapshot(`
      {
        "claims to be huge": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered bytes 0 to 131072 with 206, Content-Range bytes 0-131071/9007199254740990. It was changed while it was read, or the server does not keep to ranges: download it whole and give the bytes.",
        "forgets ranges": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered bytes 200000 to 200010 with 200, Content-Range none. It was changed while it was read, or the server does not keep to ranges: download it whole and give the bytes.",
        "gives less": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered bytes 200000 to 200010 with 206, Content-Range bytes 200000-200002/300000. It was changed while it was read, or the server does not keep to ranges: download it whole and give the bytes.",
        "gives more": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered bytes 200000 to 200010 with 206, Content-Range bytes 200000-200011/300000. It was changed while it was read, or the server does not keep to ranges: download it whole and give the bytes.",
        "hangs up": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: cannot be read (UND_ERR_SOCKET). Check the address and the connection.",
        "has another version": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: was changed while it was read. Open it again.",
        "has become longer": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered bytes 200000 to 200010 with 206, Content-Range bytes 200000-200009/300001. It was changed while it was read, or the server does not keep to ranges: download it whole and give the bytes.",
        "is not there": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: the server answered 404 Not Found. Check the address.",
        "stops halfway": "CheckpointError: http://127.0.0.1:PORT/model.safetensors: cannot be read (UND_ERR_SOCKET). Check the address and the connection.",
      }
    `);
  });
});
