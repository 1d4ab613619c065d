import { describe, expect, it } from "vitest";
import { help, readOptions } from "./options.ts";

describe("the command line", () => {
  it("has defaults, with other epochs for MNIST", () => {
    expect(readOptions([])).toEqual({ epochs: 15, batchSize: 64, lr: 0.002, seed: 0 });
    expect(readOptions(["--mnist", "data"])).toEqual({ epochs: 5, batchSize: 64, lr: 0.002, seed: 0, mnist: "data" });
  });

  it("is read, with or without equals signs", () => {
    const args = ["--epochs", "3", "--batch-size=32", "--lr", "1e-3", "--seed=7", "--threads", "2", "--mnist=a b"];
    expect(readOptions(args)).toEqual({ epochs: 3, batchSize: 32, lr: 0.001, seed: 7, threads: 2, mnist: "a b" });
  });

  it("names the folder of checkpoints, which --resume needs", () => {
    expect(readOptions(["--checkpoint", "runs/1", "--resume"])).toMatchObject({ checkpoint: "runs/1", resume: true });
    expect(() => readOptions(["--resume"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: --resume goes on from a folder of checkpoints. Say which: --checkpoint DIR --resume.]`,
    );
  });

  it("is listed by --help", () => {
    expect(readOptions(["--epochs", "3", "--help"])).toBeNull();
    expect(help).toMatchInlineSnapshot(`
      "Trains a small convolutional network on handwritten digits and shows what it learned.

        npm start -- [options]

        --epochs N         rounds over the training images (15; 5 with --mnist)
        --batch-size N     images in a step (64)
        --lr X             learning rate at the start; falls to 0 along a cosine (0.002)
        --seed N           where weights, order and dropout come from (0)
        --threads N        threads that compute (as many as the machine has, at most 8)
        --logdir DIR       log the training there, for npx @anneal/board DIR and TensorBoard:
                           curves, weights, feature maps, kernels, the graph
        --mnist DIR        MNIST, or anything else in its IDX files (gzipped or not), instead
                           of the 1,797 digits of 8x8 pixels that come with @anneal/data
        --checkpoint DIR   save the training there after each epoch
        --resume           go on from the last epoch saved in the --checkpoint folder, to the
                           same numbers as if it had never stopped
        --help             this list"
    `);
  });

  it("says what is wrong and how to mend it", () => {
    const wrong = [
      ["--epochs", "0"],
      ["--epochs=2.5"],
      ["--epochs"],
      ["--epochs", "--lr"],
      ["--batch-size", "many"],
      ["--lr", "-1"],
      ["--lr", "NaN"],
      ["--seed", "1e99"],
      ["--threads", "0"],
      ["--mnist"],
      ["--epoch", "3"],
      ["-e", "3"],
      ["--momentum", "0.9"],
      ["3"],
      ["--seed", "1", "--seed", "2"],
    ];
    const said = wrong.map((args) => {
      try {
        return readOptions(args);
      } catch (error) {
        return `${args.join(" ")}: ${String(error)}`;
      }
    });
    expect(said).toMatchInlineSnapshot(`
      [
        "--epochs 0: UsageError: --epochs is "0". Give it a whole number from 1 on.",
        "--epochs=2.5: UsageError: --epochs is "2.5". Give it a whole number from 1 on.",
        "--epochs: UsageError: --epochs has no value. Give it a whole number from 1 on.",
        "--epochs --lr: UsageError: --epochs is "--lr". Give it a whole number from 1 on.",
        "--batch-size many: UsageError: --batch-size is "many". Give it a whole number from 1 on.",
        "--lr -1: UsageError: --lr is "-1". Give it a number above 0, such as 0.002.",
        "--lr NaN: UsageError: --lr is "NaN". Give it a number above 0, such as 0.002.",
        "--seed 1e99: UsageError: --seed is "1e99". Give it a whole number from 0 to 2^53 - 1.",
        "--threads 0: UsageError: --threads is "0". Give it a whole number from 1 to 64.",
        "--mnist: UsageError: --mnist has no value. Give it the folder that holds the IDX files.",
        "--epoch 3: UsageError: There is no option --epoch. Did you mean --epochs? --help lists what there is.",
        "-e 3: UsageError: There is no option -e. Did you mean --epochs? --help lists what there is.",
        "--momentum 0.9: UsageError: There is no option --momentum. --help lists what there is.",
        "3: UsageError: "3" belongs to no option. Give options as --name value; --help lists them.",
        "--seed 1 --seed 2: UsageError: --seed is there twice. Give it once.",
      ]
    `);
  });
});
