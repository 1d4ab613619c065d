import { CheckpointError } from "../checkpoint-error.ts";
import type { ByteSource } from "./byte-source.ts";
import { bytesSource, checkRange } from "./bytes-source.ts";
import { codeOf } from "./file-source.ts";

/** What the first request brings, in bytes: with it come the size of the file and the header of most. */
const firstBytes = 2 ** 17;

/**
 * A file of a web server, read by range requests. The first brings its beginning and tells its size. Where the server does not know ranges
 * (it answers with the whole file), or does not let a page see the size, the file is read whole into memory.
 *
 * @param request - where it is, with the headers that the server wants; each range is asked for by a copy of it
 * @throws {CheckpointError} if the server cannot be reached, or has no such file
 */
export async function urlSource(request: Request): Promise<ByteSource> {
  const name = request.url;
  const response = await ask(request, 0, firstBytes);
  // There are no bytes at all to answer with.
  if (response.status === 416) return bytesSource(new Uint8Array(0), name);
  if (response.status !== 206) return bytesSource(await bodyOf(response, name), name);
  const beginning = await rangeOf(response, name, firstBytes);
  const size = sizeOf(response);
  if (size === undefined) return bytesSource(await bodyOf(await ask(request), name), name);
  if (beginning?.length !== Math.min(size, firstBytes)) throw wrongRange(name, 0, Math.min(size, firstBytes), response);

  const version = response.headers.get("etag");
  const source: ByteSource = {
    name,
    size,
    chunkSize: 2 ** 23,
    async read(offset, length) {
      checkRange(source, offset, length);
      if (offset + length <= beginning.length) return beginning.subarray(offset, offset + length);
      const part = await ask(request, offset, length);
      if (part.status !== 206) {
        await part.body?.cancel();
        throw wrongRange(name, offset, length, part);
      }
      const bytes = await rangeOf(part, name, length);
      if (bytes?.length !== length || (sizeOf(part) ?? size) !== size) throw wrongRange(name, offset, length, part);
      if (part.headers.get("etag") !== version) {
        throw new CheckpointError(name, "was changed while it was read", "Open it again.");
      }
      return bytes;
    },
    close: async () => {},
  };
  return source;
}

/** Ask for `length` bytes from `offset` on, or for everything. */
async function ask(request: Request, offset?: number, length?: number): Promise<Response> {
  const headers = new Headers(request.headers);
  if (offset !== undefined && length !== undefined) headers.set("range", `bytes=${offset}-${offset + length - 1}`);
  let response: Response;
  try {
    response = await fetch(request.clone(), { headers });
  } catch (error) {
    throw unreadable(request.url, error);
  }
  if (response.ok || (response.status === 416 && offset === 0)) return response;
  await response.body?.cancel();
  const mend = [401, 403].includes(response.status)
    ? "Give a Request with the headers that prove who asks."
    : "Check the address.";
  throw new CheckpointError(request.url, `the server answered ${response.status} ${response.statusText}`, mend);
}

/** The whole body. */
async function bodyOf(response: Response, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The body of a range, or undefined if it is longer than `most` bytes. */
async function rangeOf({ body }: Response, name: string, most: number): Promise<Uint8Array | undefined> {
  try {
    const bytes = new Uint8Array(most);
    let length = 0;
    const reader = body?.getReader();
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      if (length + part.value.length > most) return void (await reader?.cancel());
      bytes.set(part.value, length);
      length += part.value.length;
    }
    return bytes.subarray(0, length);
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** `Content-Range: bytes 0-99/1234` tells 1234. */
function sizeOf(response: Response): number | undefined {
  const size = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  return size === undefined ? undefined : Number(size);
}

function wrongRange(name: string, offset: number, length: number, { status, headers }: Response): CheckpointError {
  const got = `${status}, Content-Range ${headers.get("content-range") ?? "none"}`;
  return new CheckpointError(
    name,
    `the server answered bytes ${offset} to ${offset + length} with ${got}`,
    "It was changed while it was read, or the server does not keep to ranges: download it whole and give the bytes.",
  );
}

function unreadable(name: string, error: unknown): CheckpointError {
  // Fetch says only "fetch failed"; the reason is its cause.
  const reason = codeOf(error instanceof TypeError && error.cause !== undefined ? error.cause : error);
  return new CheckpointError(name, `cannot be read (${reason})`, "Check the address and the connection.", {
    cause: error,
  });
}
