import { drawGuesses } from "./drawing.ts";
import { table } from "./table.ts";

/** What a round over the training images came to. */
export interface Epoch {
  readonly epoch: number;
  /** Mean of the batches. */
  readonly loss: number;
  /** Share of the training images that were recognised while it learned, 0 to 1. */
  readonly accuracy: number;
  /** Share of the test images that are recognised after it, 0 to 1. */
  readonly testAccuracy: number;
  readonly lr: number;
  readonly imagesPerSecond: number;
}

export interface Results {
  readonly history: readonly Epoch[];
  readonly seed: number;
  /** What the test images show, and what they were taken for. */
  readonly labels: ArrayLike<number | bigint>;
  readonly guesses: readonly number[];
  readonly size: readonly [height: number, width: number];
  /** Of the test images, 0 (paper) to 1 (ink). */
  readonly pixels: ArrayLike<number | bigint>;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The share of the images, 0 to 1, that were taken for what they are. */
export function shareOfEqual(guesses: readonly number[], labels: ArrayLike<number | bigint>): number {
  return guesses.filter((guess, i) => guess === Number(labels[i])).length / guesses.length;
}

/** All there is to say when the training is over. */
export function report({ history, seed, labels, guesses, size, pixels }: Results): string {
  const truth = Array.from(labels, Number);
  const share = shareOfEqual(guesses, labels);
  return [
    "",
    epochTable(history),
    "",
    `test accuracy ${percent(share)}, ${Math.round(share * guesses.length)} of ${guesses.length}`,
    `final loss ${history.at(-1)?.loss}, to the last digit the same each time with seed ${seed}`,
    "",
    classTable(truth, guesses),
    "",
    drawSome(truth, guesses, size, pixels),
  ].join("\n");
}

function epochTable(history: readonly Epoch[]): string {
  return table(
    ["epoch", "loss", "accuracy", "test", "learning rate", "images/s"],
    history.map(({ epoch, loss, accuracy, testAccuracy, lr, imagesPerSecond }) => [
      String(epoch),
      loss.toFixed(4),
      percent(accuracy),
      percent(testAccuracy),
      lr.toFixed(6),
      Math.round(imagesPerSecond).toLocaleString("en"),
    ]),
  );
}

function classTable(truth: readonly number[], guesses: readonly number[]): string {
  const classes = [...new Set(truth)].sort((a, b) => a - b);
  const rows = classes.map((each) => {
    const shown = truth.flatMap((label, i) => (label === each ? [guesses[i] ?? -1] : []));
    const right = shown.filter((guess) => guess === each).length;
    const others = [...new Set(shown)].filter((guess) => guess !== each).sort((a, b) => a - b);
    return [String(each), String(shown.length), String(right), percent(right / shown.length), others.join(" ")];
  });
  return table(["class", "images", "right", "accuracy", "taken for"], rows);
}

/** Mistakes are worth seeing; they come first, and leave half of the room to what went well. */
function drawSome(
  truth: readonly number[],
  guesses: readonly number[],
  size: readonly [height: number, width: number],
  pixels: ArrayLike<number | bigint>,
): string {
  const columns = process.stdout.columns || 80;
  const [height, width] = size;
  const room = Math.max(1, Math.floor((columns + 3) / ((width <= 16 ? 2 * width : width) + 3)));
  const all = guesses.map((guess, i) => ({ i, guess, label: truth[i] ?? -1 }));
  const wrong = all.filter(({ guess, label }) => guess !== label).slice(0, Math.floor(room / 2));
  const right = all.filter(({ guess, label }) => guess === label).slice(0, room - wrong.length);
  return drawGuesses(
    [...wrong, ...right].map(({ i, guess, label }) => ({
      guess,
      label,
      size,
      pixels: Array.from({ length: height * width }, (_, p) => Number(pixels[i * height * width + p])),
    })),
    columns,
  );
}
