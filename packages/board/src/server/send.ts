import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../routes/answer.ts";

/** Sends an answer; a part of it, where a player asks for one. */
export function send(request: IncomingMessage, response: ServerResponse, { type, body, immutable }: Answer): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.setHeader("Content-Type", type);
  response.setHeader("Cache-Control", immutable ? "private, max-age=86400, immutable" : "no-store");
  response.setHeader("Accept-Ranges", "bytes");
  const part = partOf(request.headers.range, bytes.length);
  if (part === undefined) end(request, response, 200, bytes);
  else {
    const [first, last] = part;
    response.setHeader("Content-Range", `bytes ${first}-${last}/${bytes.length}`);
    end(request, response, 206, bytes.subarray(first, last + 1));
  }
}

export function sendText(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.setHeader("Cache-Control", "no-store");
  end(request, response, status, Buffer.from(`${message}\n`));
}

function end({ method }: IncomingMessage, response: ServerResponse, status: number, bytes: Uint8Array): void {
  response.writeHead(status, { "Content-Length": bytes.length });
  response.end(method === "HEAD" ? undefined : bytes);
}

/** The first and last byte of a range that makes sense; any other is ignored, as HTTP allows. */
function partOf(range: string | undefined, length: number): [number, number] | undefined {
  const [, from, to] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(range ?? "") ?? [];
  if (from === undefined) return undefined;
  const first = Number(from);
  const last = to ? Math.min(Number(to), length - 1) : length - 1;
  return first <= last ? [first, last] : undefined;
}
