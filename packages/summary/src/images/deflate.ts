import type { MaybePromise } from "../maybe-promise.ts";

/** zlib's format, at once where Node's zlib is, else when the browser's stream is through. */
export function deflate(bytes: Uint8Array<ArrayBuffer>): MaybePromise<Uint8Array> {
  const zlib = globalThis.process?.getBuiltinModule?.("node:zlib");
  if (zlib) return zlib.deflateSync(bytes);
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Response(compressed).arrayBuffer().then((buffer) => new Uint8Array(buffer));
}
