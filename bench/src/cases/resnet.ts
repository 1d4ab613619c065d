import type { Prepare, TimedFamily } from "../family.ts";
import { trainWithAnneal } from "../training/anneal.ts";

const anneal: Prepare = async () => {
  const { ResNet } = await import("@anneal/example-cifar10-resnet/resnet");
  return trainWithAnneal(new ResNet(), [100, 3, 32, 32]);
};

/**
 * A training step of a network that people really train: the one of `examples/cifar10-resnet`. tfjs wasm cannot train convolutions,
 * and jax-js took half a second for the small network of `cnn.ts`: they are left out.
 */
export const resnetFamily: TimedFamily = {
  kind: "timed",
  name: "resnet",
  title: "Training step: ResNet of 16-32-64 channels on 100 images of 3x32x32, Adam",
  cases: [{ id: "ResNet step", anneal, torch: true }],
};
