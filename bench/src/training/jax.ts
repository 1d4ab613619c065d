import type { Array as JaxArray } from "@jax-js/jax";
import type { Run } from "../family.ts";
import { labelsOf } from "./batch.ts";

/** Weights by name. A type, not an interface: jax-js takes apart only those. */
export type JaxWeights = { [name: string]: JaxArray };

type TrainingState = {
  weights: JaxWeights;
  expAvg: JaxWeights;
  expAvgSq: JaxWeights;
  /** beta1 and beta2 to the power of the step: arrays, because under jit plain numbers would stay those of the first step. */
  powers: { beta1: JaxArray; beta2: JaxArray };
};

/** One training step with Adam written out, since jax-js has no optimizers of its own. */
export async function trainWithJax(
  weights: JaxWeights,
  images: readonly number[],
  /** Takes its arguments over. */
  forward: (weights: JaxWeights, images: JaxArray) => JaxArray,
  compiled: boolean,
): Promise<Run> {
  const { blockUntilReady, jit, nn, numpy: np, random, tree, valueAndGrad } = await import("@jax-js/jax");
  const inputs = random.normal(random.key(9), [...images]);
  const labels = nn.oneHot(np.array(labelsOf(images[0] ?? 0)), 10);
  const zeros = (): JaxWeights =>
    Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, np.zeros(weight.shape)]));
  let state: TrainingState = {
    weights,
    expAvg: zeros(),
    expAvgSq: zeros(),
    powers: { beta1: np.array(1), beta2: np.array(1) },
  };
  await blockUntilReady([inputs, labels, state]);

  const lossOf = (weights: JaxWeights, images: JaxArray, labels: JaxArray): JaxArray =>
    nn
      .logSoftmax(forward(weights, images), -1)
      .mul(labels)
      .sum()
      .mul(-1 / (images.shape[0] ?? 1));

  const eager = (
    state: TrainingState,
    images: JaxArray,
    labels: JaxArray,
  ): { state: TrainingState; loss: JaxArray } => {
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(state.weights), images, labels);
    const next = adam(np, state, gradients as JaxWeights);
    return { state: next, loss };
  };
  const step = compiled ? jit(eager) : eager;

  return async () => {
    const result = step(state, inputs.ref, labels.ref);
    state = result.state;
    await result.loss.data();
    await blockUntilReady(state);
  };
}

/** Adam with PyTorch's defaults; takes `state` and `gradients` over. */
function adam(np: typeof import("@jax-js/jax").numpy, state: TrainingState, gradients: JaxWeights): TrainingState {
  const beta1 = state.powers.beta1.mul(0.9);
  const beta2 = state.powers.beta2.mul(0.999);
  const next: TrainingState = { weights: {}, expAvg: {}, expAvgSq: {}, powers: { beta1, beta2 } };
  for (const [name, weight] of Object.entries(state.weights)) {
    const gradient = gradients[name] as JaxArray;
    const expAvg = (state.expAvg[name] as JaxArray).mul(0.9).add(gradient.ref.mul(0.1));
    const expAvgSq = (state.expAvgSq[name] as JaxArray).mul(0.999).add(np.square(gradient).mul(0.001));
    const mHat = expAvg.ref.div(np.subtract(1, beta1.ref));
    const vHat = expAvgSq.ref.div(np.subtract(1, beta2.ref));
    next.weights[name] = weight.sub(mHat.div(np.sqrt(vHat).add(1e-8)).mul(1e-3));
    next.expAvg[name] = expAvg;
    next.expAvgSq[name] = expAvgSq;
  }
  return next;
}
