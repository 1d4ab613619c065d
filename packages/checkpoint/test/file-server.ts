import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server of this process, for as long as a test uses it. */
export interface FileServer extends AsyncDisposable {
  readonly url: URL;
  /** What was asked for, as `/name bytes=0-9`. */
  readonly requests: string[];
}

/** Answers requests: the default knows ranges. */
export type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Uint8Array | undefined) => void;

/** Serve `files` by name. */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  answer: Answer = withRanges,
): Promise<FileServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.url, request.headers.range].filter(Boolean).join(" "));
    answer(request, response, files[decodeURIComponent((request.url ?? "").slice(1))]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const withRanges: Answer = (request, response, bytes) => {
  if (bytes === undefined) return void response.writeHead(404).end("no such file");
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined || last === undefined) return void response.end(bytes);
  if (Number(first) >= bytes.length) {
    return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  }
  const part = bytes.subarray(Number(first), Number(last) + 1);
  const range = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`;
  response.writeHead(206, { "content-range": range, "content-length": part.length }).end(part);
};

export const withoutRanges: Answer = (_, response, bytes) => {
  if (bytes === undefined) response.writeHead(404).end();
  else response.end(bytes);
};
