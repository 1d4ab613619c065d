import type { Event } from "../protos/messages.ts";

/** An event but for when it was. */
export type EventContent = Omit<Event, "wallTime" | "step">;

/** When an event was. */
export interface EventTime {
  /**
   * When it was, in seconds since 1970.
   *
   * @defaultValue now
   */
  walltime?: number;
}
