import type { WriteStream } from "node:tty";
import type { Epoch } from "./epoch.ts";
import { percent } from "./percent.ts";

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearLine = "\r\x1b[K";

/** Redrawing is for eyes: more often than this, in ms, is lost on them. */
const frame = 60;

/** What a process that a signal ended says to the one that started it. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 };

type Learned = Omit<Epoch, "testAccuracy" | "seconds">;

/**
 * Follows a training. On a terminal a bar that moves, elsewhere (a file, a pipe, CI) a line for each epoch. However the process ends, by
 * Ctrl-C or by an error, the terminal is left as it was.
 *
 * @param epochs - how many there will be
 */
export class Progress {
  readonly #out: WriteStream;
  readonly #epochs: number;
  #epoch = 0;
  #batches = 0;
  #lr = 0;
  #done = 0;
  #images = 0;
  #loss = 0;
  #correct = 0;
  #started = 0;
  #drawn = 0;
  #drawing = false;
  readonly #atExit = (): void => this.close();
  readonly #atSignal = new Map(
    Object.entries(exitCodes).map(([signal, code]) => [signal, (): void => this.#stop(code)] as const),
  );

  constructor(epochs: number, out: WriteStream = process.stdout) {
    this.#epochs = epochs;
    this.#out = out;
    // Nobody reads on, as `head` does not after its lines.
    out.once("error", () => process.exit());
    process.once("exit", this.#atExit);
    for (const [signal, stop] of this.#atSignal) process.once(signal, stop);
  }

  /** An epoch begins. */
  start(epoch: number, batches: number, [lr = Number.NaN]: readonly number[]): void {
    this.#epoch = epoch;
    this.#batches = batches;
    this.#lr = lr;
    this.#done = this.#images = this.#loss = this.#correct = this.#drawn = 0;
    this.#started = performance.now();
    if (this.#out.isTTY && !this.#drawing) {
      this.#drawing = true;
      this.#out.write(hideCursor);
    }
  }

  /** A batch was learned from: its mean loss, and how many of its images were recognised. */
  step(loss: number, correct: number, images: number): void {
    this.#done += 1;
    this.#loss += loss;
    this.#correct += correct;
    this.#images += images;
    if (!this.#drawing || performance.now() - this.#drawn < frame) return;
    this.#drawn = performance.now();
    this.#out.write(clearLine + this.#bar());
  }

  /** What the batches since the start came to. */
  learned(): Learned {
    return {
      epoch: this.#epoch,
      loss: this.#loss / this.#done,
      accuracy: this.#correct / this.#images,
      lr: this.#lr,
      imagesPerSecond: this.#images / ((performance.now() - this.#started) / 1000),
    };
  }

  /** The epoch is over: leave a line about it. */
  tested(learned: Learned, testAccuracy: number): Epoch {
    const seconds = (performance.now() - this.#started) / 1000;
    const { loss, accuracy, lr } = learned;
    const parts = [
      this.#head(),
      `loss ${loss.toFixed(4)}`,
      `accuracy ${percent(accuracy).padStart(7)}`,
      `test ${percent(testAccuracy).padStart(7)}`,
      `lr ${lr.toFixed(5)}`,
      `${seconds.toFixed(1)} s`.padStart(6),
    ];
    this.#out.write(`${this.#drawing ? clearLine : ""}${parts.join("  ")}\n`);
    return { ...learned, testAccuracy, seconds };
  }

  /** Give the terminal and the signals back as they were. Harmless the second time. */
  close(): void {
    process.off("exit", this.#atExit);
    for (const [signal, stop] of this.#atSignal) process.off(signal, stop);
    if (!this.#drawing) return;
    this.#drawing = false;
    this.#out.write(clearLine + showCursor);
  }

  #stop(code: number): void {
    this.close();
    if (this.#epoch > 0) this.#out.write(`stopped in epoch ${this.#epoch} of ${this.#epochs}\n`);
    process.exit(code);
  }

  #head(): string {
    return `epoch ${String(this.#epoch).padStart(String(this.#epochs).length)}/${this.#epochs}`;
  }

  #bar(): string {
    const [before, after] = [`${this.#head()} `, ` ${figures(this.learned())}`];
    const columns = this.#out.columns || 80;
    // One column stays free: a full line would wrap, and could not be drawn over.
    const width = Math.min(30, columns - 1 - before.length - after.length);
    const filled = Math.round((width * this.#done) / this.#batches);
    const bar = width < 4 ? "" : "█".repeat(filled) + "░".repeat(width - filled);
    return (before + bar + after).slice(0, columns - 1);
  }
}

function figures({ loss, accuracy, lr, imagesPerSecond }: Learned): string {
  const speed = Math.round(imagesPerSecond).toLocaleString("en").padStart(6);
  return `loss ${loss.toFixed(4)}  accuracy ${percent(accuracy).padStart(7)}  lr ${lr.toFixed(5)}  ${speed} images/s`;
}
