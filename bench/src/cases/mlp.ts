import type { Rank, Tensor2D } from "@tensorflow/tfjs-core";
import type { Prepare, TimedFamily } from "../family.ts";
import { trainWithAnneal } from "../training/anneal.ts";
import { trainWithJax } from "../training/jax.ts";
import { trainWithTfjs } from "../training/tfjs.ts";

const BATCH = 128;
const [INPUTS, HIDDEN, CLASSES] = [784, 256, 10];
const images = [BATCH, INPUTS];

const anneal: Prepare = async () => {
  const { Linear, ReLU, Sequential } = await import("@anneal/nn");
  return trainWithAnneal(new Sequential(new Linear(INPUTS, HIDDEN), new ReLU(), new Linear(HIDDEN, CLASSES)), images);
};

const tfjs: Prepare = async () => {
  const tf = await import("@tensorflow/tfjs-core");
  const w1 = tf.variable(tf.randomNormal<Rank.R2>([INPUTS, HIDDEN], 0, 0.05));
  const b1 = tf.variable(tf.zeros([HIDDEN]));
  const w2 = tf.variable(tf.randomNormal<Rank.R2>([HIDDEN, CLASSES], 0, 0.05));
  const b2 = tf.variable(tf.zeros([CLASSES]));
  return trainWithTfjs([w1, b1, w2, b2], images, (x) => {
    const hidden = tf.relu(tf.add(tf.matMul(x as Tensor2D, w1), b1));
    return tf.add(tf.matMul(hidden as Tensor2D, w2), b2);
  });
};

const jax =
  (compiled: boolean): Prepare =>
  async () => {
    const { nn, numpy: np, random } = await import("@jax-js/jax");
    const weights = {
      w1: random.normal(random.key(1), [INPUTS, HIDDEN]).mul(0.05),
      b1: np.zeros([HIDDEN]),
      w2: random.normal(random.key(2), [HIDDEN, CLASSES]).mul(0.05),
      b2: np.zeros([CLASSES]),
    };
    return trainWithJax(
      weights,
      images,
      ({ w1, b1, w2, b2 }, x) => {
        if (!w1 || !b1 || !w2 || !b2) throw new Error("mlp: a weight is missing.");
        return np.matmul(nn.relu(np.matmul(x, w1).add(b1)), w2).add(b2);
      },
      compiled,
    );
  };

/** A training step of the smallest network that people train. */
export const mlpFamily: TimedFamily = {
  kind: "timed",
  name: "mlp",
  title: "Training step: MLP 784-256-10, batch 128, Adam",
  cases: [
    {
      id: "MLP step",
      // Forward, and two products of the same size for each layer going back, less the first layer's input gradient.
      flops: 2 * BATCH * (2 * INPUTS * HIDDEN + 3 * HIDDEN * CLASSES),
      anneal,
      tfjs,
      jax: jax(false),
      jaxJit: jax(true),
      torch: true,
    },
  ],
};
