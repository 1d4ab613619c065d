// Trains a residual network on CIFAR-10: `npm run cifar10-resnet -- --data DIR`. All it can do: `npm run cifar10-resnet -- --help`.
import { runExample } from "@anneal/examples-shared";
import { setDefaultDevice, wasm } from "@anneal/tensor";
import { loadImages } from "./images.ts";
import { demonstrateModeBug } from "./mode-bug.ts";
import { help, type Options, readOptions } from "./options.ts";
import { report } from "./report.ts";
import { train } from "./training.ts";

await runExample<Options>(
  { readOptions, help },
  async ({ data, threads, demonstrateModeBug: demonstrate, ...options }) => {
    setDefaultDevice(await wasm({ ...(threads && { threads }) }));
    const images = await loadImages(data);
    console.log(`${images.about}\n`);
    if (demonstrate) return demonstrateModeBug(images, options);
    const { history, guesses } = await train(images, options);
    console.log(report({ history, labels: images.testLabels, guesses }));
  },
);
