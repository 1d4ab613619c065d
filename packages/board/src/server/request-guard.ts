import type { IncomingMessage } from "node:http";

/** Why a request is not answered, and with which status. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

const here = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/**
 * Whether to answer at all. The board only reads, so GET and HEAD will do. A page of another site can make its name point to 127.0.0.1 and
 * then read answers as its own, but not change the Host header, which still has its name.
 */
export function refusal({ method, headers }: IncomingMessage): Refusal | undefined {
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, message: `The board only reads: ${method} is not allowed, GET is.` };
  }
  if (!here.test(headers.host ?? "")) {
    return {
      status: 403,
      message:
        "The board answers only to localhost and 127.0.0.1. To see it from another machine, forward its port: ssh -L 6006:localhost:6006 HOST.",
    };
  }
  return undefined;
}
