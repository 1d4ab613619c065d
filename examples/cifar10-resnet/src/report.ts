import { cifar10Classes } from "@anneal/data";
import { chart, classTable, type Epoch, percent, shareOfEqual } from "@anneal/examples-shared";

export interface Results {
  readonly history: readonly Epoch[];
  /** What the test images show, and what they were taken for. */
  readonly labels: Uint8Array;
  readonly guesses: readonly number[];
}

/** All there is to say when the training is over. */
export function report({ history, labels, guesses }: Results): string {
  const share = shareOfEqual(guesses, labels);
  const loss = { name: "mean of the epoch", mark: "●", values: history.map(({ loss }) => loss) };
  const accuracy = { name: "training images", mark: "●", values: history.map(({ accuracy }) => accuracy) };
  const test = { name: "test images", mark: "○", values: history.map(({ testAccuracy }) => testAccuracy) };
  const seconds = history.reduce((sum, each) => sum + each.seconds, 0);
  return [
    "",
    chart("loss", [loss], { format: (value) => value.toFixed(2) }),
    "",
    chart("accuracy", [accuracy, test], { format: percent }),
    "",
    classTable([...labels], guesses, (label) => cifar10Classes[label] ?? String(label)),
    "",
    `test accuracy ${percent(share)}, ${Math.round(share * guesses.length)} of ${guesses.length}, after ${seconds.toFixed(0)} s`,
  ].join("\n");
}
