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
  /** The folder of CIFAR-10's binary files. */
  readonly data: string;
  /** Train twice, once with a validation that leaves the model in eval mode. */
  readonly demonstrateModeBug: boolean;
}

const defaults: TrainingOptions = { epochs: 15, batchSize: 100, lr: 2e-3, seed: 0 };
const demonstrationEpochs = 5;

const flags = {
  data: folder(
    "CIFAR-10's binary version: the folder of data_batch_1.bin and its kin,\nand of test_batch.bin",
    "the folder that holds CIFAR-10's .bin files",
  ),
  ...trainingFlags(defaults, {
    random: "weights, order, shifts and flips",
    epochs: `${defaults.epochs}; ${demonstrationEpochs} with --demonstrate-mode-bug`,
  }),
  "demonstrate-mode-bug": toggle(
    "train twice, the second time with a validation that leaves the model\nin eval mode, and compare",
  ),
};

export const help = helpText(
  "Trains a residual network on CIFAR-10 and shows what it learned.",
  "npm run cifar10-resnet -- --data DIR [options]",
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
  const { data, "demonstrate-mode-bug": demonstrateModeBug = false } = given;
  if (data === undefined) {
    throw new UsageError(
      "--data DIR is missing: get cifar-10-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, " +
        "unpack it with tar -xzf, and give the folder it unpacks to: --data cifar-10-batches-bin",
    );
  }
  const epochs = demonstrateModeBug ? demonstrationEpochs : defaults.epochs;
  return { ...trainingOptions(given, { ...defaults, epochs }), data, demonstrateModeBug };
}
