import { setImmediate as eventLoop } from "node:timers/promises";
import { DataLoader } from "@anneal/data";
import { type Epoch, openLog, Progress, predict, shareOfEqual, type TrainingOptions } from "@anneal/examples-shared";
import { CrossEntropyLoss, evaluate } from "@anneal/nn";
import { Adam } from "@anneal/optim";
import { CosineAnnealingLR } from "@anneal/schedulers";
import { manualSeed } from "@anneal/tensor";
import type { Images } from "./images.ts";
import { ResNet } from "./resnet.ts";

/** Asks a model that is being trained for its guesses about the test images. */
export type Validate = (model: ResNet, guess: () => Promise<number[]>) => Promise<number[]>;

export interface Trained {
  readonly model: ResNet;
  readonly history: readonly Epoch[];
  /** About the test images, after the last epoch. */
  readonly guesses: readonly number[];
}

/** In eval mode and without gradients; afterwards every mode is what it was. */
const validation: Validate = (model, guess) => evaluate(model, guess);

/** Train a new network. The same seed leads to the same one. */
export async function train(
  { trainSet, testSet, testLabels }: Images,
  { epochs, batchSize, lr, seed, logdir }: TrainingOptions,
  validate: Validate = validation,
): Promise<Trained> {
  manualSeed(seed);
  const trainLoader = new DataLoader(trainSet, { batchSize, shuffle: true, seed });
  const testLoader = new DataLoader(testSet, { batchSize: 250 });
  const model = new ResNet();
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { lr });
  const scheduler = new CosineAnnealingLR(optimizer, { tMax: epochs });

  const progress = new Progress(epochs);
  const history: Epoch[] = [];
  let guesses: number[] = [];
  const log = await openLog(logdir, {
    model,
    images: testSet.batch(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7))[0],
    layers: ["layer1", "layer2", "layer3"],
    kernels: "conv",
    hparams: { lr, batchSize, seed },
  });
  model.train(); // once: a validation by evaluate leaves no trace
  for (let epoch = 1; epoch <= epochs; epoch++) {
    progress.start(epoch, trainLoader.length, scheduler.getLastLr());
    for (const [images, labels] of trainLoader) {
      const scores = model.forward(images);
      const loss = criterion.forward(scores, labels);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      const correct = scores.argmax(1).eq(labels).sum();
      const mean = await loss.item();
      progress.step(mean, await correct.item(), labels.numel);
      log?.batch(mean);
      await eventLoop(); // so that Ctrl-C gets its turn
    }
    const learned = progress.learned();
    guesses = await validate(model, () => predict(model, testLoader));
    const tested = progress.tested(learned, shareOfEqual(guesses, testLabels));
    history.push(tested);
    await log?.epoch(tested);
    scheduler.step();
  }
  progress.close();
  await log?.close(history.at(-1));
  return { model, history, guesses };
}
