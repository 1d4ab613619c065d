import type { Event } from "../protos/messages.ts";
import { RecordBuffer } from "../records/record-buffer.ts";
import type { SinkFile } from "../sinks/summary-sink.ts";
import { closedBeforeExit, drainAtExit } from "./drain-at-exit.ts";

/** When what is queued is written. */
export interface QueueOptions {
  /** As soon as this many events wait. */
  readonly maxQueue: number;
  /** As soon as an event waits this long, in seconds. */
  readonly flushSecs: number;
}

/** A part of the queue: records that are ready, or, while it is coming, one whose numbers are still on a device. */
interface Segment {
  readonly records: RecordBuffer;
  coming?: Promise<void> | undefined;
}

/** Node's and browsers' timers cannot wait longer, in ms. */
const longestWait = 2 ** 31 - 1;

/**
 * The queue of one event file.
 *
 * Events are made bytes when they are added, so what they were made of may be changed at once. What is ready at the head of the queue is
 * written by the call that fills it: where the sink takes bytes at once, as disks and memory do, less than `maxQueue` events can be lost.
 */
export class EventFile {
  readonly #file: SinkFile;
  readonly #maxQueue: number;
  readonly #flushMs: number;
  /** What waits for a device or the sink, in order. */
  readonly #ahead: Segment[] = [];
  /** What comes after that, and takes what is added. */
  #tail = new RecordBuffer();
  #queued = 0;
  /** While the sink takes what is first. */
  #writing: Promise<void> | undefined;
  /** Whether the sink failed to take what is first. */
  #refused = false;
  /** A failure that no caller has been told of. */
  #failure: { readonly error: unknown } | undefined;
  #lastWrite = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(file: SinkFile, { maxQueue, flushSecs }: QueueOptions) {
    this.#file = file;
    this.#maxQueue = maxQueue;
    this.#flushMs = 1000 * flushSecs;
    drainAtExit(this);
  }

  /**
   * Queues an event, or one that is coming, and writes if the queue is full.
   *
   * @throws what the sink or a device threw, now or since the last call
   */
  add(event: Event | Promise<Event>): void {
    this.throwFailure();
    // Nothing more is taken before the sink takes what it refused, so the queue stays short.
    if (this.#refused) this.#drain();
    if (event instanceof Promise) this.#addLater(event);
    else this.#tail.add(event);
    this.#queued += 1;
    if (this.#queued >= this.#maxQueue || Date.now() - this.#lastWrite >= this.#flushMs) this.#drain();
    else this.#timer ??= this.#startTimer();
  }

  /** @throws what the sink or a device threw since the last call */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  /**
   * Writes what is ready, as far as the sink takes it at once.
   *
   * @throws what the sink threw
   */
  writeNow(): void {
    this.#drain();
  }

  /** Writes all that was added: at once what can be, so that a caller need not wait for that. */
  async flush(): Promise<void> {
    this.throwFailure();
    this.#drain();
    if (this.#ahead.length === 0) return;
    // What is added meanwhile comes after this, and is not waited for.
    const last = this.#cutTail();
    while (this.#ahead.includes(last)) {
      await (this.#writing ?? this.#ahead[0]?.coming);
      this.throwFailure();
      this.#drain();
    }
  }

  /** Flushes and closes. Nothing may be added afterwards. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.flush();
    } finally {
      closedBeforeExit(this);
      await this.#file.close();
    }
  }

  /** Writes what can be written without waiting, in the last moment of the process. */
  drainAtExit(): void {
    try {
      for (const { records } of [...this.#ahead, { records: this.#tail }]) {
        if (records.count > 0) this.#file.append(records.bytes);
      }
    } catch (error) {
      console.error("SummaryWriter: the last events could not be written.", error);
    }
  }

  /** What was added so far, as a part of its own. */
  #cutTail(): Segment {
    const segment = { records: this.#tail };
    this.#ahead.push(segment);
    this.#tail = new RecordBuffer();
    return segment;
  }

  #addLater(event: Promise<Event>): void {
    this.#cutTail();
    const segment: Segment = { records: new RecordBuffer() };
    this.#ahead.push(segment);
    segment.coming = event
      .then((here) => segment.records.add(here))
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#queued -= 1;
      })
      .then(() => {
        segment.coming = undefined;
        this.#drainIfFull();
      });
  }

  /** Writes from the head of the queue what is ready, until the sink needs time. */
  #drain(): void {
    while (!this.#writing) {
      const first = this.#ahead[0];
      if (first?.coming) return;
      const { records } = first ?? { records: this.#tail };
      if (records.count > 0 && !this.#write(records)) return;
      if (this.#ahead.shift() === undefined) return;
    }
  }

  /** Returns whether the sink has taken the records already. */
  #write(records: RecordBuffer): boolean {
    this.#refused = true;
    const taking = this.#file.append(records.bytes);
    if (taking === undefined) {
      this.#taken(records);
      return true;
    }
    if (records === this.#tail) this.#cutTail();
    this.#writing = taking
      .then(() => this.#taken(records))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#writing = undefined;
        if (!this.#refused) this.#drainIfFull();
      });
    return false;
  }

  #taken(records: RecordBuffer): void {
    this.#refused = false;
    this.#lastWrite = Date.now();
    this.#queued -= records.count;
    records.clear();
  }

  /** Outside of any caller's call: a failure waits for the next one. */
  #drainIfFull(atLeast = this.#maxQueue): void {
    try {
      if (this.#queued >= atLeast) this.#drain();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #startTimer(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#drainIfFull(1);
      },
      Math.min(this.#flushMs, longestWait),
    );
    // A process must not stay alive for this. Browsers' timers are numbers.
    if (typeof timer === "object") timer.unref();
    return timer;
  }
}
