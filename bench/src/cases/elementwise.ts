import type { Tensor } from "@anneal/tensor";
import type { Array as JaxArray } from "@jax-js/jax";
import type { Tensor as TfjsTensor } from "@tensorflow/tfjs-core";
import type { Case, Prepare, TimedFamily } from "../family.ts";
import { force } from "../ours/force.ts";
import { copyLoop } from "../yardsticks/copy.ts";

type Tfjs = typeof import("@tensorflow/tfjs-core");
type Jax = typeof import("@jax-js/jax");

/** One function of one tensor, in each library's words. */
interface Unary {
  readonly anneal: (x: Tensor) => Tensor;
  readonly tfjs: (tf: Tfjs, x: TfjsTensor) => TfjsTensor;
  /** Takes `x` over, as everything in jax-js does. */
  readonly jax: (jax: Jax, x: JaxArray) => JaxArray;
}

const chain: Unary = {
  anneal: (x) => x.mul(1.5).add(0.25).relu().mul(x).sub(0.5),
  tfjs: (tf, x) => tf.sub(tf.mul(tf.relu(tf.add(tf.mul(x, 1.5), 0.25)), x), 0.5),
  jax: (jax, x) => jax.nn.relu(x.ref.mul(1.5).add(0.25)).mul(x).sub(0.5),
};

const tanhGelu: Unary = {
  anneal: (x) =>
    x
      .mul(x)
      .mul(0.044715)
      .add(1)
      .mul(x)
      .mul(Math.sqrt(2 / Math.PI))
      .tanh()
      .add(1)
      .mul(x)
      .mul(0.5),
  tfjs: (tf, x) => {
    const inner = tf.mul(tf.mul(tf.add(tf.mul(tf.mul(x, x), 0.044715), 1), x), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(tf.add(tf.tanh(inner), 1), x), 0.5);
  },
  jax: ({ numpy: np }, x) => {
    const inner = x.ref
      .mul(x.ref)
      .mul(0.044715)
      .add(1)
      .mul(x.ref)
      .mul(Math.sqrt(2 / Math.PI));
    return np.tanh(inner).add(1).mul(x).mul(0.5);
  },
};

const sum = (dim?: number): Unary => ({
  anneal: (x) => (dim === undefined ? x.sum() : x.sum(dim)),
  tfjs: (tf, x) => tf.sum(x, dim),
  jax: (_, x) => (dim === undefined ? x.sum() : x.sum(dim)),
});

const anneal =
  (shape: readonly number[], { anneal: apply }: Unary): Prepare =>
  async () => {
    const { randn, scope } = await import("@anneal/tensor");
    const x = randn(shape);
    force(x);
    return () => scope(() => force(apply(x)));
  };

const tfjs =
  (shape: readonly number[], { tfjs: apply }: Unary): Prepare =>
  async () => {
    const tf = await import("@tensorflow/tfjs-core");
    const x = tf.randomNormal([...shape]);
    return () => {
      tf.tidy(() => void apply(tf, x));
    };
  };

const jax =
  (shape: readonly number[], { jax: apply }: Unary, compiled: boolean): Prepare =>
  async () => {
    const jax = await import("@jax-js/jax");
    const x = jax.random.normal(jax.random.key(1), [...shape]);
    await x.blockUntilReady();
    const eager = (x: JaxArray): JaxArray => apply(jax, x);
    const run = compiled ? jax.jit(eager) : eager;
    return async () => {
      const y = run(x.ref);
      await y.blockUntilReady();
      y.dispose();
    };
  };

const unaryCase = (id: string, shape: readonly number[], unary: Unary): Case => ({
  id,
  anneal: anneal(shape, unary),
  tfjs: tfjs(shape, unary),
  jax: jax(shape, unary, false),
  jaxJit: jax(shape, unary, true),
  torch: true,
});

/** What is bound by memory: five and eleven operations in a row, and sums over everything, over rows and over columns. */
export const elementwiseFamily: TimedFamily = {
  kind: "timed",
  name: "elementwise",
  title: "Elementwise chains and reductions (float32)",
  cases: [
    ...[1, 10].flatMap((millions): Case[] => [
      { id: `copy of ${millions} M`, yardstick: () => copyLoop(millions * 1e6) },
      unaryCase(`chain of five ops, ${millions} M`, [millions * 1e6], chain),
      unaryCase(`gelu (tanh) written out, ${millions} M`, [millions * 1e6], tanhGelu),
      unaryCase(`sum, ${millions} M`, [millions * 1e6], sum()),
      unaryCase(`sum over dim 0, ${millions} M`, [millions * 1e3, 1e3], sum(0)),
      unaryCase(`sum over dim 1, ${millions} M`, [millions * 1e3, 1e3], sum(1)),
    ]),
  ],
};
