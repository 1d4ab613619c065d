import { checkOptions } from "../options/check-options.ts";
import { anything } from "../options/rules.ts";
import type { SummarySink } from "./summary-sink.ts";

export interface PostSinkOptions {
  /**
   * Headers to send along, such as an `Authorization`.
   *
   * @defaultValue none
   */
  headers?: HeadersInit;
}

/**
 * Files sent to a server as they grow. Bytes to append are the body of a `POST` to `url?path=PATH&position=BYTES`; whole files are those of a
 * `PUT` to `url?path=PATH`. A request that fails is sent again with the writer's next call, with the same position, so a server that writes at
 * the position gets each byte once.
 *
 * @throws {OptionError} if an option is not what it must be
 */
export function postSink(url: string | URL, options: PostSinkOptions = {}): SummarySink {
  checkOptions("postSink", options, { headers: anything });

  async function send(method: string, query: Record<string, string>, body: Uint8Array): Promise<void> {
    const target = new URL(url, globalThis.location?.href);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    const headers = new Headers(options.headers);
    headers.set("content-type", "application/octet-stream");
    const response = await fetch(target, { method, headers, body: body.slice() });
    if (!response.ok) {
      throw new Error(`postSink: ${method} ${target} was answered with ${response.status} ${response.statusText}.`);
    }
  }

  return {
    create(path) {
      let position = 0;
      return {
        async append(bytes) {
          await send("POST", { path, position: String(position) }, bytes);
          position += bytes.length;
        },
        close() {},
      };
    },
    write: (path, bytes) => send("PUT", { path }, bytes),
  };
}
