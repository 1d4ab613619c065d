import {
  folder,
  helpText,
  readFlags,
  type TrainingOptions,
  toggle,
  trainingFlags,
  trainingOptions,
  UsageError,
} from "@anneal/examples-shared";

/** What the command line asks for. */
export interface Options extends TrainingOptions {
  /** A folder of IDX files, instead of the digits that come with `@anneal/data`. */
  readonly mnist?: string;
  /** Where the training is saved after each epoch. */
  readonly checkpoint?: string;
  /** Go on from what is saved there. */
  readonly resume?: true;
}

const defaults: TrainingOptions = { epochs: 15, batchSize: 64, lr: 2e-3, seed: 0 };
const mnistEpochs = 5;

const flags = {
  ...trainingFlags(defaults, {
    random: "weights, order and dropout",
    epochs: `${defaults.epochs}; ${mnistEpochs} with --mnist`,
  }),
  mnist: folder(
    "MNIST, or anything else in its IDX files (gzipped or not), instead\nof the 1,797 digits of 8x8 pixels that come with @anneal/data",
    "the folder that holds the IDX files",
  ),
  checkpoint: folder("save the training there after each epoch", "the folder to save the training in"),
  resume: toggle(
    "go on from the last epoch saved in the --checkpoint folder, to the\nsame numbers as if it had never stopped",
  ),
};

export const help = helpText(
  "Trains a small convolutional network on handwritten digits and shows what it learned.",
  "npm start -- [options]",
  flags,
);

/**
 * Read the command line.
 *
 * @returns null if it asks for help
 * @throws {UsageError} that says what is wrong and how to mend it
 */
export function readOptions(args: string[]): Options | null {
  const given = readFlags(args, flags);
  if (!given) return null;
  const { mnist, checkpoint, resume } = given;
  if (resume && checkpoint === undefined) {
    throw new UsageError("--resume goes on from a folder of checkpoints. Say which: --checkpoint DIR --resume.");
  }
  return {
    ...trainingOptions(given, mnist === undefined ? defaults : { ...defaults, epochs: mnistEpochs }),
    ...(mnist !== undefined && { mnist }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(resume && { resume }),
  };
}
