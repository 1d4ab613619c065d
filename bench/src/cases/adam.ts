import type { Array as JaxArray } from "@jax-js/jax";
import type { Case, Prepare, TimedFamily } from "../family.ts";
import { force } from "../ours/force.ts";
import { copyLoop } from "../yardsticks/copy.ts";

const NUMBERS = 10e6;

/**
 * Adam reads the parameter, its gradient and two moments, and writes back all but the gradient: 28 bytes for each parameter, which a
 * copy of 3.5 numbers moves too.
 */
const COPIED = (NUMBERS * 7) / 2;

const anneal =
  (tensors: number): Prepare =>
  async () => {
    const size = NUMBERS / tensors;
    const { randn, scope } = await import("@anneal/tensor");
    const { Adam } = await import("@anneal/optim");
    const { Parameter } = await import("@anneal/nn");
    const params = Array.from({ length: tensors }, () => new Parameter(randn([size])));
    for (const param of params) param.grad = randn([size]);
    force(...params, ...params.flatMap((param) => param.grad ?? []));
    const optimizer = new Adam(params, { lr: 1e-3 });
    return () =>
      scope(() => {
        optimizer.step();
        force(...params);
      });
  };

/** Without tensors: one loop of JavaScript over a typed array. */
const array: Prepare = async () => {
  const { Adam, arrayParameter } = await import("@anneal/optim");
  const param = arrayParameter(Float32Array.from({ length: NUMBERS }, () => Math.random() - 0.5));
  param.grad = Float32Array.from({ length: NUMBERS }, () => Math.random() - 0.5);
  const optimizer = new Adam([param], { lr: 1e-3 });
  return () => optimizer.step();
};

const tfjs =
  (tensors: number): Prepare =>
  async () => {
    const size = NUMBERS / tensors;
    const tf = await import("@tensorflow/tfjs-core");
    const names = Array.from({ length: tensors }, (_, i) => `weight${i}of${tensors}`);
    for (const name of names) tf.variable(tf.randomNormal([size]), true, name);
    const gradients = names.map((name) => ({ name, tensor: tf.randomNormal([size]) }));
    const optimizer = tf.train.adam(1e-3);
    return () => optimizer.applyGradients(gradients);
  };

const jax =
  (tensors: number, compiled: boolean): Prepare =>
  async () => {
    const size = NUMBERS / tensors;
    const { blockUntilReady, jit, numpy: np, random } = await import("@jax-js/jax");
    type State = [weight: JaxArray, expAvg: JaxArray, expAvgSq: JaxArray];
    const eager = (state: State, gradient: JaxArray, correction1: JaxArray, correction2: JaxArray): State => {
      const expAvg = state[1].mul(0.9).add(gradient.ref.mul(0.1));
      const expAvgSq = state[2].mul(0.999).add(np.square(gradient).mul(0.001));
      const denominator = np.sqrt(expAvgSq.ref.div(correction2)).add(1e-8);
      return [state[0].sub(expAvg.ref.div(correction1).div(denominator).mul(1e-3)), expAvg, expAvgSq];
    };
    const update = compiled ? jit(eager) : eager;
    const gradients = Array.from({ length: tensors }, (_, i) => random.normal(random.key(i), [size]));
    const states = gradients.map((_, i): State => {
      return [random.normal(random.key(tensors + i), [size]), np.zeros([size]), np.zeros([size])];
    });
    await blockUntilReady([gradients, states]);
    let step = 0;
    return async () => {
      step++;
      for (let i = 0; i < tensors; i++) {
        const corrections = [1 - 0.9 ** step, 1 - 0.999 ** step].map((correction) => np.array(correction));
        states[i] = update(
          states[i] as State,
          (gradients[i] as JaxArray).ref,
          corrections[0] as JaxArray,
          corrections[1] as JaxArray,
        );
        await blockUntilReady(states[i] as State);
      }
    };
  };

/** The update of ten million parameters: bound by memory when it is one pass. */
export const adamFamily: TimedFamily = {
  kind: "timed",
  name: "adam",
  title: "One Adam step over 10 M parameters",
  cases: [
    { id: "copy of the bytes of one pass", yardstick: () => copyLoop(COPIED) },
    { id: "Adam, 10 M in 1 Float32Array", anneal: array },
    ...[1, 10].flatMap((tensors): Case[] => {
      const id = `Adam, 10 M in ${tensors} tensor${tensors > 1 ? "s" : ""}`;
      return [
        {
          id,
          anneal: anneal(tensors),
          tfjs: tfjs(tensors),
          jax: jax(tensors, false),
          jaxJit: jax(tensors, true),
          torch: true,
        },
        // PyTorch's fused Adam is one pass too, and not its default on the CPU.
        { id: `${id} (PyTorch: fused=True)`, anneal: anneal(tensors), torch: true },
      ];
    }),
  ],
};
