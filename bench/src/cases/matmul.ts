import type { Case, Prepare, TimedFamily } from "../family.ts";
import { force } from "../ours/force.ts";
import { multiplyAddFlops, multiplyAddLoop } from "../yardsticks/multiply-add.ts";

interface Operands {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly batch?: number;
  /** a lies in memory as [k, m], b as [n, k]. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const plain = (m: number, k = m, n = m): Operands => ({ m, k, n });

function shapes({ m, k, n, batch, transposeA, transposeB }: Operands): [number[], number[]] {
  const front = batch === undefined ? [] : [batch];
  return [
    [...front, ...(transposeA ? [k, m] : [m, k])],
    [...front, ...(transposeB ? [n, k] : [k, n])],
  ];
}

const anneal =
  (operands: Operands): Prepare =>
  async () => {
    const { randn, scope } = await import("@anneal/tensor");
    const [shapeA, shapeB] = shapes(operands);
    const a = randn(shapeA);
    const b = randn(shapeB);
    force(a, b);
    const { transposeA, transposeB } = operands;
    return () => scope(() => force((transposeA ? a.T : a).matmul(transposeB ? b.T : b)));
  };

const tfjs =
  (operands: Operands): Prepare =>
  async () => {
    const tf = await import("@tensorflow/tfjs-core");
    const [shapeA, shapeB] = shapes(operands);
    const a = tf.randomNormal(shapeA);
    const b = tf.randomNormal(shapeB);
    const { transposeA = false, transposeB = false } = operands;
    return () => tf.matMul(a, b, transposeA, transposeB).dispose();
  };

const jax =
  (operands: Operands): Prepare =>
  async () => {
    const { blockUntilReady, numpy: np, random } = await import("@jax-js/jax");
    const [shapeA, shapeB] = shapes(operands);
    const a = random.normal(random.key(1), shapeA);
    const b = random.normal(random.key(2), shapeB);
    await blockUntilReady([a, b]);
    const { transposeA, transposeB } = operands;
    return async () => {
      const c = np.matmul(transposeA ? a.ref.transpose() : a.ref, transposeB ? b.ref.transpose() : b.ref);
      await c.blockUntilReady();
      c.dispose();
    };
  };

const matmulCase = (id: string, operands: Operands): Case => ({
  id,
  flops: 2 * (operands.batch ?? 1) * operands.m * operands.k * operands.n,
  anneal: anneal(operands),
  tfjs: tfjs(operands),
  jax: jax(operands),
  torch: true,
});

/** Products of matrices: sizes that fit every tile, sizes that fit none, and operands that lie the other way in memory. */
export const matmulFamily: TimedFamily = {
  kind: "timed",
  name: "matmul",
  title: "Matrix products (float32)",
  cases: [
    { id: "multiply-add loop", flops: multiplyAddFlops, yardstick: multiplyAddLoop },
    matmulCase("matmul 128", plain(128)),
    matmulCase("matmul 512", plain(512)),
    matmulCase("matmul 1024", plain(1024)),
    matmulCase("matmul 512x512x510", plain(512, 512, 510)),
    matmulCase("matmul 511", plain(511)),
    matmulCase("matmul 512, a transposed", { ...plain(512), transposeA: true }),
    matmulCase("matmul 512, b transposed", { ...plain(512), transposeB: true }),
    matmulCase("matmul 512, both transposed", { ...plain(512), transposeA: true, transposeB: true }),
    matmulCase("64 matmuls 64, batched", { ...plain(64), batch: 64 }),
  ],
};
