import type { Array as JaxArray } from "@jax-js/jax";
import type { Rank, Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Prepare, TimedFamily } from "../family.ts";
import { trainWithAnneal } from "../training/anneal.ts";
import { trainWithJax } from "../training/jax.ts";
import { trainWithTfjs } from "../training/tfjs.ts";

const BATCH = 64;
const SIDE = 28;

const anneal: Prepare = async () => {
  const { Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } = await import("@anneal/nn");
  const model = new Sequential(
    new Conv2d(1, 6, 5, { padding: 2 }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(6, 16, 5),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(400, 120),
    new ReLU(),
    new Linear(120, 84),
    new ReLU(),
    new Linear(84, 10),
  );
  return trainWithAnneal(model, [BATCH, 1, SIDE, SIDE]);
};

/** Channels-last, as tfjs's kernels want it. */
const tfjs: Prepare = async () => {
  const tf = await import("@tensorflow/tfjs-core");
  const kernel1 = tf.variable(tf.randomNormal<Rank.R4>([5, 5, 1, 6], 0, 0.1));
  const kernel2 = tf.variable(tf.randomNormal<Rank.R4>([5, 5, 6, 16], 0, 0.1));
  const dense = [
    [400, 120],
    [120, 84],
    [84, 10],
  ].map((shape) => tf.variable(tf.randomNormal<Rank.R2>(shape as [number, number], 0, 0.05)));
  const biases = [6, 16, 120, 84, 10].map((size) => tf.variable(tf.zeros<Rank.R1>([size])));
  const bias = (i: number) => biases[i] as (typeof biases)[number];
  return trainWithTfjs([kernel1, kernel2, ...dense, ...biases], [BATCH, SIDE, SIDE, 1], (images) => {
    const stage1 = tf.relu(tf.add(tf.conv2d(images as Tensor4D, kernel1, 1, "same"), bias(0)));
    const stage2 = tf.relu(
      tf.add(tf.conv2d(tf.maxPool(stage1 as Tensor4D, 2, 2, "valid"), kernel2, 1, "valid"), bias(1)),
    );
    const flat = tf.reshape(tf.maxPool(stage2 as Tensor4D, 2, 2, "valid"), [BATCH, 400]);
    return dense.reduce((x, weight, i) => {
      const y = tf.add<Tensor2D>(tf.matMul(x, weight), bias(2 + i));
      return i < 2 ? tf.relu(y) : y;
    }, flat as Tensor2D);
  });
};

const jax =
  (compiled: boolean): Prepare =>
  async () => {
    const { lax, nn, numpy: np, random } = await import("@jax-js/jax");
    const shapes: Readonly<Record<string, number[]>> = {
      kernel1: [6, 1, 5, 5],
      kernel2: [16, 6, 5, 5],
      dense1: [400, 120],
      dense2: [120, 84],
      dense3: [84, 10],
    };
    const weights = Object.fromEntries([
      ...Object.entries(shapes).map(
        ([name, shape], i) => [name, random.normal(random.key(i), shape).mul(0.05)] as const,
      ),
      ...[6, 16].map((size, i) => [`kernelBias${i + 1}`, np.zeros([size, 1, 1])] as const),
      ...[120, 84, 10].map((size, i) => [`denseBias${i + 1}`, np.zeros([size])] as const),
    ]);
    // reduceWindow has no gradient there; a fold into 2x2 blocks and a maximum over them has.
    const pool = (x: JaxArray): JaxArray => {
      const [n = 0, c = 0, h = 0, w = 0] = x.shape;
      return np.max(np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), 5), 3);
    };
    return trainWithJax(
      weights,
      [BATCH, 1, SIDE, SIDE],
      (weights, images) => {
        const take = (name: string): JaxArray => weights[name] as JaxArray;
        const convolve = (x: JaxArray, i: 1 | 2, padding: "SAME" | "VALID"): JaxArray =>
          pool(nn.relu(lax.conv(x, take(`kernel${i}`), [1, 1], padding).add(take(`kernelBias${i}`))));
        const dense = (x: JaxArray, i: 1 | 2 | 3): JaxArray =>
          np.matmul(x, take(`dense${i}`)).add(take(`denseBias${i}`));
        const flat = convolve(convolve(images, 1, "SAME"), 2, "VALID").reshape([BATCH, 400]);
        return dense(nn.relu(dense(nn.relu(dense(flat, 1)), 2)), 3);
      },
      compiled,
    );
  };

/** A training step of a small convolutional network: LeNet-5 with ReLU and maximum pooling. */
export const cnnFamily: TimedFamily = {
  kind: "timed",
  name: "cnn",
  title: "Training step: LeNet-like CNN on 64 images of 28x28, Adam",
  cases: [{ id: "CNN step", anneal, tfjs, jax: jax(false), jaxJit: jax(true), torch: true }],
};
