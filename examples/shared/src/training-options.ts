import { type Flag, folder, type Given, positiveNumber, wholeNumber } from "./command-line.ts";

/** What the command line of a training says. */
export interface TrainingOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly seed: number;
  /** As many as the machine has where it is not given. */
  readonly threads?: number;
  /** Where the training is logged. */
  readonly logdir?: string;
}

type TrainingFlags = Readonly<Record<"epochs" | "batch-size" | "lr" | "seed" | "threads", Flag<number>>> & {
  readonly logdir: Flag<string>;
};

/**
 * The options that every training has.
 *
 * @param random - what comes from the seed: "weights, order and dropout"
 * @param epochs - how many by default, where it depends
 */
export function trainingFlags(
  defaults: TrainingOptions,
  { random, epochs = String(defaults.epochs) }: { readonly random: string; readonly epochs?: string },
): TrainingFlags {
  const { batchSize, lr, seed } = defaults;
  return {
    epochs: wholeNumber(`rounds over the training images (${epochs})`, { least: 1 }),
    "batch-size": wholeNumber(`images in a step (${batchSize})`, { least: 1 }),
    lr: positiveNumber(`learning rate at the start; falls to 0 along a cosine (${lr})`, lr),
    seed: wholeNumber(`where ${random} come from (${seed})`, { least: 0, wanted: "a whole number from 0 to 2^53 - 1" }),
    threads: wholeNumber("threads that compute (as many as the machine has, at most 8)", { least: 1, most: 64 }),
    logdir: folder(
      "log the training there, for npx @anneal/board DIR and TensorBoard:\ncurves, weights, feature maps, kernels, the graph",
      "the folder to log the training in",
    ),
  };
}

export function trainingOptions(given: Given<TrainingFlags>, defaults: TrainingOptions): TrainingOptions {
  const { "batch-size": batchSize = defaults.batchSize, threads = defaults.threads } = given;
  const { epochs = defaults.epochs, lr = defaults.lr, seed = defaults.seed, logdir } = given;
  return {
    ...{ epochs, batchSize, lr, seed },
    ...(threads !== undefined && { threads }),
    ...(logdir !== undefined && { logdir }),
  };
}
