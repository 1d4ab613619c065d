import type { Event } from "../protos/messages.ts";

/** An event file that is not what it should be: where, and what is wrong. */
export class EventFileError extends Error {
  override readonly name = "EventFileError";
  /** What was read, by the call that found this, before the place. */
  readonly events: readonly Event[];

  constructor(message: string, events: readonly Event[], options?: ErrorOptions) {
    super(message, options);
    this.events = events;
  }
}
