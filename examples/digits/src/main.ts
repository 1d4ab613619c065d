// Trains a small convolutional network on handwritten digits: `npm start`. All it can do: `npm start -- --help`.
import { setImmediate as eventLoop } from "node:timers/promises";
import { DataLoader } from "@anneal/data";
import { type Epoch, openLog, Progress, predict, runExample, shareOfEqual } from "@anneal/examples-shared";
import { CrossEntropyLoss, evaluate } from "@anneal/nn";
import { Adam } from "@anneal/optim";
import { CosineAnnealingLR } from "@anneal/schedulers";
import { defaultGenerator, manualSeed, setDefaultDevice, wasm } from "@anneal/tensor";
import { openCheckpoints } from "./checkpoints.ts";
import { DigitsNet } from "./digits-net.ts";
import { loadImages } from "./images.ts";
import { help, type Options, readOptions } from "./options.ts";
import { report } from "./report.ts";

async function train(options: Options): Promise<void> {
  const { epochs, batchSize, lr, seed, threads, mnist, logdir } = options;
  setDefaultDevice(await wasm({ ...(threads && { threads }) }));
  manualSeed(seed);

  const { trainSet, testSet, size, classes, about } = await loadImages(mnist);
  const trainLoader = new DataLoader(trainSet, { batchSize, shuffle: true, seed });
  const testLoader = new DataLoader(testSet, { batchSize: 256 });
  const labels = await testSet.tensors[1].data();

  const model = new DigitsNet(size, classes);
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(model.parameters(), { lr });
  const scheduler = new CosineAnnealingLR(optimizer, { tMax: epochs });
  console.log(`${about}\n\n${model}\n`);

  const parts = { model, optimizer, scheduler, loader: trainLoader, generator: defaultGenerator() };
  const checkpoints = await openCheckpoints(options, parts);
  const history: Epoch[] = [...checkpoints.begin.history];
  let { guesses } = checkpoints.begin;
  const log = await openLog(logdir, {
    model,
    images: testSet.batch(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7))[0],
    layers: ["conv1", "conv2"],
    kernels: "conv1",
    hparams: { lr, batchSize, seed },
    begin: history.length * trainLoader.length,
  });

  const progress = new Progress(epochs);
  for (let epoch = history.length + 1; epoch <= epochs; epoch++) {
    progress.start(epoch, trainLoader.length, scheduler.getLastLr());
    model.train();
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
    guesses = await evaluate(model, () => predict(model, testLoader)); // no dropout, no gradients; then as before
    const tested = progress.tested(learned, shareOfEqual(guesses, labels));
    history.push(tested);
    await log?.epoch(tested);
    scheduler.step();
    await checkpoints.save({ history, guesses });
  }
  await checkpoints.close();
  await log?.close(history.at(-1));
  progress.close();
  console.log(report({ history, seed, labels, guesses, size, pixels: await testSet.tensors[0].data() }));
}

await runExample({ readOptions, help }, train);
