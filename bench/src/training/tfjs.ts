import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Run } from "../family.ts";
import { registerTfjsGradients } from "../setup/tfjs.ts";
import { labelsOf } from "./batch.ts";

/** One training step with tfjs's own Adam; its arguments are the model's weights and its formula. */
export async function trainWithTfjs(
  weights: readonly Variable[],
  images: readonly number[],
  forward: (images: Tensor) => Tensor,
): Promise<Run> {
  const tf = await import("@tensorflow/tfjs-core");
  await registerTfjsGradients();
  const inputs = tf.randomNormal([...images]);
  const labels = tf.oneHot(tf.tensor1d(labelsOf(images[0] ?? 0), "int32"), 10);
  const optimizer = tf.train.adam(1e-3);
  return async () => {
    const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, forward(inputs)), true, [...weights]);
    await loss?.data();
    loss?.dispose();
  };
}
