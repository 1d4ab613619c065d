/** What a route has to say. */
export interface Answer {
  readonly type: string;
  readonly body: Uint8Array | string;
  /** Whether the same address means the same bytes for ever. */
  readonly immutable?: boolean;
}

/** A request that asks for what there is not, or asks wrongly. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const json = (value: unknown): Answer => ({ type: "application/json", body: JSON.stringify(value) });

export const bytes = (body: Uint8Array): Answer => ({ type: "application/octet-stream", body });
