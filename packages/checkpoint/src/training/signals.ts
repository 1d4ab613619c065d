/** What ends a process from outside: SIGTERM by schedulers and containers, SIGINT by Ctrl-C. */
export type Signal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGUSR1" | "SIGUSR2" | "SIGBREAK";

/** Does a process here get signals? */
export const hasSignals = (): boolean => typeof process === "object" && typeof process.kill === "function";

/** Waits for signals, so that they do not end the process at once; the first one gives them back. */
export class SignalWatch {
  readonly #signals: readonly Signal[];
  #received: Signal | undefined;
  readonly #note = (signal: NodeJS.Signals): void => {
    this.#received = signal as Signal;
    this.close();
  };

  constructor(signals: readonly Signal[]) {
    this.#signals = signals;
    for (const signal of signals) process.on(signal, this.#note);
  }

  /** Is there any that it waits for? */
  get isWatching(): boolean {
    return this.#signals.length > 0;
  }

  /** The one that came, if one did. */
  get received(): Signal | undefined {
    return this.#received;
  }

  /** Wait no more: from now on they do what they do elsewhere. */
  close(): void {
    for (const signal of this.#signals) process.off(signal, this.#note);
  }
}

/** Let the event loop turn once: writes go on, and signals arrive. */
export const eventLoopTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
