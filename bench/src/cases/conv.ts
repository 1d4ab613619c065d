import type { Array as JaxArray } from "@jax-js/jax";
import type { Case, Prepare, TimedFamily } from "../family.ts";
import { force } from "../ours/force.ts";
import { registerTfjsGradients } from "../setup/tfjs.ts";

/** A 3x3 convolution of stride 1 and padding 1. */
interface Sizes {
  readonly n: number;
  readonly cIn: number;
  readonly cOut: number;
  /** Height and width. */
  readonly side: number;
}

const annealForward =
  ({ n, cIn, cOut, side }: Sizes): Prepare =>
  async () => {
    const { conv2d, randn, scope } = await import("@anneal/tensor");
    const x = randn([n, cIn, side, side]);
    const w = randn([cOut, cIn, 3, 3]);
    force(x, w);
    return () => scope(() => force(conv2d(x, w, { padding: 1 })));
  };

const annealBoth =
  ({ n, cIn, cOut, side }: Sizes): Prepare =>
  async () => {
    const { conv2d, randn, scope } = await import("@anneal/tensor");
    const x = randn([n, cIn, side, side], { requiresGrad: true });
    const w = randn([cOut, cIn, 3, 3], { requiresGrad: true });
    const upstream = randn([n, cOut, side, side]);
    force(x, w, upstream);
    return () =>
      scope(() => {
        const y = conv2d(x, w, { padding: 1 });
        y.backward(upstream);
        for (const leaf of [x, w]) {
          if (!leaf.grad) throw new Error("conv2d: a gradient is missing.");
          force(leaf.grad);
          leaf.grad = null;
        }
      });
  };

/** tfjs keeps images channels-last, which is what its kernels are written for. */
const tfjsForward =
  ({ n, cIn, cOut, side }: Sizes): Prepare =>
  async () => {
    const tf = await import("@tensorflow/tfjs-core");
    const x = tf.randomNormal<import("@tensorflow/tfjs-core").Rank.R4>([n, side, side, cIn]);
    const w = tf.randomNormal<import("@tensorflow/tfjs-core").Rank.R4>([3, 3, cIn, cOut]);
    return () => tf.conv2d(x, w, 1, "same").dispose();
  };

const tfjsBoth =
  ({ n, cIn, cOut, side }: Sizes): Prepare =>
  async () => {
    const tf = await import("@tensorflow/tfjs-core");
    await registerTfjsGradients();
    type Tensor4D = import("@tensorflow/tfjs-core").Tensor4D;
    const x = tf.randomNormal([n, side, side, cIn]);
    const w = tf.randomNormal([3, 3, cIn, cOut]);
    const upstream = tf.randomNormal([n, side, side, cOut]);
    const gradients = tf.grads((x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, "same"));
    return () => {
      tf.tidy(() => void gradients([x, w], upstream));
    };
  };

const jaxForward =
  ({ n, cIn, cOut, side }: Sizes, compiled: boolean): Prepare =>
  async () => {
    const { blockUntilReady, jit, lax, random } = await import("@jax-js/jax");
    const x = random.normal(random.key(1), [n, cIn, side, side]);
    const w = random.normal(random.key(2), [cOut, cIn, 3, 3]);
    await blockUntilReady([x, w]);
    const eager = (x: JaxArray, w: JaxArray): JaxArray => lax.conv(x, w, [1, 1], "SAME");
    const run = compiled ? jit(eager) : eager;
    return async () => {
      const y = run(x.ref, w.ref);
      await y.blockUntilReady();
      y.dispose();
    };
  };

const jaxBoth =
  ({ n, cIn, cOut, side }: Sizes, compiled: boolean): Prepare =>
  async () => {
    const { blockUntilReady, jit, lax, random, vjp } = await import("@jax-js/jax");
    const x = random.normal(random.key(1), [n, cIn, side, side]);
    const w = random.normal(random.key(2), [cOut, cIn, 3, 3]);
    const upstream = random.normal(random.key(3), [n, cOut, side, side]);
    await blockUntilReady([x, w, upstream]);
    const conv = (x: JaxArray, w: JaxArray): JaxArray => lax.conv(x, w, [1, 1], "SAME");
    const eager = (x: JaxArray, w: JaxArray, upstream: JaxArray): JaxArray[] => {
      const [y, pullBack] = vjp(conv, [x, w]);
      const gradients = pullBack(upstream) as JaxArray[];
      pullBack.dispose();
      return [y, ...gradients];
    };
    const run = compiled ? jit(eager) : eager;
    return async () => {
      const results = run(x.ref, w.ref, upstream.ref);
      await blockUntilReady(results);
      for (const result of results) result.dispose();
    };
  };

function convCases(name: string, sizes: Sizes): Case[] {
  const flops = 2 * sizes.n * sizes.cIn * sizes.cOut * 9 * sizes.side ** 2;
  return [
    {
      id: `conv 3x3 ${name}, forward`,
      flops,
      anneal: annealForward(sizes),
      tfjs: tfjsForward(sizes),
      jax: jaxForward(sizes, false),
      jaxJit: jaxForward(sizes, true),
      torch: true,
    },
    {
      id: `conv 3x3 ${name}, forward and both gradients`,
      flops: 3 * flops,
      anneal: annealBoth(sizes),
      tfjs: tfjsBoth(sizes),
      jax: jaxBoth(sizes, false),
      jaxJit: jaxBoth(sizes, true),
      torch: true,
    },
  ];
}

/** The 3x3 convolutions of a small ResNet, with their gradients for input and weight. */
export const convFamily: TimedFamily = {
  kind: "timed",
  name: "conv",
  title: "Convolutions (float32)",
  cases: [
    ...convCases("16->32 on 8x16x32x32", { n: 8, cIn: 16, cOut: 32, side: 32 }),
    ...convCases("64->64 on 32x64x16x16", { n: 32, cIn: 64, cOut: 64, side: 16 }),
  ],
};
