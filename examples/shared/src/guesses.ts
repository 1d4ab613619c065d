import { setImmediate as eventLoop } from "node:timers/promises";
import type { DataLoader } from "@anneal/data";
import type { Tensor } from "@anneal/tensor";
import { percent } from "./percent.ts";
import { table } from "./table.ts";

/** The class that the model gives each image. */
export async function predict(
  model: { forward(images: Tensor): Tensor },
  loader: DataLoader<readonly [images: Tensor, labels: Tensor]>,
): Promise<number[]> {
  const guesses: number[] = [];
  for (const [images] of loader) {
    guesses.push(...Array.from(await model.forward(images).argmax(1).data(), Number));
    await eventLoop(); // so that Ctrl-C gets its turn
  }
  return guesses;
}

/** The share of the images, 0 to 1, that were taken for what they are. */
export function shareOfEqual(guesses: readonly number[], labels: ArrayLike<number | bigint>): number {
  return guesses.filter((guess, i) => guess === Number(labels[i])).length / guesses.length;
}

/**
 * How well each class is recognised, and up to three classes it is taken for, the most frequent first.
 *
 * @param names - of the classes
 */
export function classTable(
  truth: readonly number[],
  guesses: readonly number[],
  names: (label: number) => string = String,
): string {
  const classes = [...new Set(truth)].sort((a, b) => a - b);
  const rows = classes.map((each) => {
    const times = new Map<number, number>();
    truth.forEach((label, i) => {
      const guess = guesses[i] ?? -1;
      if (label === each) times.set(guess, (times.get(guess) ?? 0) + 1);
    });
    const shown = truth.filter((label) => label === each).length;
    const right = times.get(each) ?? 0;
    times.delete(each);
    const others = [...times]
      .sort(([a, timesA], [b, timesB]) => timesB - timesA || a - b)
      .map(([guess]) => names(guess));
    return [names(each), String(shown), String(right), percent(right / shown), others.slice(0, 3).join(" ")];
  });
  return table(["class", "images", "right", "accuracy", "taken for"], rows);
}
