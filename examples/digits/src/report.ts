import { classTable, type Epoch, percent, shareOfEqual, table } from "@anneal/examples-shared";
import { drawGuesses } from "./drawing.ts";

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
