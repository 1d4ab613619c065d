import { describe, expect, it } from "vitest";
import { help, readOptions } from "./options.ts";

describe("the command line", () => {
  it("has defaults, with fewer epochs to show the bug", () => {
    expect(readOptions(["--data", "d"])).toEqual({
      data: "d",
      epochs: 15,
      batchSize: 100,
      lr: 0.002,
      seed: 0,
      demonstrateModeBug: false,
    });
    expect(readOptions(["--data", "d", "--demonstrate-mode-bug"])).toMatchObject({
      epochs: 5,
      demonstrateModeBug: true,
    });
    expect(readOptions(["--data", "d", "--demonstrate-mode-bug", "--epochs", "2"])).toMatchObject({ epochs: 2 });
  });

  it("is read", () => {
    const args = ["--epochs=3", "--data", "a b", "--batch-size", "32", "--lr=1e-3", "--seed", "7", "--threads=2"];
    expect(readOptions(args)).toEqual({
      data: "a b",
      epochs: 3,
      batchSize: 32,
      lr: 0.001,
      seed: 7,
      threads: 2,
      demonstrateModeBug: false,
    });
  });

  it("is listed by --help", () => {
    expect(readOptions(["--help"])).toBeNull();
    expect(help).toMatchInlineSnapshot(`
      "Trains a residual network on CIFAR-10 and shows what it learned.

        npm run cifar10-resnet -- --data DIR [options]

        --data DIR               CIFAR-10's binary version: the folder of data_batch_1.bin and its kin,
                                 and of test_batch.bin
        --epochs N               rounds over the training images (15; 5 with --demonstrate-mode-bug)
        --batch-size N           images in a step (100)
        --lr X                   learning rate at the start; falls to 0 along a cosine (0.002)
        --seed N                 where weights, order, shifts and flips come from (0)
        --threads N              threads that compute (as many as the machine has, at most 8)
        --logdir DIR             log the training there, for npx @anneal/board DIR and TensorBoard:
                                 curves, weights, feature maps, kernels, the graph
        --demonstrate-mode-bug   train twice, the second time with a validation that leaves the model
                                 in eval mode, and compare
        --help                   this list"
    `);
  });

  it("says where to get the images, in one line", () => {
    expect(() => readOptions([])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: --data DIR is missing: get cifar-10-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it with tar -xzf, and give the folder it unpacks to: --data cifar-10-batches-bin]`,
    );
    expect(() => readOptions(["--data"])).toThrowErrorMatchingInlineSnapshot(
      `[UsageError: --data has no value. Give it the folder that holds CIFAR-10's .bin files.]`,
    );
  });
});
