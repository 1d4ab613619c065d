import { type MaybePromise, whenThere } from "../maybe-promise.ts";
import type { Summary } from "../protos/messages.ts";
import type { EventContent } from "./event-content.ts";
import type { EventFile } from "./event-file.ts";
import { type OpenOptions, openEventFile } from "./open-event-file.ts";

/** A file of its own beside the events: its path below the run's directory, and all of its bytes. */
export type RunFile = readonly [path: string, bytes: Uint8Array];

/** A directory of event files, and the runs in directories below it that belong to the same writer. */
export class Run {
  readonly logDir: string;
  readonly #options: OpenOptions;
  readonly #children = new Map<string, Run>();
  /** What goes on besides the queue: files being written, children being closed. */
  readonly #working = new Set<Promise<void>>();
  /** What went wrong there, and no caller has been told of. */
  #failure: { readonly error: unknown } | undefined;
  #file: EventFile | undefined;

  /** Begins the first file, so that the run is there at once. */
  constructor(logDir: string, options: OpenOptions) {
    this.logDir = logDir;
    this.#options = { ...options, purgeStep: undefined };
    this.#file = openEventFile(logDir, options);
  }

  /**
   * Queues a summary at a step, in the order of the calls. After `close`, in a new file.
   *
   * @throws what went wrong since the last call
   */
  add(summary: MaybePromise<Summary>, step: number, wallTime: number): void {
    if (summary instanceof Promise)
      this.addEvent(
        summary.then((there) => ({ summary: there })),
        step,
        wallTime,
      );
    else this.#open().add({ wallTime, step, summary });
  }

  /** {@link add} of what is no summary. */
  addEvent(content: MaybePromise<EventContent>, step: number, wallTime: number): void {
    this.#open().add(whenThere(content, (there) => ({ wallTime, step, ...there })));
  }

  /** Writes files of their own, as soon as they are there. */
  writeFiles(files: MaybePromise<readonly RunFile[]>): void {
    this.#throwFailure();
    const { sink } = this.#options;
    const written = whenThere(files, (there) => {
      const waiting = there.map(([path, bytes]) => sink.write(`${this.logDir}/${path}`, bytes));
      return waiting.some((each) => each !== undefined) ? Promise.all(waiting).then(() => {}) : undefined;
    });
    if (written) this.#track(written);
  }

  /** What is at a path below the run's directory, as far as the sink can tell. */
  kindOf(path: string): "directory" | "file" | undefined {
    return this.#options.sink.kindOf?.(`${this.logDir}/${path}`);
  }

  /** The run in a directory that is this one's with `ending`, kept until `close` or `closeChild`. */
  child(ending: string): Run {
    let child = this.#children.get(ending);
    if (!child) {
      child = new Run(this.logDir + ending, this.#options);
      this.#children.set(ending, child);
    }
    return child;
  }

  /** Closes a child before its time; `flush` and `close` wait for it. */
  closeChild(ending: string): void {
    const child = this.#children.get(ending);
    this.#children.delete(ending);
    if (child) this.#track(child.close());
  }

  /** Writes all that was added. */
  async flush(): Promise<void> {
    this.#throwFailure();
    await this.#settle([this.#file?.flush(), ...Array.from(this.#children.values(), (child) => child.flush())]);
  }

  /** Writes all that was added and closes the files. */
  async close(): Promise<void> {
    const closing = [this.#file?.close(), ...Array.from(this.#children.values(), (child) => child.close())];
    this.#file = undefined;
    this.#children.clear();
    await this.#settle(closing);
  }

  #open(): EventFile {
    this.#throwFailure();
    this.#file ??= openEventFile(this.logDir, this.#options);
    return this.#file;
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#working.delete(tracked);
      });
    this.#working.add(tracked);
  }

  /** Waits for all, whatever becomes of one of them. */
  async #settle(work: readonly (Promise<void> | undefined)[]): Promise<void> {
    const results = await Promise.allSettled([...work, ...this.#working]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    this.#throwFailure();
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }
}
