import type { Prepare, TimedFamily } from "../family.ts";
import { setUp } from "../setup/set-up.ts";

const SIZE = 64;

/** On the default device, as a user's first lines would. */
const anneal: Prepare = async () => async () => {
  const { randn } = await import("@anneal/tensor");
  await randn([SIZE, SIZE])
    .matmul(randn([SIZE, SIZE]))
    .data();
};

const tfjs: Prepare = async (id) => async () => {
  await setUp(id);
  const tf = await import("@tensorflow/tfjs-core");
  await tf.matMul(tf.randomNormal([SIZE, SIZE]), tf.randomNormal([SIZE, SIZE])).data();
};

const jax: Prepare = async (id) => async () => {
  await setUp(id);
  const { numpy: np, random } = await import("@jax-js/jax");
  await np.matmul(random.normal(random.key(1), [SIZE, SIZE]), random.normal(random.key(2), [SIZE, SIZE])).data();
};

/** From the import to the numbers of a first 64x64 product, each time in a new process. */
export const coldStartFamily: TimedFamily = {
  kind: "timed",
  name: "cold",
  title: "Cold start: from import to the first 64x64 matrix product",
  fresh: true,
  cases: [{ id: "cold start", anneal, tfjs, jax, torch: true }],
};
